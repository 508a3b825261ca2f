"""`tool.recovered`: a failed call, then a successful one of the same tool with other arguments.

The difference is the lesson. It does not claim that the difference was the cause.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from spanwise.processors import Origin, Signal, ToolCall, Trace, signal

DETECTOR = "tool.recovered"
VERSION = "1"
QUOTED = 500


def recovered_calls(trace: Trace) -> Iterable[Signal]:
    """One signal for each mended call.

    Details: `tool`, and `changes`, a JSON object of the arguments that differ: name to [before, after], where an
    argument that was not given is null.
    """
    failed: dict[str, ToolCall] = {}
    for call in trace.tool_calls:
        if call.error:
            failed[call.name] = call
        elif (before := failed.pop(call.name, None)) and (changes := _changes(before, call)):
            yield _signal(trace, before, call, changes)


def _signal(trace: Trace, before: ToolCall, after: ToolCall, changes: Mapping[str, Any]) -> Signal:
    return signal(
        DETECTOR,
        trace,
        quote=before.error[:QUOTED],
        said_by=Origin.TOOL,
        span_id=after.span_id,
        at=after.start,
        # With one argument changed there is one candidate for the cause; with several it may be another request.
        confidence=0.8 if len(changes) == 1 else 0.5,
        detector=DETECTOR,
        version=VERSION,
        details={"tool": after.name, "changes": json.dumps(changes, ensure_ascii=False, sort_keys=True)},
        occurrence=after.call_id or after.span_id,
    )


def _changes(before: ToolCall, after: ToolCall) -> Mapping[str, Any]:
    old, new = _arguments(before), _arguments(after)
    names = sorted(old.keys() | new.keys())
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


def _arguments(call: ToolCall) -> Mapping[str, Any]:
    """By name; arguments that are no JSON object are one argument called `input`."""
    try:
        arguments = json.loads(call.arguments)
    except (ValueError, RecursionError):
        return {"input": call.arguments}
    return arguments if isinstance(arguments, dict) else {"input": arguments}
