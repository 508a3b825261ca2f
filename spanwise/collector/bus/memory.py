"""The bus inside one process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import xxhash

from spanwise.collector.bus import (
    SPANS,
    Batch,
    Handler,
    Kept,
    Record,
    Rejection,
    TakeOver,
    nothing_to_take_over,
)
from spanwise.collector.errors import Busy, Rejected


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the records of a topic are delivered."""

    awaited: bool = False
    """True: a record is durable when its handler has returned, and `publish` waits for that. False: when it is
    queued, which is enough where the records can be derived from the store again."""
    spacing: float = 0.0
    """Seconds from the start of one batch to the start of the next, so that many small records are handled together.
    A record that comes after a pause waits for nothing."""


MIB = 1024 * 1024
DEFAULT_DELIVERIES: Mapping[str, Delivery] = {SPANS: Delivery(awaited=True, spacing=0.1)}


@dataclass(slots=True, eq=False)
class _Entry:
    record: Record
    done: asyncio.Future[None]


@dataclass(slots=True, eq=False)
class _Group:
    """The records of one topic that one consumer group has not taken yet."""

    entries: deque[_Entry] = field(default_factory=deque)
    bytes: int = 0
    filled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while there is something to take."""
    full: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while a whole batch is waiting."""
    room: asyncio.Condition = field(default_factory=asyncio.Condition)

    def put(self, entry: _Entry, batch_bytes: int) -> None:
        self.entries.append(entry)
        self.bytes += entry.record.size
        self.filled.set()
        if self.bytes >= batch_bytes:
            self.full.set()

    def take(self, batch_bytes: int) -> list[_Entry]:
        taken: list[_Entry] = []
        size = 0
        while self.entries and (not taken or size + self.entries[0].record.size <= batch_bytes):
            taken.append(self.entries.popleft())
            size += taken[-1].record.size
        self.bytes -= size
        if not self.entries:
            self.filled.clear()
        if self.bytes < batch_bytes:
            self.full.clear()
        return taken


class MemoryBus:
    """A `Bus` whose records live in this process.

    A topic whose consumers are behind by `capacity` bytes refuses records (`Busy`) if it is awaited, and otherwise
    makes the publisher wait. Groups get what is published after they started to consume.
    """

    def __init__(
        self,
        deliveries: Mapping[str, Delivery] = DEFAULT_DELIVERIES,
        *,
        capacity: int = 256 * MIB,
        batch_bytes: int = 16 * MIB,
        retry_after: float = 0.5,
        clock: Callable[[], float],
    ) -> None:
        self._deliveries = deliveries
        self._capacity = capacity
        self._batch_bytes = batch_bytes
        self._retry_after = retry_after
        self._clock = clock
        self._groups: dict[str, dict[str, _Group]] = {}

    async def publish(self, topic: str, records: Sequence[Record]) -> None:
        delivery = self._deliveries.get(topic, Delivery())
        groups = list(self._groups.get(topic, {}).values())
        if delivery.awaited:
            await self._publish_awaited(topic, groups, records)
        else:
            for group in groups:
                await self._publish_queued(group, records)

    async def consume(
        self, topic: str, group: str, handle: Handler, take_over: TakeOver = nothing_to_take_over
    ) -> None:
        delivery = self._deliveries.get(topic, Delivery())
        groups = self._groups.setdefault(topic, {})
        if group in groups:
            raise ValueError(f"group {group!r} already consumes {topic!r}")
        queue = groups[group] = _Group()
        try:
            await self._take_over(take_over)
            await self._deliver(topic, queue, delivery, handle)
        finally:
            del groups[group]
            _settle(queue.take(queue.bytes + 1), Busy(f"the consumer of {topic!r} stopped"))

    async def retention(self) -> Mapping[str, Kept]:
        return {}  # what was handled is gone

    async def _take_over(self, take_over: TakeOver) -> None:
        while True:
            try:
                return await take_over()
            except Busy:
                await asyncio.sleep(self._retry_after)

    async def _publish_awaited(self, topic: str, groups: Sequence[_Group], records: Sequence[Record]) -> None:
        if not groups:
            raise Busy(f"nothing consumes {topic!r} at the moment")
        size = sum(record.size for record in records)
        # A request larger than the whole bus is still taken when there is nothing else.
        if any(group.bytes and group.bytes + size > self._capacity for group in groups):
            raise Busy(f"the bus is full: {self._capacity:,} bytes wait on {topic!r}")
        waiting = [self._put(group, record) for group in groups for record in records]
        failures = [outcome for outcome in await asyncio.gather(*waiting, return_exceptions=True) if outcome]
        if failures:
            raise failures[0]

    async def _publish_queued(self, group: _Group, records: Sequence[Record]) -> None:
        for record in records:
            async with group.room:
                await group.room.wait_for(lambda: group.bytes < self._capacity)
            self._put(group, record)

    def _put(self, group: _Group, record: Record) -> asyncio.Future[None]:
        entry = _Entry(record, asyncio.get_running_loop().create_future())
        group.put(entry, self._batch_bytes)
        return entry.done

    async def _deliver(self, topic: str, queue: _Group, delivery: Delivery, handle: Handler) -> None:
        not_before = self._clock()
        while True:
            await queue.filled.wait()
            await self._space(queue, not_before - self._clock())
            not_before = self._clock() + delivery.spacing
            entries = queue.take(self._batch_bytes)
            async with queue.room:
                queue.room.notify_all()
            await self._handle(_batch(topic, entries), entries, delivery, handle)

    async def _space(self, queue: _Group, seconds: float) -> None:
        """Wait, but no longer than until a whole batch is there."""
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(queue.full.wait(), seconds)
        except TimeoutError:
            return

    async def _handle(self, batch: Batch, entries: Sequence[_Entry], delivery: Delivery, handle: Handler) -> None:
        while True:
            try:
                rejections = await handle(batch)
            except Busy as busy:
                if delivery.awaited:  # the sender still has it, and is told to try again
                    return _settle(entries, busy)
                await asyncio.sleep(self._retry_after)
            except BaseException as error:
                _settle(entries, Busy(f"the consumer of {batch.topic!r} failed: {type(error).__name__}"))
                raise
            else:
                return _settle_handled(entries, rejections)


def _batch(topic: str, entries: Sequence[_Entry]) -> Batch:
    digest = xxhash.xxh3_128()
    for entry in entries:
        digest.update(entry.record.key or entry.record.value)
    return Batch(topic, [entry.record for entry in entries], f"{topic}:{digest.hexdigest()}", datetime.now(UTC))


def _settle_handled(entries: Sequence[_Entry], rejections: Sequence[Rejection]) -> None:
    for rejection in rejections:
        _settle([entries[rejection.index]], Rejected(rejection.reason))
    _settle(entries, None)


def _settle(entries: Sequence[_Entry], error: Exception | None) -> None:
    for entry in entries:
        if entry.done.done():  # rejected, or its publisher has gone away
            continue
        if error is None:
            entry.done.set_result(None)
        else:
            entry.done.set_exception(error)
            entry.done.exception()  # a queued record has no publisher that would look at it
