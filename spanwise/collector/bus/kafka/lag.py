"""How far behind a consumer group is, partition by partition.

Asked of the brokers, beside the fetching: what the fetcher knows is old while the handler is stuck, which is when one
looks at the lag.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from spanwise.collector.bus.kafka.partition import Partition
from spanwise.collector.bus.kafka.subscription import Subscription

INTERVAL_SECONDS = 2.0


class LagObserver(Protocol):
    def behind(self, group: str, topic: str, partition: int, records: int, seconds: float) -> None:
        """So many records are not handled yet, the oldest of which was published so long ago."""
        ...

    def gone(self, group: str, topic: str, partition: int) -> None:
        """The partition belongs to somebody else now: nothing is known of it here any more."""
        ...


async def watch_lag(
    consumer: Any,
    subscription: Subscription,
    partitions: Mapping[TopicPartition, Partition],
    observer: LagObserver,
    stopping: asyncio.Event,
) -> None:
    """Tell the observer every two seconds, until `stopping` is set."""
    while not stopping.is_set():
        with suppress(KafkaError, TimeoutError):  # the brokers are away; what was told last stays until they are back
            await _tell(consumer, subscription, partitions, observer)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), INTERVAL_SECONDS)


async def _tell(
    consumer: Any, subscription: Subscription, partitions: Mapping[TopicPartition, Partition], observer: LagObserver
) -> None:
    known = dict(partitions)
    if not known:
        return
    begins, ends = await asyncio.gather(consumer.beginning_offsets(list(known)), consumer.end_offsets(list(known)))
    for at, partition in known.items():
        if not partition.lost:
            handled = max(partition.handled or 0, begins[at])
            records = max(ends[at] - handled, 0)
            seconds = max(time.time() - partition.oldest, 0.0) if records and partition.oldest else 0.0
            observer.behind(subscription.group, subscription.topic, at.partition, records, seconds)
