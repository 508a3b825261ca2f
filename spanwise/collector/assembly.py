"""The composition root: the only place that reads the URLs.

Wires the roles, starts them downstream first and stops them upstream first, so that what was acknowledged is always in
the care of somebody who is still there.
"""

from __future__ import annotations

import asyncio
import enum
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

import grpc

from spanwise.collector.access import Caller
from spanwise.collector.allocator import keep_freed_memory
from spanwise.collector.browsers import EVERY_HOST, LOOPBACK
from spanwise.collector.bus import CONTEXT, SPANS, STORED, Bus
from spanwise.collector.bus.kafka.bus import KafkaBus
from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.kafka.journal import open_journal
from spanwise.collector.bus.memory import Delivery, MemoryBus
from spanwise.collector.context.admission import Dropped
from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.fenced import FencedDesk
from spanwise.collector.context.grpc import ContextDoor
from spanwise.collector.context.http.routes import ContextRoutes
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.mcp import mcp_route
from spanwise.collector.context.policies import enforce
from spanwise.collector.context.policy import Policy
from spanwise.collector.context.policy_file import load_policy
from spanwise.collector.context.watch import Watchers
from spanwise.collector.deliver.delivery import Deliveries
from spanwise.collector.deliver.grpc import DeliveryDoor
from spanwise.collector.deliver.letters import Letters
from spanwise.collector.deliver.positions import StorePositions
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.directory import Addresses, announce, hold
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.erasure.eraser import Eraser
from spanwise.collector.erasure.people import StorePeople
from spanwise.collector.metrics import DeliveryGauges, LagGauges, Metrics, process_registry
from spanwise.collector.model import ContextUpdate, Signal
from spanwise.collector.operations import OperationsDoor
from spanwise.collector.plugins.workers import Workers
from spanwise.collector.receive import server as grpc_server
from spanwise.collector.receive.credentials import Credentials
from spanwise.collector.receive.grpc import trace_service
from spanwise.collector.receive.http_app import http_app
from spanwise.collector.receive.ingest import UNLIMITED, Ingest
from spanwise.collector.roles.processing import Limits, Processing
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.roles.retiring import retiring
from spanwise.collector.roles.schedule import Patience, Schedule
from spanwise.collector.roles.storing import storing
from spanwise.collector.servers import serving_grpc, serving_http
from spanwise.collector.settings import InvalidSettings, ServeStoreSettings, Settings, is_loopback
from spanwise.collector.store import Store
from spanwise.collector.store.clickhouse import ClickHouseStore, create_database
from spanwise.collector.store.clients import embedded_client, served_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.retention import retain
from spanwise.collector.store.serve.app import Served, metrics_app, query_app
from spanwise.collector.store.serve.users import DEFAULT_USER, User, Users, anyone
from spanwise.collector.store.signals import write_signals
from spanwise.collector.store.url import EmbeddedStore, ServedStore
from spanwise.processors.discover import LEARNERS, PROCESSORS, discover
from spanwise.v1.collector_pb2_grpc import add_CollectorServiceServicer_to_server
from spanwise.v1.context_pb2_grpc import add_ContextServiceServicer_to_server
from spanwise.v1.delivery_pb2_grpc import add_DeliveryServiceServicer_to_server

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

FREE_PORT = "127.0.0.1:0"


class Role(enum.StrEnum):
    """What a process can do. With Kafka, any number of processes may receive, and any number may store."""

    RECEIVE = "receive"
    """Takes OTLP in. Needs no store."""
    STORE = "store"
    """Writes rows."""
    PROCESS = "process"
    """Reads traces and learns from them. One process, which has `context` as well: both append to one log."""
    CONTEXT = "context"
    """Answers agents, and the people who decide."""
    DELIVER = "deliver"
    """Keeps the downstream stores up to date. One process."""


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector that has started."""

    grpc_address: str
    http_address: str
    query_address: str
    metrics: Metrics
    tasks: Sequence[asyncio.Task[None]] = field(repr=False)

    async def failed(self) -> None:
        """Roles end only by failing: raises what the first of them raised, and does not return before."""
        if not self.tasks:  # a receiver has none
            await asyncio.Event().wait()
        done, _ = await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The store of the settings. An embedded one is held by this process until the block ends.

    Raises `Held`; `Busy` if a server cannot be reached, `Rejected` if it refuses.
    """
    async with AsyncExitStack() as stack:
        match settings.store:
            case EmbeddedStore(path):
                stack.enter_context(hold(path))
                store = ClickHouseStore(partial(embedded_client, path))
            case ServedStore(database=database) as served:
                chosen = settings.clickhouse
                reach = partial(
                    served_client,
                    served,
                    connect_seconds=chosen.connect_seconds,
                    answer_seconds=chosen.answer_seconds,
                    ca_file=chosen.ca_file,
                )
                await asyncio.to_thread(create_database, partial(reach, ""), database, chosen.cluster)
                store = ClickHouseStore(partial(reach, database), compressed=chosen.compression == "lz4")
        stack.push_async_callback(store.close)
        yield store


@asynccontextmanager
async def serve_store(settings: Settings) -> AsyncIterator[str]:
    """The embedded engine, answering ClickHouse clients until the block ends; gives its address.

    Raises `Held`, `CannotListen`, and `InvalidSettings` if the store is another server's.
    """
    if not isinstance(settings.store, EmbeddedStore):
        raise InvalidSettings(f"store = '{settings.store}': what is served is a directory: chdb:///absolute/path")
    chosen, path = settings.serve_store, settings.store.path
    served = Served(
        path,
        Users(_users(chosen)),
        hosts=LOOPBACK if is_loopback(chosen.listen) else EVERY_HOST,
        waiting_bytes=chosen.waiting_bytes,
        calls=chosen.calls,
    )
    with hold(path), query_app(served, process_registry()) as app:
        engine = await asyncio.to_thread(embedded_client, path)  # as long as it is open, so is the engine
        try:
            async with serving_http(app, chosen.listen, "serve_store.listen") as address:
                announce(path, Addresses(os.getpid(), "", address))
                yield address
        finally:
            engine.close()


def _users(chosen: ServeStoreSettings) -> Sequence[User]:
    writers = [User(name, password.get_secret_value(), writes=True) for name, password in chosen.users.items()]
    readers = [User(name, password.get_secret_value(), writes=False) for name, password in chosen.readers.items()]
    return [*writers, *readers] or [User(DEFAULT_USER, "", writes=True)]


@asynccontextmanager
async def start_collector(settings: Settings, roles: frozenset[Role] = frozenset(Role)) -> AsyncIterator[Collector]:
    """A collector with these roles, until the block ends: requests in flight are finished then, and nothing is lost.

    One that only receives does not open the store. Raises `Held` if another process has the data directory, and
    `CannotListen`.
    """
    keep_freed_memory()
    async with AsyncExitStack() as stack:  # unwinds in reverse: upstream first
        metrics = Metrics()
        bus = await stack.enter_async_context(_bus(settings, metrics))
        core = await stack.enter_async_context(_core(settings, bus, metrics)) if roles - {Role.RECEIVE} else None
        query_address = await stack.enter_async_context(_queries(settings, metrics, core))
        work = _work(settings, roles, bus, core, metrics) if core else ()
        tasks = [await stack.enter_async_context(_background(one)) for one in work]
        grpc_address = http_address = ""
        if served := roles & {Role.RECEIVE, Role.CONTEXT}:
            server = await _server(settings, served, bus, core, metrics)
            listening = serving_grpc(server, settings.receive.listen, settings.receive.shutdown_seconds)
            grpc_address = await stack.enter_async_context(listening)
        if core and Role.CONTEXT in roles:
            http_address = await stack.enter_async_context(_http(settings, core))
        if core:
            stack.callback(core.watchers.close)  # before the server waits for its calls: these would not end
        if core and isinstance(settings.store, EmbeddedStore):
            announce(settings.store.path, Addresses(os.getpid(), grpc_address, query_address, http_address))
        yield Collector(grpc_address, http_address, query_address, metrics, tasks)


@dataclass(frozen=True, slots=True)
class _Core:
    """What the roles share that need the store."""

    bus: Bus
    store: Store
    log: ContextLog
    watchers: Watchers
    processing: Processing
    erased: ErasedTraces
    deliveries: Deliveries


@asynccontextmanager
async def _core(settings: Settings, bus: Bus, metrics: Metrics) -> AsyncIterator[_Core]:
    async with open_store(settings) as store:
        await migrate(store, cluster=settings.clickhouse.cluster)
        await retain(store, settings.storing.retention_days, settings.clickhouse.cluster)
        policy = load_policy(settings.context.policy)
        await enforce(store, policy, _now)
        deliveries = _deliveries(settings, store)
        log, watchers = _context(store, deliveries, policy, metrics)
        async with _processing(settings, store, log, metrics) as processing:
            yield _Core(bus, store, log, watchers, processing, ErasedTraces(store), deliveries)


@asynccontextmanager
async def _queries(settings: Settings, metrics: Metrics, core: _Core | None) -> AsyncIterator[str]:
    """Where the collector answers over HTTP: reading queries if the engine is its own, its metrics in any case."""
    with ExitStack() as stack:
        match settings.store:
            case EmbeddedStore(path) if core:
                app = stack.enter_context(query_app(Served(path, anyone), metrics.registry))
                listen = settings.query.listen
            case _:
                app = metrics_app(metrics.registry)
                # The usual port is ClickHouse's own, and another process of this machine may have it.
                listen = settings.query.listen if settings.query.model_fields_set else FREE_PORT
        async with serving_http(app, listen, "query.listen") as address:
            yield address


@asynccontextmanager
async def _bus(settings: Settings, metrics: Metrics) -> AsyncIterator[Bus]:
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


def _context(store: Store, deliveries: Deliveries, policy: Policy, metrics: Metrics) -> tuple[ContextLog, Watchers]:
    async def publish(updates: Sequence[ContextUpdate]) -> None:
        watchers.wake(updates)
        deliveries.tail.wake(updates)

    def report(dropped: Sequence[Dropped]) -> None:
        for one in dropped:
            metrics.dropped_updates.labels(one.why).inc()

    log = ContextLog(store, _now, publish, policy, report)
    watchers = Watchers(log)
    return log, watchers


def _deliveries(settings: Settings, store: Store) -> Deliveries:
    log, letters, positions = LogReader(store), Letters(store, _now), StorePositions(store, _now)
    journal = partial(open_journal, Connection(settings.brokers, settings.kafka), settings.kafka, CONTEXT)
    return Deliveries(settings.stores_to_deliver, log, letters, positions, _now, journal if settings.brokers else None)


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


def _work(
    settings: Settings, roles: frozenset[Role], bus: Bus, core: _Core, metrics: Metrics
) -> Iterator[Coroutine[Any, Any, None]]:
    """What runs in the background, downstream first."""
    if Role.DELIVER in roles:
        DeliveryGauges(metrics.registry, core.deliveries.standing, settings.stores_to_deliver.stores)
        yield core.deliveries.run()
    if Role.PROCESS in roles:
        yield bus.consume(STORED, "process", core.processing.handle, core.processing.recover)
        yield core.processing.run()
        yield retiring(core.store, core.log, settings.context.retention_seconds, _now)
    if Role.STORE in roles:
        stored = StoredRequests(timedelta(seconds=settings.storing.repeat_seconds))
        handle = storing(core.store, bus, stored, metrics, _now, settings.org, core.erased)
        yield bus.consume(SPANS, "store", handle, lambda: stored.load(core.store, _now()))


def _desk_of(core: _Core) -> Callable[[Caller], FencedDesk]:
    """The desk as each caller may use it, for every door."""

    async def note(signals: Sequence[Signal]) -> None:
        await write_signals(core.store, signals, _now)

    eraser = Eraser(core.store, core.log, core.erased, _now, core.watchers.wake, core.bus.retention)
    people = StorePeople(core.store, eraser, core.log, _now)
    desk = ContextDesk(core.log, note)
    return lambda caller: FencedDesk(caller, desk, core.watchers, people)


def _credentials(settings: Settings) -> Credentials:
    known = settings.receive.every_credential
    return Credentials(
        settings.org, {one.token.get_secret_value(): Caller(one.org, one.user, one.agent) for one in known}
    )


@asynccontextmanager
async def _http(settings: Settings, core: _Core) -> AsyncIterator[str]:
    """Every door that speaks HTTP, on one port."""
    listen = settings.receive.http_listen
    app = http_app(_credentials(settings), LOOPBACK if is_loopback(listen) else EVERY_HOST)
    desk_of = _desk_of(core)
    app.include_router(ContextRoutes(lambda request: desk_of(request.state.caller)).router())
    async with mcp_route(desk_of) as route:
        app.router.routes.append(route)
        async with serving_http(app, listen, "receive.http_listen", settings.receive.shutdown_seconds) as address:
            yield address


async def _server(
    settings: Settings, roles: frozenset[Role], bus: Bus, core: _Core | None, metrics: Metrics
) -> grpc.aio.Server:
    """Every door of these roles on one server."""
    credentials = _credentials(settings)

    def caller_of(context: Call) -> Caller:
        return credentials.caller(context.invocation_metadata() or ())

    server = grpc_server.grpc_server(credentials, settings.receive.max_request_bytes)
    services: list[str] = []
    if Role.RECEIVE in roles:
        record_bytes = settings.kafka.record_bytes if settings.brokers else UNLIMITED
        server.add_generic_rpc_handlers((trace_service(Ingest(bus, metrics, record_bytes), caller_of),))
        services += grpc_server.RECEIVING
    if core and Role.CONTEXT in roles:
        desk_of = _desk_of(core)
        add_ContextServiceServicer_to_server(ContextDoor(lambda call: desk_of(caller_of(call))), server)
        operations = OperationsDoor(core.processing, core.processing.rehearse, caller_of)
        add_CollectorServiceServicer_to_server(operations, server)
        fenced = bool(settings.receive.every_credential)
        add_DeliveryServiceServicer_to_server(DeliveryDoor(core.deliveries, caller_of, fenced=fenced), server)
        services += grpc_server.ANSWERING
    await grpc_server.add_health_and_reflection(server, services)
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
