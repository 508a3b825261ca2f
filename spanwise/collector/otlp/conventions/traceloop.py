"""Traceloop's OpenLLMetry: GenAI for model calls, `gen_ai.prompt.N.*` in older versions, and decorators for the rest.

What a decorated workflow or agent was called with are any program's arguments. They are not taken for what a user said:
the model calls below say that.
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import TOOL, Place, Source, texts
from spanwise.collector.otlp.messages import calls, indexed

DIALECT = "traceloop"
PROPERTIES = "traceloop.association.properties"

OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {
    "traceloop.span.kind": {"workflow": "invoke_workflow", "agent": "invoke_agent", "tool": "execute_tool"},
    "llm.request.type": {"completion": "text_completion", "embedding": "embeddings"},
}

SOURCES = (
    *texts(
        DIALECT,
        {
            "UserId": (f"{PROPERTIES}.user_id", f"{PROPERTIES}.userId", "gen_ai.user", "llm.user"),
            "ConversationId": (
                f"{PROPERTIES}.session_id",
                f"{PROPERTIES}.sessionId",
                f"{PROPERTIES}.conversation_id",
                f"{PROPERTIES}.thread_id",
            ),
            "Operation": ("traceloop.span.kind", "llm.request.type"),
            "FinishReason": (
                "gen_ai.response.finish_reason",
                "gen_ai.response.stop_reason",
                "llm.response.finish_reason",
                "llm.response.stop_reason",
                "gen_ai.completion.0.finish_reason",
            ),
            "ReasoningTokens": ("llm.usage.reasoning_tokens",),
        },
    ),
    Source("ToolName", DIALECT, "traceloop.entity.name", when=TOOL),
    Source("InputMessages", DIALECT, "gen_ai.prompt.", Place.INDEXED, shape=indexed.traceloop_input),
    Source("OutputMessages", DIALECT, "gen_ai.completion.", Place.INDEXED, shape=indexed.traceloop_output),
    Source("ToolDefinitions", DIALECT, "llm.request.functions.", Place.INDEXED, shape=indexed.traceloop_tools),
    Source("ToolArguments", DIALECT, "traceloop.entity.input", when=TOOL, shape=calls.arguments),
    Source("ToolResult", DIALECT, "traceloop.entity.output", when=TOOL, shape=calls.result),
)
