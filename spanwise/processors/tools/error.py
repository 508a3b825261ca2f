"""`tool.error`: a tool call failed, as its span or the shape of its result says. Never guessed from wording."""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Origin, Signal, ToolCall, Trace, signal

DETECTOR = "tool.error"
VERSION = "1"
QUOTED = 500
"""Characters of an error that are kept as evidence; the span has the rest."""


def tool_errors(trace: Trace) -> Iterable[Signal]:
    """One signal for each failed call. Details: `tool`, `arguments`."""
    return [_signal(trace, call) for call in trace.tool_calls if call.error]


def _signal(trace: Trace, call: ToolCall) -> Signal:
    return signal(
        DETECTOR,
        trace,
        quote=call.error[:QUOTED],
        said_by=Origin.TOOL,
        span_id=call.span_id,
        at=call.start,
        confidence=0.95,
        detector=DETECTOR,
        version=VERSION,
        details={"tool": call.name, "arguments": call.arguments[:QUOTED]},
        occurrence=call.call_id or call.span_id,
    )
