"""The process role: traces with new rows are read again, and what they teach is written down.

Level-triggered: a notice says only *which* trace to look at. Everything that is written has an id derived from what it
describes, so that reading a trace again, or after a crash, changes nothing. Notices may therefore be merged, and lost:
the store can say which traces have more rows than were processed.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from spanwise.collector.bus import Batch, Rejection
from spanwise.collector.context.exposure import with_records
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policy import Policy
from spanwise.collector.errors import Busy
from spanwise.collector.metrics import Metrics
from spanwise.collector.model import Signal, TraceKey
from spanwise.collector.plugins.work import Reading, Seen
from spanwise.collector.plugins.workers import Workers
from spanwise.collector.roles.learning import learn
from spanwise.collector.roles.notices import Notice, from_record
from spanwise.collector.roles.rehearsal import Rehearsal, rehearse
from spanwise.collector.roles.schedule import Schedule
from spanwise.collector.store import Store
from spanwise.collector.store.progress import mark_processed, stored_since, unprocessed
from spanwise.collector.store.signals import write_signals
from spanwise.collector.store.traces import read_earlier, read_spans

RETRY_SECONDS = 1.0
NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    round_spans: int = 5_000
    """About how many spans are read at once."""
    round_pause: float = 0.1
    """Seconds from the start of a round to the start of the next, so that what comes together is read together."""
    earlier_calls: int = 50
    """Model calls that are read of a conversation's earlier traces."""
    recovered: int = 50_000
    """Traces that are taken up at a time when the store is asked what was not processed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay has come."""

    traces_total: int
    traces_done: int
    signals_new: int
    updates_new: int


class Processing:
    """Reads the traces that its schedule says are due."""

    def __init__(
        self,
        store: Store,
        workers: Workers,
        log: ContextLog,
        schedule: Schedule,
        limits: Limits,
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._workers = workers
        self._log = log
        self._schedule = schedule
        self._limits = limits
        self._metrics = metrics
        self._clock = clock
        self._arrivals: dict[TraceKey, datetime] = {}
        """Of traces with notices that were not read yet."""
        self._noticed = asyncio.Event()
        self._reading = asyncio.Lock()

    @property
    def behind(self) -> int:
        """Traces with rows that were not processed, as far as they were noticed."""
        return self._schedule.unfinished

    @property
    def seconds_behind(self) -> float:
        """Since the oldest of them was stored; it may be waiting for more of its trace."""
        oldest = self._schedule.oldest()
        return max((self._clock() - oldest).total_seconds(), 0.0) if oldest else 0.0

    async def handle(self, batch: Batch) -> Sequence[Rejection]:
        """A handler of `stored`. Notices are done with when they are scheduled: the store would give them again."""
        rejections: list[Rejection] = []
        for index, record in enumerate(batch.records):
            try:
                notices = from_record(record)
            except (KeyError, ValueError) as error:
                rejections.append(Rejection(index, f"not a notice: {type(error).__name__}: {error}"))
            else:
                for notice in notices:
                    self._take(notice)
        self._noticed.set()
        return rejections

    def _take(self, notice: Notice) -> None:
        self._schedule.add(notice)
        if notice.arrived_at:
            self._arrivals.setdefault(notice.trace, notice.arrived_at)

    async def run(self) -> None:
        """Read traces as they become due, until cancelled."""
        await self._workers.start()
        while True:
            await self._wait()
            await asyncio.gather(self._round(), asyncio.sleep(self._limits.round_pause))

    async def _round(self) -> None:
        if trace_keys := self._schedule.take(self._limits.round_spans):
            await self._retried(lambda: self._read(trace_keys))
        if self._schedule.overflowed and not self._schedule:
            await self._retried(self.recover)

    async def replay(self, org: str, since: datetime) -> AsyncIterator[Progress]:
        """Run the plugins again over every trace of the organisation that got rows since then."""
        await self._workers.start()
        trace_keys = await stored_since(self._store, org, since)
        signals = updates = 0
        yield Progress(len(trace_keys), 0, 0, 0)
        step = max(self._limits.round_spans // 50, 1)
        for start in range(0, len(trace_keys), step):
            more_signals, more_updates = await self._read(trace_keys[start : start + step])
            signals += more_signals
            updates += more_updates
            yield Progress(len(trace_keys), min(start + step, len(trace_keys)), signals, updates)

    async def rehearse(self, policy: Policy, org: str, since: datetime) -> Rehearsal:
        """What another policy would have made of the organisation's signals since then. Changes nothing."""
        await self._workers.start()
        return await rehearse(self._store, self._workers, (self._log.policy, policy), org, since, self._clock)

    async def recover(self) -> None:
        """Schedule what was stored and not processed, as a crash leaves it. Raises `Busy`."""
        async with self._reading:  # a replay that marks traces meanwhile would write down a horizon too far ahead
            self._schedule.recovering()
            found = [Notice(*one) for one in await unprocessed(self._store, self._limits.recovered)]
            for notice in found:
                self._schedule.add(notice)
            if len(found) == self._limits.recovered:
                self._schedule.left_out(found[-1].stored_at)
        self._noticed.set()

    async def _wait(self) -> None:
        seconds = self._schedule.wait()
        if seconds == 0:
            return
        self._noticed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._noticed.wait(), seconds)

    async def _retried(self, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await work()
            except Busy:
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _read(self, trace_keys: Sequence[TraceKey]) -> tuple[int, int]:
        """Process the traces as they are stored now; returns how many signals and updates were new."""
        by_org: dict[str, list[str]] = defaultdict(list)
        for trace in trace_keys:
            by_org[trace.org].append(trace.trace_id)
        signals = updates = 0
        sizes = dict.fromkeys(trace_keys, 0)
        arrivals = [self._arrivals.pop(trace, None) for trace in trace_keys]
        async with self._reading:
            for org, trace_ids in by_org.items():
                seen = await self._see(org, trace_ids)
                signals += await self._write(seen)
                updates += await self._learn(seen.signals)
                sizes |= {TraceKey(org, trace_id): spans for trace_id, spans in seen.sizes.items()}
            await self._mark(sizes)
        if updates:
            self._observe(arrivals)
        return signals, updates

    async def _see(self, org: str, trace_ids: Sequence[str]) -> Seen:
        spans, earlier = await asyncio.gather(
            read_spans(self._store, org, trace_ids),
            read_earlier(self._store, org, trace_ids, self._limits.earlier_calls),
        )
        seen = await self._workers.process(Reading(org, spans, earlier))
        self._metrics.processed_traces.inc(len(seen.sizes))
        self._metrics.processing_seconds.inc(seen.cpu_seconds)
        return seen

    async def _write(self, seen: Seen) -> int:
        found = [one for found in seen.signals.values() for one in found]
        signals = await with_records(self._store, await self._log.known.without_erased(found))
        new = await write_signals(self._store, signals, self._clock)
        for signal in new:
            self._metrics.written_signals.labels(signal.kind).inc()
        return len(new)

    async def _learn(self, signals: Mapping[str, Sequence[Signal]]) -> int:
        updates = await learn(signals, self._workers, self._log)
        for update in updates:
            self._metrics.context_updates.labels(update.operation).inc()
        return len(updates)

    def _observe(self, arrivals: Sequence[datetime | None]) -> None:
        """The updates of a round are in the log together; the oldest arrival is the one that waited."""
        if known := [arrived_at for arrived_at in arrivals if arrived_at]:
            self._metrics.seconds_to_update.observe((self._clock() - min(known)).total_seconds())

    async def _mark(self, sizes: Mapping[TraceKey, int]) -> None:
        for trace, spans in sizes.items():
            self._schedule.done(trace, spans)
        await mark_processed(self._store, sizes, self._schedule.horizon() or NEVER, self._clock())
