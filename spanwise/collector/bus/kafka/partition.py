"""The records of one partition that were fetched and wait to be handled."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition

from spanwise.collector.bus import Record
from spanwise.collector.bus.kafka.progress import Intent

Fetched = Any
"""aiokafka's `ConsumerRecord`, which has no types."""


class Partition:
    """One assignment of a partition to this consumer. Once `lost` it stays so: a new assignment is a new object."""

    def __init__(self, at: TopicPartition) -> None:
        self.at = at
        self.taken_over = False
        self.handled: int | None = None
        """The offset after the last record that is done with; None before the first."""
        self.in_hand: float | None = None
        """When the first record of the batch that is being handled was published, in seconds since 1970."""
        self.bytes = 0
        self._unfinished: Intent | None = None
        self._waiting: deque[Fetched] = deque()
        self._lost = asyncio.Event()

    @property
    def lost(self) -> bool:
        return self._lost.is_set()

    async def until_lost(self) -> None:
        await self._lost.wait()

    def lose(self) -> None:
        """Somebody else may have it now: nothing of it is handled any more, and nothing committed."""
        self._lost.set()
        self._waiting.clear()
        self.bytes = 0

    def begin(self, unfinished: Intent | None) -> None:
        """Its records may be handled from now on, first the batch that another consumer did not finish."""
        self._unfinished, self.taken_over = unfinished, True

    def put(self, records: Sequence[Fetched]) -> None:
        if not self.lost:
            self._waiting.extend(records)
            self.bytes += sum(_size(record) for record in records)

    @property
    def oldest(self) -> float | None:
        """When the first record that is not done with was published, as far as known, in seconds since 1970."""
        return self.in_hand or (self._waiting[0].timestamp / 1000 if self._waiting else None)

    @property
    def ready(self) -> bool:
        """Whether a batch can be taken: one that is to be redone must be here up to its end."""
        if not (self.taken_over and self._waiting):
            return False
        redone = self._unfinished
        if redone is not None and not redone.first <= self._waiting[0].offset <= redone.last:
            redone = self._unfinished = None  # its records are not kept any more
        return redone is None or bool(self._waiting[-1].offset >= redone.last)

    @property
    def short(self) -> bool:
        """Whether a batch is to be redone that is not here up to its end."""
        return self._unfinished is not None and not self.ready

    def take(self, most_bytes: int, now: datetime) -> tuple[Sequence[Fetched], Intent]:
        """The next batch of a partition that is ready: what is to be redone, or else records of about so many bytes."""
        taken: list[Fetched] = []
        size = 0
        while self._waiting and self._belongs(self._waiting[0], size, most_bytes):
            taken.append(self._waiting.popleft())
            size += _size(taken[-1])
        self.bytes -= size
        redone, self._unfinished = self._unfinished, None
        return taken, redone or Intent(taken[0].offset, taken[-1].offset, now)

    def _belongs(self, record: Fetched, size: int, most_bytes: int) -> bool:
        if self._unfinished is not None:
            return bool(record.offset <= self._unfinished.last)
        return size == 0 or size + _size(record) <= most_bytes


def to_record(record: Fetched) -> Record:
    return Record(record.value or b"", record.key or b"", {name: value or b"" for name, value in record.headers})


def _size(record: Fetched) -> int:
    return len(record.value or b"") + len(record.key or b"") + 1
