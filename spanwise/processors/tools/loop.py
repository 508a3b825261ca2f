"""`loop`: the same calls again and again, with the same results: A A A, or A B A B A B.

It claims that nothing new was learned in those rounds; not that the agent never got out of it. Polling, where the same
call is answered differently, is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spanwise.processors import Signal, Trace
from spanwise.processors.tools.calls import call_signal, identity, outcome

KIND = "loop"
VERSION = "1"
ROUNDS = 3
"""Fewer may be chance."""
LONGEST = 4
"""Calls in one round."""

Step = tuple[tuple[str, str], str]


def loops(trace: Trace) -> Iterable[Signal]:
    """One signal for each loop, at its first call. Details: `tool`, `tools` (of one round), `rounds`."""
    steps = [(identity(call), outcome(call)) for call in trace.tool_calls]
    start = 0
    while start < len(steps):
        period, rounds = _longest_loop(steps, start)
        if rounds < ROUNDS:
            start += 1
            continue
        calls = trace.tool_calls[start : start + period]
        yield call_signal(
            KIND,
            trace,
            calls[0],
            quote=outcome(calls[0]),
            confidence=0.95 if rounds > ROUNDS else 0.85,
            version=VERSION,
            details={"tools": ", ".join(call.name for call in calls), "rounds": str(rounds)},
        )
        start += period * rounds


def _longest_loop(steps: Sequence[Step], start: int) -> tuple[int, int]:
    """Length of a round, and how many of them follow from `start`: the shortest round that is repeated often enough."""
    for period in range(1, LONGEST + 1):
        rounds = 1
        while steps[start : start + period] == steps[start + rounds * period : start + (rounds + 1) * period]:
            rounds += 1
        if rounds >= ROUNDS:
            return period, rounds
    return 1, 1
