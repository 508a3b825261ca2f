"""OpenInference (Arize Phoenix), which instruments LangChain, the OpenAI Agents SDK, LlamaIndex, smolagents and others.

https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import AGENT, MODEL, TOOL, Place, Source, texts
from spanwise.collector.otlp.messages import calls, chat, indexed, langchain

DIALECT = "openinference"
INPUT_MESSAGES = "llm.input_messages."
OUTPUT_MESSAGES = "llm.output_messages."

OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {
    "openinference.span.kind": {
        "LLM": "chat",
        "TOOL": "execute_tool",
        "AGENT": "invoke_agent",
        "RETRIEVER": "retrieval",
        "EMBEDDING": "embeddings",
        "RERANKER": "rerank",
        "CHAIN": "chain",
        "GUARDRAIL": "guardrail",
        "EVALUATOR": "evaluate",
        "PROMPT": "prompt",
        "DECISION": "decide",
    }
}

SOURCES = (
    *texts(
        DIALECT,
        {
            "Operation": ("openinference.span.kind",),
            "AgentName": ("agent.name",),
            "Provider": ("llm.provider", "llm.system"),
            "RequestModel": ("llm.request.model_name", "llm.model_name", "embedding.model_name", "reranker.model_name"),
            "ResponseModel": ("llm.response.model_name",),
            "InputTokens": ("llm.token_count.prompt",),
            "OutputTokens": ("llm.token_count.completion",),
            "CacheReadTokens": (
                "llm.token_count.prompt_details.cache_read",
                "llm.token_count.prompt_details.cache_input",
            ),
            "CacheCreationTokens": ("llm.token_count.prompt_details.cache_write",),
            "ReasoningTokens": ("llm.token_count.completion_details.reasoning",),
            "FinishReason": ("llm.finish_reason",),
        },
    ),
    Source("AgentName", DIALECT, "graph.node.id", when=AGENT),
    Source("AgentName", DIALECT, "metadata", shape=langchain.agent_name),
    Source("ToolName", DIALECT, "tool.name", when=TOOL),
    Source("ToolCallId", DIALECT, "tool.id", when=TOOL),
    Source("ToolCallId", DIALECT, "tool_call.id", when=TOOL),
    Source("ToolCallId", DIALECT, "output.value", when=TOOL, shape=calls.call_id),
    # On a model's span the messages one by one are exact. On an agent's, LangChain's has only the oldest.
    Source("InputMessages", DIALECT, INPUT_MESSAGES, Place.INDEXED, when=MODEL, shape=indexed.openinference_input),
    Source("InputMessages", DIALECT, "llm.prompts.", Place.INDEXED, when=MODEL, shape=indexed.openinference_prompts),
    Source("InputMessages", DIALECT, "input.value", when=MODEL, shape=chat.input_messages),
    Source("InputMessages", DIALECT, "input.value", when=AGENT, shape=calls.asked),
    Source("InputMessages", DIALECT, INPUT_MESSAGES, Place.INDEXED, shape=indexed.openinference_input),
    Source("OutputMessages", DIALECT, OUTPUT_MESSAGES, Place.INDEXED, when=MODEL, shape=indexed.openinference_output),
    Source("OutputMessages", DIALECT, "llm.choices.", Place.INDEXED, when=MODEL, shape=indexed.openinference_choices),
    Source("OutputMessages", DIALECT, "output.value", when=MODEL, shape=chat.output_messages),
    Source("OutputMessages", DIALECT, "output.value", when=AGENT, shape=chat.final_answer),
    Source("OutputMessages", DIALECT, OUTPUT_MESSAGES, Place.INDEXED, shape=indexed.openinference_output),
    Source("ToolDefinitions", DIALECT, "llm.tools.", Place.INDEXED, shape=indexed.openinference_tools),
    Source("ToolArguments", DIALECT, "input.value", when=TOOL, shape=calls.arguments),
    Source("ToolResult", DIALECT, "output.value", when=TOOL, shape=calls.result),
)
