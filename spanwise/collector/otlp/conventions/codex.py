"""Codex: the names of its events, where they come as span events.

Not checked against a client: none ran without a network.
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import Place, Source
from spanwise.collector.otlp.messages import chat

DIALECT = "codex"
PROMPT = "codex.user_prompt"
TOOL_RESULT = "codex.tool_result"
OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {}

SOURCES = (
    Source("ConversationId", DIALECT, "conversation.id"),
    Source("ConversationId", DIALECT, "conversation.id", Place.EVENT, event=PROMPT),
    Source("InputMessages", DIALECT, "prompt", Place.EVENT, event=PROMPT, shape=chat.input_messages),
    Source("ToolName", DIALECT, "tool_name", Place.EVENT, event=TOOL_RESULT),
    Source("ToolCallId", DIALECT, "call_id", Place.EVENT, event=TOOL_RESULT),
    Source("ToolArguments", DIALECT, "arguments", Place.EVENT, event=TOOL_RESULT),
    Source("ToolResult", DIALECT, "output", Place.EVENT, event=TOOL_RESULT),
)
