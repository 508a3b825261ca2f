"""The Vercel AI SDK, versions 4 to 6; version 7 speaks GenAI unless it is told to stay with these.

The outer span (`ai.generateText`) sums up the model calls below it, so that only theirs count for tokens.
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import MODEL, Place, Source, texts
from spanwise.collector.otlp.messages import calls, chat, vercel

DIALECT = "vercel"
SAID_BY_APPLICATIONS = ("ai.telemetry.metadata", "ai.settings.context")
"""Where the words of the application stand: until version 6, and since 7. The names below are customs."""
USER_NAMES = ("userId", "user_id", "user.id")
CONVERSATION_NAMES = ("sessionId", "session_id", "conversationId", "chatId", "threadId")
GENERATING = ("generateText", "streamText", "generateObject", "streamObject")
EMBEDDING = ("embed", "embedMany", "embed.doEmbed", "embedMany.doEmbed")

OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {
    "ai.operationId": {
        **{f"ai.{name}": "invoke_agent" for name in GENERATING},
        **{f"ai.{name}.doGenerate": "chat" for name in GENERATING},
        **{f"ai.{name}.doStream": "chat" for name in GENERATING},
        **{f"ai.{name}": "embeddings" for name in EMBEDDING},
        "ai.toolCall": "execute_tool",
        "ai.rerank": "rerank",
    }
}

SOURCES = (
    *texts(
        DIALECT,
        {
            "UserId": tuple(f"{place}.{name}" for place in SAID_BY_APPLICATIONS for name in USER_NAMES),
            "ConversationId": tuple(f"{place}.{name}" for place in SAID_BY_APPLICATIONS for name in CONVERSATION_NAMES),
            "Operation": ("ai.operationId",),
            "AgentName": ("ai.telemetry.functionId",),
            "Provider": ("ai.model.provider",),
            "RequestModel": ("ai.model.id",),
            "ResponseModel": ("ai.response.model",),
            "ToolName": ("ai.toolCall.name",),
            "ToolCallId": ("ai.toolCall.id",),
            "FinishReason": ("ai.response.finishReason",),
            "ToolArguments": ("ai.toolCall.args",),
        },
    ),
    *(
        Source(column, DIALECT, f"ai.usage.{name}", when=MODEL)
        for column, names in {
            "InputTokens": ("inputTokens", "promptTokens"),
            "OutputTokens": ("outputTokens", "completionTokens"),
            "CacheReadTokens": ("inputTokenDetails.cacheReadTokens", "cachedInputTokens"),
            "CacheCreationTokens": ("inputTokenDetails.cacheWriteTokens",),
            "ReasoningTokens": ("outputTokenDetails.reasoningTokens", "reasoningTokens"),
        }.items()
        for name in names
    ),
    Source("SystemInstructions", DIALECT, "ai.prompt", shape=vercel.prompt_instructions),
    Source("InputMessages", DIALECT, "ai.prompt.messages", shape=chat.input_messages),
    Source("InputMessages", DIALECT, "ai.prompt", shape=chat.input_messages),
    Source("OutputMessages", DIALECT, "ai.response.", Place.INDEXED, shape=vercel.response_messages),
    Source("ToolResult", DIALECT, "ai.toolCall.result", shape=calls.result),
    Source("ToolDefinitions", DIALECT, "ai.prompt.tools", shape=vercel.tool_definitions),
)
