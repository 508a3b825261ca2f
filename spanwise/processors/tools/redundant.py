"""`redundant.call`: a call that had succeeded was made again, with the same arguments and the same result.

It does not claim that the agent could have known: what a call returns may change, the likelier the longer ago it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.tools.calls import QUOTED, call_signal, identity

KIND = "redundant.call"
VERSION = "1"
CLOSE = 3
"""Calls in between; beyond that, much may have changed for all that the agent knows."""


def redundant_calls(trace: Trace) -> Iterable[Signal]:
    """One signal for each repetition. The quote is the result; details: `tool`, `arguments`, `calls_between`."""
    answered: dict[tuple[str, str], tuple[int, str]] = {}
    for number, call in enumerate(trace.tool_calls):
        if call.error or not call.result:
            continue
        asked = identity(call)
        before, result = answered.get(asked, (0, ""))
        answered[asked] = (number, call.result)
        if result == call.result:
            between = number - before - 1
            yield call_signal(
                KIND,
                trace,
                call,
                quote=call.result,
                confidence=0.85 if between <= CLOSE else 0.6,
                version=VERSION,
                details={"arguments": call.arguments[:QUOTED], "calls_between": str(between)},
            )
