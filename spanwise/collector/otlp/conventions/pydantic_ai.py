"""pydantic-ai: GenAI, with the messages of a whole run on the agent's span, and other names in older versions.

`gen_ai.aggregated_usage.*` is left where it is: it sums up the model calls below, and a sum over all spans would count
them twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import AGENT, MODEL, TOOL, Source
from spanwise.collector.otlp.messages import chat, pydantic_ai

DIALECT = "pydantic_ai"
DETAILS = "gen_ai.usage.details"
OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {}

SOURCES = (
    Source("AgentName", DIALECT, "agent_name"),
    Source("RequestModel", DIALECT, "model_name", when=AGENT),
    Source("CacheReadTokens", DIALECT, f"{DETAILS}.cache_read_tokens"),
    Source("CacheCreationTokens", DIALECT, f"{DETAILS}.cache_write_tokens"),
    Source("ReasoningTokens", DIALECT, f"{DETAILS}.reasoning_tokens"),
    Source("SystemInstructions", DIALECT, "all_messages_events", shape=pydantic_ai.run_instructions),
    Source("InputMessages", DIALECT, "pydantic_ai.all_messages", shape=pydantic_ai.run_input),
    Source("InputMessages", DIALECT, "all_messages_events", shape=pydantic_ai.run_input),
    Source("InputMessages", DIALECT, "events", when=MODEL, shape=pydantic_ai.run_input),
    Source("OutputMessages", DIALECT, "pydantic_ai.all_messages", shape=pydantic_ai.run_output),
    Source("OutputMessages", DIALECT, "all_messages_events", shape=pydantic_ai.run_output),
    Source("OutputMessages", DIALECT, "events", when=MODEL, shape=pydantic_ai.run_output),
    Source("OutputMessages", DIALECT, "final_result", when=AGENT, shape=chat.final_answer),
    Source("ToolDefinitions", DIALECT, "model_request_parameters", shape=pydantic_ai.function_tools),
    Source("ToolArguments", DIALECT, "tool_arguments", when=TOOL),
    Source("ToolResult", DIALECT, "tool_response", when=TOOL),
)
