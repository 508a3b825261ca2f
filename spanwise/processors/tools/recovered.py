"""`tool.recovered`: a failed call, then a successful one of the same tool with other arguments.

The difference is the lesson. It does not claim that the difference was the cause.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from spanwise.processors import Signal, ToolCall, Trace
from spanwise.processors.tools.calls import arguments, call_signal

KIND = "tool.recovered"
VERSION = "1"


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
            yield call_signal(
                KIND,
                trace,
                call,
                quote=before.error,
                # One changed argument is the one candidate for the cause; with several, it may be another request.
                confidence=0.8 if len(changes) == 1 else 0.5,
                version=VERSION,
                details={"changes": json.dumps(changes, ensure_ascii=False, sort_keys=True)},
            )


def _changes(before: ToolCall, after: ToolCall) -> Mapping[str, Any]:
    old, new = arguments(before), arguments(after)
    names = sorted(old.keys() | new.keys())
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}
