"""The composition root: the only place that reads the URLs.

Wires the roles, starts them downstream first and stops them upstream first, so that what was acknowledged is always in
the care of somebody who is still there.
"""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import grpc

from spanwise.collector.bus import CONTEXT, SPANS, STORED, Bus, Record
from spanwise.collector.bus.memory import Delivery, MemoryBus
from spanwise.collector.context.admission import Dropped
from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.grpc import ContextDoor
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policy import Policy
from spanwise.collector.context.policy_file import load_policy
from spanwise.collector.context.watch import Watchers
from spanwise.collector.context.wire import update_to_wire
from spanwise.collector.directory import announce, hold
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.erasure.eraser import Eraser
from spanwise.collector.erasure.people import StorePeople
from spanwise.collector.metrics import Metrics
from spanwise.collector.model import ContextUpdate, Signal
from spanwise.collector.operations import OperationsDoor
from spanwise.collector.plugins.workers import Workers
from spanwise.collector.receive import server as grpc_server
from spanwise.collector.receive.credentials import Credentials
from spanwise.collector.receive.grpc import trace_service
from spanwise.collector.receive.ingest import Ingest
from spanwise.collector.roles.processing import Limits, Processing
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.roles.retiring import retiring
from spanwise.collector.roles.schedule import Patience, Schedule
from spanwise.collector.roles.storing import storing
from spanwise.collector.servers import serving_grpc, serving_http
from spanwise.collector.settings import Settings
from spanwise.collector.store import Store
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import embedded_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.serve import query_app
from spanwise.collector.store.signals import write_signals
from spanwise.processors.discover import LEARNERS, PROCESSORS, discover
from spanwise.v1.collector_pb2_grpc import add_CollectorServiceServicer_to_server
from spanwise.v1.context_pb2_grpc import add_ContextServiceServicer_to_server

OrgOf: TypeAlias = "Callable[[grpc.aio.ServicerContext[Any, Any]], str]"


class Role(enum.StrEnum):
    """What a process can do."""

    RECEIVE = "receive"
    STORE = "store"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector that has started."""

    grpc_address: str
    query_address: str
    metrics: Metrics
    tasks: Sequence[asyncio.Task[None]] = field(repr=False)

    async def failed(self) -> None:
        """Roles end only by failing: raises what the first of them raised, and does not return before."""
        done, _ = await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The store of the settings, held by this process. Raises `Held`."""
    with hold(settings.store_path):
        store = ClickHouseStore(lambda: embedded_client(settings.store_path))
        try:
            yield store
        finally:
            await store.close()


@asynccontextmanager
async def start_collector(settings: Settings, roles: frozenset[Role] = frozenset(Role)) -> AsyncIterator[Collector]:
    """A collector with these roles, until the block ends: requests in flight are finished then, and nothing is lost.

    Raises `Held` if another process has the data directory, and `CannotListen`.
    """
    async with AsyncExitStack() as stack:  # unwinds in reverse: upstream first
        store = await stack.enter_async_context(open_store(settings))
        await migrate(store)
        metrics = Metrics()
        app = query_app(settings.store_path, metrics.registry)
        query_address = await stack.enter_async_context(serving_http(app, settings.query.listen))
        bus = _bus(settings)
        erased = ErasedTraces(store)
        log, watchers = _context(store, bus, load_policy(settings.context.policy), metrics)
        people = StorePeople(store, Eraser(store, log, erased, _now, watchers.wake), log, _now)
        processing = await stack.enter_async_context(_processing(settings, store, log, metrics))
        work = [*_process(bus, processing), retiring(store, log, settings.context.retention_seconds, _now)]
        work = work if Role.PROCESS in roles else []
        if Role.STORE in roles:
            work.append(await _store(settings, bus, store, metrics, erased))
        tasks = [await stack.enter_async_context(_background(one)) for one in work]
        grpc_address = ""
        if Role.RECEIVE in roles:
            server = await _server(
                settings, Ingest(bus, metrics), _context_door(store, log, watchers, people), processing
            )
            listening = serving_grpc(server, settings.receive.listen, settings.receive.shutdown_seconds)
            grpc_address = await stack.enter_async_context(listening)
            stack.callback(watchers.close)  # before the server waits for its calls: these would not end by themselves
        announce(settings.store_path, grpc_address, query_address)
        yield Collector(grpc_address, query_address, metrics, tasks)


def _bus(settings: Settings) -> Bus:
    storing_settings = settings.storing
    return MemoryBus(
        {SPANS: Delivery(awaited=True, spacing=storing_settings.spacing_seconds)},
        capacity=storing_settings.waiting_bytes,
        batch_bytes=storing_settings.batch_bytes,
        clock=time.monotonic,
    )


def _context(store: Store, bus: Bus, policy: Policy, metrics: Metrics) -> tuple[ContextLog, Watchers]:
    async def publish(updates: Sequence[ContextUpdate]) -> None:
        watchers.wake(updates)
        records = [Record(update_to_wire(one).SerializeToString(), one.record_id.encode()) for one in updates]
        await bus.publish(CONTEXT, records)

    def report(dropped: Sequence[Dropped]) -> None:
        for one in dropped:
            metrics.dropped_updates.labels(one.why).inc()

    log = ContextLog(store, _now, publish, policy, report)
    watchers = Watchers(log)
    return log, watchers


@asynccontextmanager
async def _processing(settings: Settings, store: Store, log: ContextLog, metrics: Metrics) -> AsyncIterator[Processing]:
    chosen = settings.processing
    patience = Patience(chosen.pause_per_span_seconds, longest=chosen.longest_wait_seconds)
    limits = Limits(round_spans=chosen.round_spans, earlier_calls=chosen.earlier_calls)
    workers = Workers(discover(PROCESSORS), discover(LEARNERS), chosen.plugin_seconds, metrics)
    try:
        yield Processing(store, workers, log, Schedule(patience, time.monotonic), limits, metrics, _now)
    finally:
        await workers.close()


def _process(bus: Bus, processing: Processing) -> Sequence[Coroutine[Any, Any, None]]:
    return bus.consume(STORED, "process", processing.handle), processing.run()


async def _store(
    settings: Settings, bus: Bus, store: Store, metrics: Metrics, erased: ErasedTraces
) -> Coroutine[Any, Any, None]:
    stored = StoredRequests(timedelta(seconds=settings.storing.repeat_seconds))
    await stored.load(store, _now())
    return bus.consume(SPANS, "store", storing(store, bus, stored, metrics, _now, erased))


def _context_door(
    store: Store, log: ContextLog, watchers: Watchers, people: StorePeople
) -> Callable[[OrgOf], ContextDoor]:
    async def note(signals: Sequence[Signal]) -> None:
        await write_signals(store, signals, _now)

    return lambda org_of: ContextDoor(ContextDesk(log, note), watchers, org_of, people)


async def _server(
    settings: Settings, ingest: Ingest, context_door: Callable[[OrgOf], ContextDoor], processing: Processing
) -> grpc.aio.Server:
    """Every door on one server."""
    tokens = {token.get_secret_value(): org for org, token in settings.receive.tokens.items()}
    credentials = Credentials(settings.org, tokens)

    def org_of(context: grpc.aio.ServicerContext[Any, Any]) -> str:
        return credentials.org(context.invocation_metadata() or ())

    server = grpc_server.grpc_server(credentials, settings.receive.max_request_bytes)
    server.add_generic_rpc_handlers((trace_service(ingest, org_of),))
    add_ContextServiceServicer_to_server(context_door(org_of), server)
    add_CollectorServiceServicer_to_server(OperationsDoor(processing, processing.rehearse, org_of), server)
    await grpc_server.add_health_and_reflection(server)
    return server


@asynccontextmanager
async def _background(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _now() -> datetime:
    return datetime.now(UTC)
