"""Another program that writes on our topics."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import product

from aiokafka import AIOKafkaProducer

from spanwise.collector.bus import SPANS, STORED, Record
from tests.scenarios.deployment import Deployment


def publish_foreign(deployed: Deployment, values: Sequence[bytes]) -> None:
    """OTLP requests on `spans`, as the OpenTelemetry Collector's Kafka exporter writes them: bytes, and nothing beside
    them; all on one partition, in this order.
    """
    asyncio.run(_publish(deployed, SPANS, [Record(value) for value in values], [0]))


def publish_notices(deployed: Deployment, records: Sequence[Record]) -> None:
    """Each of these on every partition of `stored`."""
    asyncio.run(_publish(deployed, STORED, records, range(int(deployed.settings["SPANWISE_KAFKA__PARTITIONS"]))))


async def _publish(deployed: Deployment, topic: str, records: Sequence[Record], partitions: Iterable[int]) -> None:
    name = f"{deployed.settings['SPANWISE_KAFKA__TOPIC_PREFIX']}{topic}"
    async with AIOKafkaProducer(bootstrap_servers=list(deployed.cluster.addresses)) as producer:
        for partition, record in product(partitions, records):
            headers = list(record.headers.items())
            await producer.send_and_wait(name, record.value, partition=partition, headers=headers)
