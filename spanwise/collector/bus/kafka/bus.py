"""`KafkaBus`: a `Bus` whose records are on Kafka."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from spanwise.collector.bus import (
    DEAD_LETTERS,
    Handler,
    Kept,
    Record,
    Rejection,
    TakeOver,
    nothing_to_take_over,
)
from spanwise.collector.bus.kafka.connection import RETRY_SECONDS, Connection
from spanwise.collector.bus.kafka.consuming import CLOSE_SECONDS, Member
from spanwise.collector.bus.kafka.dead_letters import RejectionLimit, dead_letters
from spanwise.collector.bus.kafka.lag import LagObserver
from spanwise.collector.bus.kafka.partition import Fetched
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.bus.kafka.subscription import Subscription
from spanwise.collector.bus.kafka.topics import kept, make_topics, topic_name
from spanwise.collector.errors import Busy, Rejected

logger = logging.getLogger(__name__)


class KafkaBus:
    """Records are durable when every in-sync replica has them. To be closed.

    `spacing` has, by topic, the seconds between the starts of two batches of one consumer.
    """

    def __init__(
        self,
        connection: Connection,
        settings: KafkaSettings,
        lag: LagObserver,
        *,
        spacing: Mapping[str, float],
        batch_bytes: int,
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._lag = lag
        self._spacing = spacing
        self._batch_bytes = batch_bytes
        self._waiting_bytes = 0
        self._producer: asyncio.Task[Any] | None = None

    async def publish(self, topic: str, records: Sequence[Record]) -> None:
        size = sum(record.size for record in records)
        if self._waiting_bytes and self._waiting_bytes + size > self._settings.publish_bytes:
            raise Busy(f"{self._waiting_bytes:,} bytes wait for the brokers")
        self._waiting_bytes += size
        try:
            async with asyncio.timeout(self._settings.publish_seconds):
                await self._send(topic_name(self._settings, topic), records)
        except TimeoutError:
            # The records may still come to be durable. Whoever sends them again sends the same key.
            raise Busy(f"the brokers took nothing for {self._settings.publish_seconds:g} s") from None
        finally:
            self._waiting_bytes -= size

    async def consume(
        self, topic: str, group: str, handle: Handler, take_over: TakeOver = nothing_to_take_over
    ) -> None:
        full_group = f"{self._settings.topic_prefix}{group}"
        limit = RejectionLimit(self._settings)

        async def bury(records: Sequence[Fetched], rejections: Sequence[Rejection]) -> None:
            letters = dead_letters(full_group, records, rejections)
            await self.publish(DEAD_LETTERS, [letter.to_record() for letter in letters])

        async def limited(batch: Any) -> Sequence[Rejection]:
            rejections = await handle(batch)
            limit.count(len(batch.records), rejections)
            return rejections

        name, spacing = topic_name(self._settings, topic), self._spacing.get(topic, 0.0)
        subscription = Subscription(topic, name, full_group, spacing, self._batch_bytes)
        await self._topics_made()
        await Member(self._connection, subscription, limited, take_over, bury, self._lag).run()

    async def retention(self) -> Mapping[str, Kept]:
        return await kept(self._connection, self._settings)

    async def close(self) -> None:
        """Return once what was published is sent, or after a few seconds if the brokers are away."""
        if self._producer is not None:
            await self._discard(self._producer)

    async def _send(self, topic: str, records: Sequence[Record]) -> None:
        producer = await self._connected()
        try:
            sent = [
                await producer.send(topic, record.value, record.key or None, headers=list(record.headers.items()))
                for record in records
            ]
            await asyncio.wait(sent) if sent else None
            for one in sent:
                one.result()
        except MessageSizeTooLargeError as error:
            agree = "its max.message.bytes must be more than kafka.record_bytes"
            raise Rejected(f"topic {topic} does not take a record of this size: {error}; {agree}") from error
        except KafkaError as error:
            if not error.retriable and self._producer is not None:  # this producer may never recover; a new one does
                await self._discard(self._producer)
            raise Busy(f"the brokers did not take it: {error}") from error

    async def _connected(self) -> Any:
        if self._producer is None or (self._producer.done() and self._producer.exception()):
            self._producer = asyncio.create_task(self._start())
        return await asyncio.shield(self._producer)

    async def _start(self) -> Any:
        await make_topics(self._connection, self._settings)
        return await self._connection.started(self._connection.producer())

    async def _topics_made(self) -> None:
        """Return once there is something to subscribe to, however long the brokers are away."""
        while True:
            try:
                await make_topics(self._connection, self._settings)
            except Busy as error:
                logger.warning("%s; trying again", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _discard(self, producer: asyncio.Task[Any]) -> None:
        if self._producer is producer:
            self._producer = None
        producer.cancel()
        with suppress(asyncio.CancelledError, Busy):
            await self._connection.stopped(await producer, CLOSE_SECONDS)
