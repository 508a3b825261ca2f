"""OpenTelemetry's GenAI semantic conventions: current names, pending renames, older names.

https://github.com/open-telemetry/semantic-conventions-genai, and the general ones for users, sessions and errors.
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import Place, Source, texts
from spanwise.collector.otlp.messages import chat, events

DIALECT = "genai"
EVALUATION = "gen_ai.evaluation.result"
PROMPT, COMPLETION = "gen_ai.content.prompt", "gen_ai.content.completion"
ABOUT_THE_PROCESS: Mapping[str, tuple[str, ...]] = {
    "UserId": ("user.id", "enduser.id"),
    "ConversationId": ("gen_ai.conversation.id", "session.id"),
    "AgentName": ("gen_ai.agent.name",),
    "AgentId": ("gen_ai.agent.id",),
    "AgentVersion": ("gen_ai.agent.version",),
}
"""What a resource may say for all of its spans as well: some agents are one process for one user."""

OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {}

SOURCES = (
    *texts(
        DIALECT,
        {
            **ABOUT_THE_PROCESS,
            "Operation": ("gen_ai.operation.name",),
            "Provider": ("gen_ai.provider.name", "gen_ai.system"),
            "RequestModel": ("gen_ai.request.model",),
            "ResponseModel": ("gen_ai.response.model",),
            "InputTokens": ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
            "OutputTokens": ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
            "CacheReadTokens": (
                "gen_ai.usage.cache_read.input_tokens",
                "gen_ai.usage.cache_read_input_tokens",
            ),
            "CacheCreationTokens": (
                "gen_ai.usage.cache_write.input_tokens",
                "gen_ai.usage.cache_creation.input_tokens",
                "gen_ai.usage.cache_write_input_tokens",
                "gen_ai.usage.cache_creation_input_tokens",
            ),
            "ReasoningTokens": ("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"),
            "ToolName": ("gen_ai.tool.name",),
            "ToolCallId": ("gen_ai.tool.call.id",),
            "ErrorType": ("error.type",),
            "FinishReason": ("gen_ai.response.finish_reasons",),
            "EvaluationName": ("gen_ai.evaluation.name",),
            "EvaluationScore": ("gen_ai.evaluation.score.value",),
            "EvaluationLabel": ("gen_ai.evaluation.score.label",),
            "ToolArguments": ("gen_ai.tool.call.arguments",),
            "ToolResult": ("gen_ai.tool.call.result",),
            "ToolDefinitions": ("gen_ai.tool.definitions",),
        },
    ),
    Source("SystemInstructions", DIALECT, "gen_ai.system_instructions", shape=chat.instructions),
    Source("InputMessages", DIALECT, "gen_ai.input.messages", shape=chat.input_messages),
    Source("OutputMessages", DIALECT, "gen_ai.output.messages", shape=chat.output_messages),
    # The same in events: the current one, and one a message as the conventions had it before.
    Source("SystemInstructions", DIALECT, events.DETAILS, Place.EVENTS, shape=events.instructions),
    Source("InputMessages", DIALECT, events.DETAILS, Place.EVENTS, shape=events.input_messages),
    Source("OutputMessages", DIALECT, events.DETAILS, Place.EVENTS, shape=events.output_messages),
    Source("ToolDefinitions", DIALECT, "gen_ai.tool.definitions", Place.EVENT, event=events.DETAILS),
    Source("InputMessages", DIALECT, "gen_ai.prompt", Place.EVENT, event=PROMPT, shape=chat.input_messages),
    Source("OutputMessages", DIALECT, "gen_ai.completion", Place.EVENT, event=COMPLETION, shape=chat.output_messages),
    Source("EvaluationName", DIALECT, "gen_ai.evaluation.name", Place.EVENT, event=EVALUATION),
    Source("EvaluationScore", DIALECT, "gen_ai.evaluation.score.value", Place.EVENT, event=EVALUATION),
    Source("EvaluationLabel", DIALECT, "gen_ai.evaluation.score.label", Place.EVENT, event=EVALUATION),
    Source("ErrorType", DIALECT, "exception.type", Place.EVENT, event="exception"),
    *(Source(column, DIALECT, key, Place.RESOURCE) for column, keys in ABOUT_THE_PROCESS.items() for key in keys),
)
