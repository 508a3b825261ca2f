"""`tool.error`: a tool call failed, as its span or the shape of its result says. Never guessed from wording."""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.tools.calls import QUOTED, call_signal

KIND = "tool.error"
VERSION = "1"


def tool_errors(trace: Trace) -> Iterable[Signal]:
    """One signal for each failed call. Details: `tool`, `arguments`."""
    for call in trace.tool_calls:
        if call.error:
            details = {"arguments": call.arguments[:QUOTED]}
            yield call_signal(KIND, trace, call, quote=call.error, confidence=0.95, version=VERSION, details=details)
