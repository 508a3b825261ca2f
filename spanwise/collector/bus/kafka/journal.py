"""A topic that is written by one process, each record exactly once, and says itself how far it is written.

Every record carries the position that it stands for, and what belongs together is one transaction. So the position is
that of the last committed record; whoever writes next fences off who wrote before. Nothing else is kept anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.bus.kafka.topics import make_topics, partition_numbers, topic_name
from spanwise.collector.errors import Busy

Entry = tuple[bytes, bytes | None, Sequence[tuple[str, bytes]]]
"""Key, value and headers, the position among these. Without a value, compaction forgets the key."""
POSITION = "position"
CLOSE_SECONDS = 5.0
WINDOW = 64
"""Offsets that are read from the end of a partition at first: some of them are marks of transactions."""


@asynccontextmanager
async def open_journal(
    connection: Connection, settings: KafkaSettings, topic: str, writer: str
) -> AsyncIterator[Journal]:
    """Raises `Busy`. `writer` names who writes, over all restarts."""
    await make_topics(connection, settings)
    name = topic_name(settings, topic)
    # First the producer: it ends the transaction of who wrote before, and only then is the position known.
    producer = await connection.started(connection.producer(f"{name}.{writer}"))
    try:
        yield Journal(connection, producer, name, settings.publish_seconds)
    finally:
        await connection.stopped(producer, CLOSE_SECONDS)
        # It waits for what it was given to send, which nobody waits for any more: its successor reads how far it came.
        sender = producer._sender.sender_task  # noqa: SLF001 (there is no other way to give up)
        if sender is not None and not sender.done():
            sender.cancel()
            await asyncio.wait([sender], timeout=1.0)
        with suppress(KafkaError, OSError):
            await producer.client.close()


class Journal:
    """Every call may raise `Busy`: it is to be opened anew then."""

    def __init__(self, connection: Connection, producer: Any, name: str, seconds: float) -> None:
        self._connection = connection
        self._producer = producer
        self._name = name
        self._seconds = seconds
        self._position: int | None = None

    async def position(self) -> int:
        """Of the last record; 0 if there is none."""
        if self._position is None:
            with _retryable():
                self._position = await self._last()
        return self._position

    async def append(self, entries: Sequence[Entry], position: int) -> None:
        """Return once all are durable and visible, or none is. `position` is that of the last of them."""
        with _retryable():
            # What is begun and cannot be ended, the next producer of the name ends: there may be no broker to ask.
            async with asyncio.timeout(self._seconds):
                await self._producer.begin_transaction()
                for key, value, headers in entries:
                    await self._producer.send(self._name, value, key, headers=list(headers))
                await self._producer.commit_transaction()
        self._position = position

    async def _last(self) -> int:
        partitions = await partition_numbers(self._connection, self._name)
        reader = await self._connection.started(self._connection.reader())
        try:
            at = [TopicPartition(self._name, number) for number in partitions]
            reader.assign(at)
            begins, ends = await reader.beginning_offsets(at), await reader.end_offsets(at)
            return max([await _last_of(reader, one, begins[one], ends[one]) for one in at], default=0)
        finally:
            await self._connection.stopped(reader)


async def _last_of(reader: Any, at: TopicPartition, begin: int, end: int) -> int:
    """The highest position of a partition: further and further back, until a record is met."""
    window = WINDOW
    while True:
        start = max(end - window, begin)
        found = 0
        reader.seek(at, start)
        while await reader.position(at) < end:
            for record in (await reader.getmany(at, timeout_ms=200)).get(at, ()):
                found = max(found, *(int(value) for name, value in record.headers if name == POSITION), 0)
        if found or start == begin:
            return found
        window *= 8


@contextmanager
def _retryable() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise Busy("Kafka: the brokers did not take it in time") from None
    except KafkaError as error:
        raise Busy(f"Kafka: {type(error).__name__}: {error}") from error
