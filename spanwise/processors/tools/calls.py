"""What the detectors of tool calls share: arguments that can be compared, and the form of their signals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spanwise.processors import Origin, Signal, ToolCall, Trace, signal

QUOTED = 500
"""Characters of an argument, a result or an error that are kept as evidence; the span has the rest."""


def arguments(call: ToolCall) -> Mapping[str, Any]:
    """By name; arguments that are no JSON object are one argument called `input`."""
    try:
        given = json.loads(call.arguments)
    except (ValueError, RecursionError):
        return {"input": call.arguments}
    return given if isinstance(given, dict) else {"input": given}


def identity(call: ToolCall) -> tuple[str, str]:
    """Tool and arguments in one spelling: two calls with the same identity asked for the same thing.

    Some clients export no arguments: such a call is like no other.
    """
    if not call.arguments.strip():
        return call.name, call.call_id or call.span_id
    return call.name, json.dumps(arguments(call), sort_keys=True, ensure_ascii=False)


def outcome(call: ToolCall) -> str:
    return call.error or call.result


def call_signal(
    kind: str,
    trace: Trace,
    call: ToolCall,
    *,
    quote: str,
    confidence: float,
    version: str,
    said_by: Origin = Origin.TOOL,
    details: Mapping[str, str],
) -> Signal:
    """A signal about `call`, one for each call however often the trace is read. Adds the detail `tool`."""
    return signal(
        kind,
        trace,
        quote=quote[:QUOTED],
        said_by=said_by,
        span_id=call.span_id,
        at=call.start,
        confidence=confidence,
        detector=kind,
        version=version,
        details={"tool": call.name, **details},
        occurrence=call.call_id or call.span_id,
    )
