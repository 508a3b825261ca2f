"""Claude Code's spans; its traces are in beta. It exports the arguments of its own tools only."""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import AGENT, MODEL, TOOL, Place, Source
from spanwise.collector.otlp.messages import chat, claude_code

DIALECT = "claude_code"

OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {
    "span.type": {"interaction": "invoke_agent", "llm_request": "chat", "tool": "execute_tool"}
}

SOURCES = (
    Source("UserId", DIALECT, "user.account_uuid"),
    Source("Operation", DIALECT, "span.type"),
    Source("RequestModel", DIALECT, "model", when=MODEL),
    *(
        Source(column, DIALECT, key, when=MODEL)
        for column, key in {
            "InputTokens": "input_tokens",
            "OutputTokens": "output_tokens",
            "CacheReadTokens": "cache_read_tokens",
            "CacheCreationTokens": "cache_creation_tokens",
            "FinishReason": "stop_reason",
        }.items()
    ),
    Source("ToolName", DIALECT, "tool_name", when=TOOL),
    Source("ToolCallId", DIALECT, "tool_use_id", when=TOOL),
    Source("ToolResult", DIALECT, "output", Place.EVENT, event="tool.output", when=TOOL),
    Source("InputMessages", DIALECT, "user_prompt", when=AGENT, shape=claude_code.prompt),
    Source("OutputMessages", DIALECT, "response.model_output", when=MODEL, shape=chat.final_answer),
)
