"""One member of a consumer group: fetch, write down what will be handled, handle it, commit.

Nothing is fetched while enough waits to be handled, so a slow handler lengthens the topic and not the memory. A batch
is of one partition. Before it is handled its offsets are written into the commit metadata; when a partition comes here,
what was written there is redone first. A partition that was revoked in the meantime is not committed: its new owner
redoes the batch with the same token.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata

from spanwise.collector.bus import Batch, Handler, Rejection, TakeOver
from spanwise.collector.bus.kafka.connection import RETRY_SECONDS, Connection
from spanwise.collector.bus.kafka.lag import LagObserver, watch_lag
from spanwise.collector.bus.kafka.partition import Fetched, Partition, to_record
from spanwise.collector.bus.kafka.progress import intent
from spanwise.collector.bus.kafka.subscription import Subscription
from spanwise.collector.errors import Busy

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

FETCHED_RECORDS = 100
IDLE_SECONDS = 0.5
CLOSE_SECONDS = 5.0

Bury = Callable[[Sequence[Fetched], Sequence[Rejection]], Awaitable[None]]
"""Returns once the rejected ones of these records are in the dead-letter topic. May raise `Busy`."""


class Member(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """A consumer of one topic in one group, for one `run`."""

    def __init__(
        self,
        connection: Connection,
        subscription: Subscription,
        handle: Handler,
        take_over: TakeOver,
        bury: Bury,
        lag: LagObserver,
    ) -> None:
        self._connection = connection
        self._subscription = subscription
        self._handle = handle
        self._take_over = take_over
        self._bury = bury
        self._lag = lag
        self._partitions: dict[TopicPartition, Partition] = {}
        self._not_before = 0.0
        self._stopping = asyncio.Event()
        self._consumer: Any = None

    async def run(self) -> None:
        """Feed the handler until cancelled. Raises what the handler raises, and what the brokers refuse for good."""
        self._consumer = await self._joined()
        watching = watch_lag(self._consumer, self._subscription, self._partitions, self._lag, self._stopping)
        lag = asyncio.create_task(watching)
        try:
            while True:
                partition = await self._gathered()
                await self._deliver(partition)
        finally:
            self.on_partitions_revoked(list(self._partitions))
            self._stopping.set()
            await asyncio.wait([lag], timeout=CLOSE_SECONDS)  # cancelled while it connects, it would leave a socket
            lag.cancel()
            await self._connection.stopped(self._consumer, CLOSE_SECONDS)

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Of aiokafka's listener. At once, without waiting for a batch in hand: whoever redoes it changes nothing."""
        for at in revoked:
            if partition := self._partitions.pop(at, None):
                partition.lose()
                self._lag.gone(self._subscription.group, self._subscription.topic, at.partition)

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Of aiokafka's listener."""
        for at in assigned:
            self._partitions[at] = Partition(at)

    async def _joined(self) -> Any:
        while True:
            consumer = self._connection.consumer(self._subscription.group)
            consumer.subscribe([self._subscription.topic_name], listener=self)
            try:
                return await self._connection.started(consumer)
            except Busy as error:
                logger.warning("%s; trying again", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _gathered(self) -> Partition:
        """A partition with a batch, when its time has come."""
        while True:
            await self._take_over_new()
            ready = self._ready()
            wait = self._not_before - time.monotonic()
            if ready and (wait <= 0 or self._enough()):
                return ready
            if self._enough():  # of partitions that cannot be taken over yet
                await asyncio.sleep(IDLE_SECONDS)
                continue
            await self._fetch(wait if ready else IDLE_SECONDS)
            while not self._enough() and await self._fetch(0):  # what is here already
                pass

    def _ready(self) -> Partition | None:
        """Of those with a batch, the one that waits longest."""
        ready = [partition for partition in self._partitions.values() if partition.ready]
        return min(ready, key=lambda partition: partition.oldest or 0.0, default=None)

    def _enough(self) -> bool:
        """Whether nothing more is fetched for now."""
        partitions = self._partitions.values()
        waiting = sum(partition.bytes for partition in partitions)
        return waiting >= self._subscription.batch_bytes and not any(partition.short for partition in partitions)

    async def _fetch(self, seconds: float) -> bool:
        try:
            fetched = await self._consumer.getmany(
                timeout_ms=max(round(seconds * 1000), 0), max_records=FETCHED_RECORDS
            )
        except KafkaError as error:
            if not error.retriable:
                raise
            logger.warning("%s could not be read: %s; trying again", self._subscription.topic_name, error)
            await asyncio.sleep(RETRY_SECONDS)
            return False
        for at, records in fetched.items():
            if partition := self._partitions.get(at):
                partition.put(records)
        return bool(fetched)

    async def _take_over_new(self) -> None:
        new = [partition for partition in self._partitions.values() if not partition.taken_over]
        if not new:
            return
        try:
            committed = await self._committed([partition.at for partition in new])
            for partition in new:  # so that the lag is known even if the rest must wait
                partition.handled = max(committed[partition.at][0], 0)
            await self._take_over()
        except (Busy, KafkaError) as error:
            logger.warning("%s cannot be taken over yet: %s; trying again", self._subscription.topic_name, error)
            await asyncio.sleep(RETRY_SECONDS)
            return
        for partition in new:
            partition.begin(intent(*committed[partition.at]))

    async def _committed(self, at: Sequence[TopicPartition]) -> dict[TopicPartition, tuple[int, str]]:
        """Offset (-1: none) and metadata of the last commit of each partition."""
        admin = await self._connection.started(self._connection.admin())
        try:
            found = await admin.list_consumer_group_offsets(self._subscription.group, partitions=list(at))
        finally:
            await self._connection.stopped(admin)
        # An error for the whole group leaves aiokafka's answer empty.
        if missing := set(at) - set(found):
            raise Busy(f"the coordinator of {self._subscription.group} does not know of {len(missing)} partitions yet")
        return {one: (found[one].offset, found[one].metadata) for one in at}

    async def _deliver(self, partition: Partition) -> None:
        self._not_before = time.monotonic() + self._subscription.spacing
        records, planned = partition.take(self._subscription.batch_bytes, datetime.now(UTC))
        partition.in_hand = records[0].timestamp / 1000
        token = planned.token(partition.at.topic, partition.at.partition)
        batch = Batch(self._subscription.topic, [to_record(one) for one in records], token, planned.formed_at)
        if await self._commit(partition, planned.first, planned.to_metadata()):
            await self._handled(partition, batch, records)
            await self._commit(partition, planned.last + 1, "")
        partition.handled, partition.in_hand = planned.last + 1, None

    async def _handled(self, partition: Partition, batch: Batch, records: Sequence[Fetched]) -> None:
        """Return once the batch is done with, or the partition is lost."""
        rejections = await self._retried(partition, lambda: self._handle(batch))
        if rejections:
            await self._retried(partition, lambda: self._bury(records, rejections))

    async def _retried(self, partition: Partition, work: Callable[[], Awaitable[Result]]) -> Result | None:
        """What `work` gives once nothing that it needs is `Busy`; None if the partition is lost first."""
        while not partition.lost:
            try:
                return await work()
            except Busy as error:
                logger.warning("%s waits: %s", partition.at, error)
                await _first(asyncio.sleep(RETRY_SECONDS), partition.until_lost())
        return None

    async def _commit(self, partition: Partition, offset: int, metadata: str) -> bool:
        """Whether the commit was taken. It is not if the partition belongs to another consumer now."""
        if partition.lost:
            return False
        commit = self._consumer.commit({partition.at: OffsetAndMetadata(offset, metadata)})
        try:
            # It is tried for as long as the brokers are away; by then another generation may have begun.
            await _first(commit, partition.until_lost())
        except (CommitFailedError, IllegalStateError) as error:
            logger.info("partition %s went to another consumer: %s", partition.at, error)
            partition.lose()
        return not partition.lost


async def _first(*work: Awaitable[None]) -> None:
    """Return, or raise, as the first of them does; cancel the others."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
