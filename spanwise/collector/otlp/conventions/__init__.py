"""Which attributes, events and resource attributes feed which columns: one table, a file a dialect.

`TABLE` has the rows in order of preference within a column. To teach Spanwise another dialect, add a file with its rows
and name it in `DIALECTS`. `spanwise.collector.otlp.resolve` says what the rows mean.
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions import (
    adk,
    claude_code,
    codex,
    genai,
    langfuse,
    openinference,
    pydantic_ai,
    strands,
    traceloop,
    vercel,
)
from spanwise.collector.otlp.conventions.source import Kind, Place, Source

__all__ = [
    "COLUMN_NAMES",
    "CONTENT_COLUMNS",
    "DIALECTS",
    "EVALUATION_SCORE",
    "FINISH_REASON",
    "KINDS",
    "OPERATION",
    "OPERATION_NAMES",
    "TABLE",
    "TEXT_COLUMNS",
    "TOKEN_COLUMNS",
    "Kind",
    "Place",
    "Source",
]

OPERATION = "Operation"
FINISH_REASON = "FinishReason"
EVALUATION_SCORE = "EvaluationScore"

TEXT_COLUMNS = (
    *("UserId", "ConversationId", OPERATION, "AgentName", "AgentId", "AgentVersion", "Provider", "RequestModel"),
    *("ResponseModel", "ToolName", "ToolCallId", "ErrorType", "EvaluationName", "EvaluationLabel"),
)
"""Copies: the attributes stay in the map."""

TOKEN_COLUMNS = ("InputTokens", "OutputTokens", "CacheReadTokens", "CacheCreationTokens", "ReasoningTokens")
"""Copies, as whole numbers."""

CONTENT_COLUMNS: Mapping[str, str] = {
    "SystemInstructions": "gen_ai.system_instructions",
    "InputMessages": "gen_ai.input.messages",
    "OutputMessages": "gen_ai.output.messages",
    "ToolDefinitions": "gen_ai.tool.definitions",
    "ToolArguments": "gen_ai.tool.call.arguments",
    "ToolResult": "gen_ai.tool.call.result",
}
"""Taken out of the map, with the home of each: the attribute whose text the column may hold just as it came. The order
is that of the bits of `ContentDerived`."""

COLUMN_NAMES = (*TEXT_COLUMNS, *TOKEN_COLUMNS, *CONTENT_COLUMNS, FINISH_REASON, EVALUATION_SCORE)

DIALECTS = (
    *(genai, pydantic_ai, strands, adk),  # these speak GenAI, and add to it
    *(openinference, traceloop, langfuse, vercel, claude_code, codex),
)
"""In order of preference: a client that speaks two dialects is taken at the more exact one."""

TABLE: tuple[Source, ...] = tuple(source for dialect in DIALECTS for source in dialect.SOURCES)

OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {
    key: names for dialect in DIALECTS for key, names in dialect.OPERATION_NAMES.items()
}
"""By the key of an `Operation` row: what its values are called in the GenAI conventions. Others stay as they came."""

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("chat", "generate_content", "text_completion"), Kind.MODEL),
    "execute_tool": Kind.TOOL,
    **dict.fromkeys(("invoke_agent", "create_agent", "invoke_workflow", "plan"), Kind.AGENT),
    **dict.fromkeys(("retrieval", "embeddings", "rerank"), Kind.RETRIEVAL),
}
"""By operation; any other is `Kind.OTHER`."""
