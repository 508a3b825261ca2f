"""Another program that writes OTLP requests on `spans`, as the OpenTelemetry Collector's Kafka exporter does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from tests.scenarios.deployment import Deployment


def publish_foreign(deployed: Deployment, values: Sequence[bytes]) -> None:
    """Bytes, and nothing beside them; all on one partition, in this order."""
    asyncio.run(_publish(deployed, values))


async def _publish(deployed: Deployment, values: Sequence[bytes]) -> None:
    topic = f"{deployed.settings['SPANWISE_KAFKA__TOPIC_PREFIX']}spans"
    async with AIOKafkaProducer(bootstrap_servers=list(deployed.cluster.addresses)) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, partition=0)
