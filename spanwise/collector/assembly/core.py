"""What the roles share that need the store: the context, processing, delivery."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from spanwise.collector.assembly.stores import open_store
from spanwise.collector.bus import CONTEXT, Bus
from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.kafka.journal import open_journal
from spanwise.collector.context.admission import Dropped
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policies import enforce
from spanwise.collector.context.policy import Policy
from spanwise.collector.context.policy_file import load_policy
from spanwise.collector.context.watch import Watchers
from spanwise.collector.deliver.delivery import Deliveries
from spanwise.collector.deliver.letters import Letters
from spanwise.collector.deliver.positions import StorePositions
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.metrics import Metrics
from spanwise.collector.model import ContextUpdate
from spanwise.collector.plugins.workers import Workers
from spanwise.collector.roles.processing import Limits, Processing
from spanwise.collector.roles.schedule import Patience, Schedule
from spanwise.collector.settings import Settings
from spanwise.collector.store import Store
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.retention import retain
from spanwise.processors.discover import LEARNERS, PROCESSORS, discover


@dataclass(frozen=True, slots=True)
class Core:
    """What the roles share that need the store."""

    bus: Bus
    store: Store
    log: ContextLog
    watchers: Watchers
    processing: Processing
    erased: ErasedTraces
    deliveries: Deliveries


@asynccontextmanager
async def open_core(settings: Settings, bus: Bus, metrics: Metrics) -> AsyncIterator[Core]:
    async with open_store(settings) as store:
        await migrate(store, cluster=settings.clickhouse.cluster)
        await retain(store, settings.storing.retention_days, settings.clickhouse.cluster)
        policy = load_policy(settings.context.policy)
        await enforce(store, policy, now)
        deliveries = _deliveries(settings, store)
        log, watchers = _context(store, deliveries, policy, metrics)
        async with _processing(settings, store, log, metrics) as processing:
            yield Core(bus, store, log, watchers, processing, ErasedTraces(store), deliveries)


def _context(store: Store, deliveries: Deliveries, policy: Policy, metrics: Metrics) -> tuple[ContextLog, Watchers]:
    async def publish(updates: Sequence[ContextUpdate]) -> None:
        watchers.wake(updates)
        deliveries.tail.wake(updates)

    def report(dropped: Sequence[Dropped]) -> None:
        for one in dropped:
            metrics.dropped_updates.labels(one.why).inc()

    log = ContextLog(store, now, publish, policy, report)
    watchers = Watchers(log)
    return log, watchers


def _deliveries(settings: Settings, store: Store) -> Deliveries:
    log, letters, positions = LogReader(store), Letters(store, now), StorePositions(store, now)
    journal = partial(open_journal, Connection(settings.brokers, settings.kafka), settings.kafka, CONTEXT)
    return Deliveries(settings.stores_to_deliver, log, letters, positions, now, journal if settings.brokers else None)


@asynccontextmanager
async def _processing(settings: Settings, store: Store, log: ContextLog, metrics: Metrics) -> AsyncIterator[Processing]:
    chosen = settings.processing
    patience = Patience(chosen.pause_per_span_seconds, longest=chosen.longest_wait_seconds)
    limits = Limits(round_spans=chosen.round_spans, earlier_calls=chosen.earlier_calls)
    workers = Workers(discover(PROCESSORS), discover(LEARNERS), chosen.plugin_seconds, metrics)
    try:
        yield Processing(store, workers, log, Schedule(patience, time.monotonic), limits, metrics, now)
    finally:
        await workers.close()


def now() -> datetime:
    return datetime.now(UTC)
