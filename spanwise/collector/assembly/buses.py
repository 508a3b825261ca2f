"""The bus of the settings."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from spanwise.collector.bus import SPANS, Bus
from spanwise.collector.bus.kafka.bus import KafkaBus
from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.memory import Delivery, MemoryBus
from spanwise.collector.metrics import LagGauges, Metrics
from spanwise.collector.settings import Settings


@asynccontextmanager
async def open_bus(settings: Settings, metrics: Metrics) -> AsyncIterator[Bus]:
    chosen = settings.storing
    if not settings.brokers:
        awaited = Delivery(awaited=True, spacing=chosen.spacing_seconds)
        capacity, batch_bytes = chosen.waiting_bytes, chosen.batch_bytes
        yield MemoryBus({SPANS: awaited}, capacity=capacity, batch_bytes=batch_bytes, clock=time.monotonic)
        return
    bus = KafkaBus(
        Connection(settings.brokers, settings.kafka),
        settings.kafka,
        LagGauges(metrics.registry),
        spacing={SPANS: chosen.spacing_seconds},
        batch_bytes=chosen.batch_bytes,
    )
    try:
        yield bus
    finally:
        await bus.close()
