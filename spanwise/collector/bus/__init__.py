"""The bus between the roles: what travels on it, and what every bus promises.

`await` is the acknowledgement: nothing is confirmed in any other way, and there are no queues but the bus itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

SPANS = "spans"
"""Exact OTLP requests, as they came."""
STORED = "stored"
"""Which traces have new rows."""
CONTEXT = "context"
"""The context log, for everyone else."""
DEAD_LETTERS = "dead-letters"
"""Records that can never succeed, as they were, and why."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is published: bytes, a key (records with the same key stay in order), and what is known beside them."""

    value: bytes
    key: bytes = b""
    headers: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """What the record costs the bus, in bytes."""
        return len(self.value) + len(self.key) + sum(len(name) + len(value) for name, value in self.headers.items())


@dataclass(frozen=True, slots=True)
class Batch:
    """What a handler gets. `token` names exactly these records: a batch delivered again has the same one."""

    topic: str
    records: Sequence[Record]
    token: str
    formed_at: datetime
    """When these records became a batch; the same when it is delivered again."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """The record at `index` of a batch can never succeed, or a part of it."""

    index: int
    reason: str
    part: bytes | None = None
    """What of the record's value cannot; the rest has succeeded. None: all of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """For how long a topic keeps what is published now, once something newer took its place or its time is over."""

    longest: timedelta | None
    """None: for ever."""
    until_written: bool = False
    """And then until its partition is written to: Kafka does not compact the segment that it is writing."""


class Handler(Protocol):
    async def __call__(self, batch: Batch, /) -> Sequence[Rejection]:
        """Return once the batch's work is durable, with the records that can never succeed.

        Raises `Busy` if the whole batch should be delivered again later; anything else stops the consumer.
        """
        ...


TakeOver = Callable[[], Awaitable[None]]
"""To be awaited before a consumer gets records that another one, or an earlier run, may have handled until now."""


async def nothing_to_take_over() -> None:
    """For a handler that does not depend on what was handled before."""


class Bus(Protocol):
    async def publish(self, topic: str, records: Sequence[Record]) -> None:
        """Return once every record is durable.

        Raises `Busy` if the sender should try again, and `Rejected` where the bus knows that a record never succeeds.
        """
        ...

    async def consume(
        self, topic: str, group: str, handle: Handler, take_over: TakeOver = nothing_to_take_over
    ) -> None:
        """Feed `handle` batches until cancelled, one at a time; every group gets every record.

        A batch is committed only after `handle` returned. After `Busy` or a crash it is delivered again: the same
        batch, with the same token, before anything that came later. `take_over` is awaited first, and whenever records
        come here that went to another consumer of the group before; it is tried again after `Busy`.
        """
        ...

    async def retention(self) -> Mapping[str, Kept]:
        """By the name of each topic that keeps what was published. Raises `Busy`."""
        ...
