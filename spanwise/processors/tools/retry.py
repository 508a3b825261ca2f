"""`retry`: a failed call was made again with the same arguments.

It does not claim that this was wrong: after a time-out it is right. `outcome` says whether it helped.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, ToolCall, Trace
from spanwise.processors.tools.calls import QUOTED, call_signal, identity

KIND = "retry"
VERSION = "1"


def retried_calls(trace: Trace) -> Iterable[Signal]:
    """One signal for each series of attempts. Details: `tool`, `attempts`, `outcome` (`succeeded` or `failed`)."""
    attempts: dict[tuple[str, str], list[ToolCall]] = {}
    for call in trace.tool_calls:
        made = attempts.setdefault(identity(call), [])
        if made and not made[-1].error:  # what succeeded is not tried again, but asked for again
            continue
        made.append(call)
    for made in attempts.values():
        if len(made) > 1:
            yield _signal(trace, made)


def _signal(trace: Trace, made: list[ToolCall]) -> Signal:
    first, last = made[0], made[-1]
    return call_signal(
        KIND,
        trace,
        first,
        quote=first.error,
        confidence=0.95,
        version=VERSION,
        details={
            "attempts": str(len(made)),
            "outcome": "failed" if last.error else "succeeded",
            "arguments": first.arguments[:QUOTED],
        },
    )
