"""Kafka buses for tests, each with topics and groups of its own on a shared cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from spanwise.collector.bus.kafka.bus import KafkaBus
from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.kafka.settings import KafkaSettings
from tests.brokers.cluster import Cluster

_PREFIXES = count(1)


@dataclass
class Lags:
    """What a consumer says of its lag: (records, seconds) by partition."""

    now: dict[int, tuple[int, float]] = field(default_factory=dict)

    def behind(self, group: str, topic: str, partition: int, records: int, seconds: float) -> None:
        self.now[partition] = (records, seconds)

    revoked: list[int] = field(default_factory=list)

    def gone(self, group: str, topic: str, partition: int) -> None:
        self.now.pop(partition, None)
        self.revoked.append(partition)


def kafka_settings(**chosen: Any) -> KafkaSettings:
    """With a prefix of its own, and a session that ends soon."""
    defaults: dict[str, Any] = {"topic_prefix": f"t{next(_PREFIXES)}.", "session_seconds": 2.0, "partitions": 3}
    return KafkaSettings(**(defaults | chosen))


@asynccontextmanager
async def kafka_bus(
    cluster: Cluster, settings: KafkaSettings, lags: Lags | None = None, *, batch_bytes: int = 1024 * 1024
) -> AsyncIterator[KafkaBus]:
    """With its topics made; several with the same settings are several processes."""
    connection = Connection(cluster.addresses, settings)
    bus = KafkaBus(connection, settings, lags or Lags(), spacing={}, batch_bytes=batch_bytes)
    try:
        yield bus
    finally:
        await bus.close()
