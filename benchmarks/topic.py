"""A topic of spans as the receive role writes it: requests of 512 spans, no two the same, compressed with zstd."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime

from benchmarks.bodies import KINDS, SPANS, unique
from spanwise.collector.bus import SPANS as TOPIC
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.bus.requests import to_record
from tests.brokers.buses import kafka_bus
from tests.brokers.cluster import Cluster

BODIES = 32
"""Different requests; each is sent again and again, a byte changed, as stored requests are not stored twice."""
AT_ONCE = 16
RECORD_BYTES = 4_000_000
"""A request of 512 agent spans is one record."""


class Topic:
    """The topic `spans` with this prefix."""

    def __init__(self, cluster: Cluster, prefix: str, kind: str, partitions: int = 4) -> None:
        self.prefix = prefix
        self._cluster = cluster
        self._settings = KafkaSettings(topic_prefix=prefix, partitions=partitions, record_bytes=RECORD_BYTES)
        self._requests = unique([KINDS[kind](seed) for seed in range(BODIES)])

    @property
    def name(self) -> str:
        return f"{self.prefix}{TOPIC}"

    def fill(self, requests: int) -> int:
        """Return once so many more requests are durable, with the number of their spans."""
        asyncio.run(self._fill(requests))
        return requests * SPANS

    async def _fill(self, requests: int) -> None:
        async with kafka_bus(self._cluster, self._settings) as bus:
            for start in range(0, requests, AT_ONCE):
                some = itertools.islice(self._requests, min(AT_ONCE, requests - start))
                await bus.publish(TOPIC, [to_record(one, "default", datetime.now(UTC)) for one in some])
