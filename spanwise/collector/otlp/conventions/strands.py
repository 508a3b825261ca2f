"""Strands Agents: GenAI, with a span event for every message, and for the arguments and results of tools.

With `gen_ai_latest_experimental` the messages are in `gen_ai.client.inference.operation.details` or in attributes, as
in GenAI, and only the model's message says why it ended.
"""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.conventions.source import MODEL, TOOL, UNLESS_TOOL, Place, Source
from spanwise.collector.otlp.messages import calls, chat, events

DIALECT = "strands"
OPERATION_NAMES: Mapping[str, Mapping[str, str]] = {}

SOURCES = (
    Source("SystemInstructions", DIALECT, events.SYSTEM, Place.EVENTS, when=UNLESS_TOOL, shape=events.instructions),
    *(
        Source("InputMessages", DIALECT, name, Place.EVENTS, when=UNLESS_TOOL, shape=events.input_messages)
        for name in (events.USER, events.ASSISTANT, events.TOOL)
    ),
    Source("OutputMessages", DIALECT, events.CHOICE, Place.EVENTS, when=UNLESS_TOOL, shape=events.output_messages),
    Source("ToolArguments", DIALECT, "content", Place.EVENT, event=events.TOOL, when=TOOL),
    Source("ToolResult", DIALECT, "message", Place.EVENT, event=events.CHOICE, when=TOOL, shape=calls.result),
    Source("FinishReason", DIALECT, "finish_reason", Place.EVENT, event=events.CHOICE),
    Source("FinishReason", DIALECT, "gen_ai.output.messages", when=MODEL, shape=chat.finish_reason),
)
