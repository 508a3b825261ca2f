"""From signals to the log of context updates."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from spanwise.collector.context.log import ContextLog
from spanwise.collector.model import ContextUpdate, Signal
from spanwise.collector.plugins.workers import Workers
from spanwise.processors.models.exposure import KIND as EXPOSURE

TOGETHER = 8
"""Traces that are learned from at once: each asks the store for its context, and an insert should not wait for many."""


async def learn(signals: Mapping[str, Sequence[Signal]], workers: Workers, log: ContextLog) -> Sequence[ContextUpdate]:
    """Return, once they are in the log, the updates that the signals of each trace taught it."""

    async def taught(trace_id: str, of_trace: Sequence[Signal]) -> Sequence[ContextUpdate]:
        return await workers.learn(trace_id, of_trace, await log.context_for(of_trace[0].scope))

    appended: list[ContextUpdate] = []
    for group in together(signals):
        lessons = await asyncio.gather(*(taught(trace_id, group[trace_id]) for trace_id in group))
        appended += await log.append([update for lesson in lessons for update in lesson])
    return appended


def together(signals: Mapping[str, Sequence[Signal]], most: int = TOGETHER) -> Iterator[Mapping[str, Sequence[Signal]]]:
    """The traces with signals, in their order, in groups in which nobody speaks twice.

    A user's "forget that" must find what they asked for a moment before; what others say meanwhile may come in any
    order, as it does when they say it.
    """
    group: dict[str, Sequence[Signal]] = {}
    speakers: set[str] = set()
    for trace_id, of_trace in signals.items():
        if all(signal.kind == EXPOSURE for signal in of_trace):  # nobody said anything: most traces
            continue
        speaking = {_speaker(signal) for signal in of_trace}
        if speaking & speakers or len(group) == most:
            yield group
            group, speakers = {}, set()
        group[trace_id] = of_trace
        speakers |= speaking
    if group:
        yield group


def _speaker(signal: Signal) -> str:
    """Who cannot be told from anybody else is the conversation that they speak in."""
    return signal.scope.user or signal.evidence.conversation or signal.evidence.trace_id
