"""Which attributes feed which columns: the OpenTelemetry GenAI conventions, current names before older ones."""

from __future__ import annotations

from collections.abc import Mapping

TEXT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "UserId": ("user.id", "enduser.id"),
    "ConversationId": ("gen_ai.conversation.id", "session.id"),
    "Operation": ("gen_ai.operation.name",),
    "AgentName": ("gen_ai.agent.name",),
    "AgentId": ("gen_ai.agent.id",),
    "AgentVersion": ("gen_ai.agent.version",),
    "Provider": ("gen_ai.provider.name", "gen_ai.system"),
    "RequestModel": ("gen_ai.request.model",),
    "ResponseModel": ("gen_ai.response.model",),
    "ToolName": ("gen_ai.tool.name",),
    "ToolCallId": ("gen_ai.tool.call.id",),
    "ErrorType": ("error.type",),
    "EvaluationName": ("gen_ai.evaluation.name",),
    "EvaluationLabel": ("gen_ai.evaluation.score.label",),
}
"""Copies: the attributes stay in the map."""

TOKEN_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "InputTokens": ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    "OutputTokens": ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    "CacheReadTokens": ("gen_ai.usage.cache_read.input_tokens",),
    "CacheCreationTokens": ("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"),
    "ReasoningTokens": ("gen_ai.usage.reasoning.output_tokens",),
}
"""Copies, as whole numbers."""

CONTENT_COLUMNS: Mapping[str, str] = {
    "SystemInstructions": "gen_ai.system_instructions",
    "InputMessages": "gen_ai.input.messages",
    "OutputMessages": "gen_ai.output.messages",
    "ToolDefinitions": "gen_ai.tool.definitions",
    "ToolArguments": "gen_ai.tool.call.arguments",
    "ToolResult": "gen_ai.tool.call.result",
}
"""Moved out of the map; `FullSpanAttributes` gives the map with them back."""

FINISH_REASONS = "gen_ai.response.finish_reasons"
EVALUATION_SCORE = "gen_ai.evaluation.score.value"
EVALUATION_EVENT = "gen_ai.evaluation.result"
"""A span event that carries the evaluation attributes, where the span itself does not."""

FROM_RESOURCE = frozenset({"UserId", "ConversationId", "AgentName", "AgentId", "AgentVersion"})
"""Columns that a resource may fill for all of its spans: some agents are one process for one user."""
