"""Google's Agent Development Kit: GenAI, and in its older schema Gemini's request and response, whole."""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import TOOL, UNLESS_TOOL, Source
from spanwise.collector.otlp.messages import gemini

DIALECT = "adk"
REQUEST = "gcp.vertex.agent.llm_request"
RESPONSE = "gcp.vertex.agent.llm_response"
OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {}

SOURCES = (
    Source("ConversationId", DIALECT, "gcp.vertex.agent.session_id"),
    Source("SystemInstructions", DIALECT, REQUEST, when=UNLESS_TOOL, shape=gemini.request_instructions),
    Source("InputMessages", DIALECT, REQUEST, when=UNLESS_TOOL, shape=gemini.request_messages),
    Source("OutputMessages", DIALECT, RESPONSE, when=UNLESS_TOOL, shape=gemini.response_messages),
    Source("ToolDefinitions", DIALECT, REQUEST, when=UNLESS_TOOL, shape=gemini.request_definitions),
    Source("ToolArguments", DIALECT, "gcp.vertex.agent.tool_call_args", when=TOOL),
    Source("ToolResult", DIALECT, "gcp.vertex.agent.tool_response", when=TOOL),
)
