"""Langfuse's SDKs: one input and one output, in the words of whatever is observed."""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import AGENT, MODEL, SPOKEN, TOOL, Source, texts
from spanwise.collector.otlp.messages import calls, chat, langfuse

DIALECT = "langfuse"
INPUT = "langfuse.observation.input"
OUTPUT = "langfuse.observation.output"
USAGE = "langfuse.observation.usage_details"

OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {
    "langfuse.observation.type": {
        "generation": "chat",
        "agent": "invoke_agent",
        "tool": "execute_tool",
        "retriever": "retrieval",
        "embedding": "embeddings",
        "evaluator": "evaluate",
    }
}

SOURCES = (
    *texts(
        DIALECT,
        {
            "UserId": ("langfuse.user.id",),
            "ConversationId": ("langfuse.session.id",),
            "Operation": ("langfuse.observation.type",),
            "RequestModel": ("langfuse.observation.model.name",),
        },
    ),
    *(Source(column, DIALECT, USAGE, shape=langfuse.usage(*names)) for column, names in langfuse.USAGE_NAMES.items()),
    Source("InputMessages", DIALECT, INPUT, when=MODEL, shape=chat.input_messages),
    Source("InputMessages", DIALECT, INPUT, when=AGENT, shape=calls.asked),
    Source("InputMessages", DIALECT, "langfuse.trace.input", when=SPOKEN, shape=calls.asked),
    Source("OutputMessages", DIALECT, OUTPUT, when=SPOKEN, shape=chat.final_answer),
    Source("OutputMessages", DIALECT, "langfuse.trace.output", when=SPOKEN, shape=chat.final_answer),
    Source("ToolDefinitions", DIALECT, INPUT, when=MODEL, shape=chat.definitions),
    Source("ToolArguments", DIALECT, INPUT, when=TOOL, shape=calls.arguments),
    Source("ToolResult", DIALECT, OUTPUT, when=TOOL, shape=calls.result),
)
