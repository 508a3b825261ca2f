"""A topic that is written by one process, each record exactly once, and says itself how far it is written.

Every record carries the position that it stands for, and what belongs together is one transaction. So the position is
that of the last committed record; whoever writes next fences off who wrote before. Nothing else is kept anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
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
    journal = Journal(connection, topic_name(settings, topic), writer, settings.publish_seconds)
    try:
        yield journal
    finally:
        await journal.release()


class Journal:
    """Every call may raise `Busy`: it is to be opened anew then."""

    def __init__(self, connection: Connection, name: str, writer: str, seconds: float) -> None:
        self._connection = connection
        self._name = name
        self._writer = writer
        self._seconds = seconds
        self._producer: Any = None
        self._claimed = 0
        self._held: dict[bytes, Entry] = {}
        self._read: dict[TopicPartition, int] = {}

    async def position(self) -> int:
        """Of the last record; 0 if there is none. Others may be appending."""
        return await self._last() if self._producer is None else self._claimed

    async def claim(self) -> int:
        """Return, once nobody else can append, the position of the last record."""
        if self._producer is None:
            # First the producer: it ends the transaction of who wrote before, and only then is the position known.
            self._producer = await self._connection.started(self._connection.producer(f"{self._name}.{self._writer}"))
            self._claimed = await self._last()
        return self._claimed

    async def append(self, entries: Sequence[Entry], position: int) -> None:
        """Return once all are durable and visible, or none is. `position` is that of the last of them.

        Who has not claimed the topic cannot append.
        """
        with _retryable():
            # What is begun and cannot be ended, the next producer of the name ends: there may be no broker to ask.
            async with asyncio.timeout(self._seconds):
                await self._producer.begin_transaction()
                for key, value, headers in entries:
                    sent = await self._producer.send(self._name, value, key, headers=list(headers))
                    sent.add_done_callback(_heard)
                await self._producer.commit_transaction()
        self._claimed = position

    async def release(self) -> None:
        """Let others append."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        await self._connection.stopped(producer, CLOSE_SECONDS)
        # It waits for what it was given to send, which nobody waits for any more: its successor reads how far it came.
        sender = producer._sender.sender_task  # noqa: SLF001 (there is no other way to give up)
        if sender is not None and not sender.done():
            sender.cancel()
            await asyncio.wait([sender], timeout=1.0)
        _hear_out(producer)
        with suppress(KafkaError, OSError):
            await producer.client.close()

    async def newest(self) -> Mapping[bytes, Entry]:
        """The last record of each key that has a value. What was read before is not read again."""
        async with self._reading() as (reader, partitions):
            for at, begin, end in partitions:
                start = max(self._read.get(at, 0), begin)
                async for record in _records(reader, at, start, end):
                    key = record.key or b""
                    if record.value is None:
                        self._held.pop(key, None)
                    else:
                        self._held[key] = (key, record.value, record.headers)
                self._read[at] = max(start, end)
        return self._held

    async def _last(self) -> int:
        async with self._reading() as (reader, partitions):
            return max([await _last_of(reader, *one) for one in partitions], default=0)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[tuple[Any, Sequence[tuple[TopicPartition, int, int]]]]:
        """A reader, and each partition with its first offset and the one behind its last."""
        at = [TopicPartition(self._name, one) for one in await partition_numbers(self._connection, self._name)]
        reader = await self._connection.started(self._connection.reader())
        try:
            with _retryable():
                reader.assign(at)
                begins, ends = await reader.beginning_offsets(at), await reader.end_offsets(at)
                yield reader, [(one, begins[one], ends[one]) for one in at]
        finally:
            await self._connection.stopped(reader)


async def _last_of(reader: Any, at: TopicPartition, begin: int, end: int) -> int:
    """The highest position of a partition: further and further back, until a record is met."""
    window = WINDOW
    while True:
        start = max(end - window, begin)
        found = 0
        async for record in _records(reader, at, start, end):
            found = max(found, *(int(value) for name, value in record.headers if name == POSITION), 0)
        if found or start == begin:
            return found
        window *= 8


async def _records(reader: Any, at: TopicPartition, start: int, end: int) -> AsyncIterator[Any]:
    """Of a partition, from one offset up to another."""
    reader.seek(at, start)
    while await reader.position(at) < end:
        for record in (await reader.getmany(at, timeout_ms=200)).get(at, ()):
            if record.offset < end:
                yield record


def _hear_out(producer: Any) -> None:
    """A producer that is fenced off tells it to futures of its own as well, whose silence asyncio would complain of."""
    batches = [one for some in producer._message_accumulator._batches.values() for one in some]  # noqa: SLF001
    for told in (producer._txn_manager._transaction_waiter, *(one._drain_waiter for one in batches)):  # noqa: SLF001
        if told is not None and told.done():
            _heard(told)


def _heard(sent: asyncio.Future[Any]) -> None:
    """What becomes of a transaction is raised where it is ended, whatever else says so."""
    if not sent.cancelled():
        sent.exception()


@contextmanager
def _retryable() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise Busy("Kafka: the brokers did not take it in time") from None
    except KafkaError as error:
        raise Busy(f"Kafka: {type(error).__name__}: {error}") from error
