"""The composition root: the only place that reads the URLs.

Wires the roles, starts them downstream first and stops them upstream first, so that what was acknowledged is always in
the care of somebody who is still there.
"""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import grpc

from spanwise.collector.bus import CONTEXT, SPANS, STORED, Bus, Record
from spanwise.collector.bus.memory import Delivery, MemoryBus
from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.grpc import ContextDoor
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.watch import Watchers
from spanwise.collector.context.wire import update_to_wire
from spanwise.collector.directory import announce, hold
from spanwise.collector.metrics import Metrics
from spanwise.collector.model import ContextUpdate
from spanwise.collector.operations import OperationsDoor
from spanwise.collector.plugins.workers import Workers
from spanwise.collector.receive import server as grpc_server
from spanwise.collector.receive.credentials import Credentials
from spanwise.collector.receive.grpc import trace_service
from spanwise.collector.receive.ingest import Ingest
from spanwise.collector.roles.processing import Limits, Processing
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.roles.schedule import Patience, Schedule
from spanwise.collector.roles.storing import storing
from spanwise.collector.servers import serving_grpc, serving_http
from spanwise.collector.settings import InvalidSettings, ServeStoreSettings, Settings, is_loopback
from spanwise.collector.store import Store
from spanwise.collector.store.clickhouse import ClickHouseStore, create_database
from spanwise.collector.store.clients import embedded_client, served_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.serve.app import EVERY_HOST, LOOPBACK, Served, metrics_app, query_app
from spanwise.collector.store.serve.users import DEFAULT_USER, User, Users, anyone
from spanwise.collector.store.url import EmbeddedStore, ServedStore
from spanwise.processors.discover import LEARNERS, PROCESSORS, discover
from spanwise.v1.collector_pb2_grpc import add_CollectorServiceServicer_to_server
from spanwise.v1.context_pb2_grpc import add_ContextServiceServicer_to_server

FREE_PORT = "127.0.0.1:0"


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
    """The store of the settings. An embedded one is held by this process until the block ends.

    Raises `Held`; `Busy` if a server cannot be reached, `Rejected` if it refuses.
    """
    async with AsyncExitStack() as stack:
        match settings.store:
            case EmbeddedStore(path):
                stack.enter_context(hold(path))
                connect = partial(embedded_client, path)
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
                connect = partial(reach, database)
        store = ClickHouseStore(connect)
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
    with hold(path), query_app(served, Metrics().registry) as app:
        engine = await asyncio.to_thread(embedded_client, path)  # as long as it is open, so is the engine
        try:
            async with serving_http(app, chosen.listen, "serve_store.listen") as address:
                announce(path, "", address)
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

    Raises `Held` if another process has the data directory, and `CannotListen`.
    """
    async with AsyncExitStack() as stack:  # unwinds in reverse: upstream first
        store = await stack.enter_async_context(open_store(settings))
        await migrate(store, cluster=settings.clickhouse.cluster)
        metrics = Metrics()
        query_address = await stack.enter_async_context(_queries(settings, metrics))
        bus = _bus(settings)
        log, watchers = _context(store, bus)
        processing = await stack.enter_async_context(_processing(settings, store, log, metrics))
        work = [*_process(bus, processing)] if Role.PROCESS in roles else []
        if Role.STORE in roles:
            work.append(await _store(settings, bus, store, metrics))
        tasks = [await stack.enter_async_context(_background(one)) for one in work]
        grpc_address = ""
        if Role.RECEIVE in roles:
            server = await _server(settings, Ingest(bus, metrics), log, watchers, processing)
            listening = serving_grpc(server, settings.receive.listen, settings.receive.shutdown_seconds)
            grpc_address = await stack.enter_async_context(listening)
            stack.callback(watchers.close)  # before the server waits for its calls: these would not end by themselves
        if isinstance(settings.store, EmbeddedStore):
            announce(settings.store.path, grpc_address, query_address)
        yield Collector(grpc_address, query_address, metrics, tasks)


@asynccontextmanager
async def _queries(settings: Settings, metrics: Metrics) -> AsyncIterator[str]:
    """Where the collector answers over HTTP: reading queries if the engine is its own, its metrics in any case."""
    with ExitStack() as stack:
        match settings.store:
            case EmbeddedStore(path):
                app = stack.enter_context(query_app(Served(path, anyone), metrics.registry))
                listen = settings.query.listen
            case ServedStore():
                app = metrics_app(metrics.registry)
                # The usual port is ClickHouse's own, and the store may be on this machine.
                listen = settings.query.listen if settings.query.model_fields_set else FREE_PORT
        async with serving_http(app, listen, "query.listen") as address:
            yield address


def _bus(settings: Settings) -> Bus:
    storing_settings = settings.storing
    return MemoryBus(
        {SPANS: Delivery(awaited=True, spacing=storing_settings.spacing_seconds)},
        capacity=storing_settings.waiting_bytes,
        batch_bytes=storing_settings.batch_bytes,
        clock=time.monotonic,
    )


def _context(store: Store, bus: Bus) -> tuple[ContextLog, Watchers]:
    async def publish(updates: Sequence[ContextUpdate]) -> None:
        watchers.wake(updates)
        records = [Record(update_to_wire(one).SerializeToString(), one.record_id.encode()) for one in updates]
        await bus.publish(CONTEXT, records)

    log = ContextLog(store, _now, publish)
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


async def _store(settings: Settings, bus: Bus, store: Store, metrics: Metrics) -> Coroutine[Any, Any, None]:
    stored = StoredRequests(timedelta(seconds=settings.storing.repeat_seconds))
    await stored.load(store, _now())
    return bus.consume(SPANS, "store", storing(store, bus, stored, metrics, _now, settings.org))


async def _server(
    settings: Settings, ingest: Ingest, log: ContextLog, watchers: Watchers, processing: Processing
) -> grpc.aio.Server:
    """Every door on one server."""
    tokens = {token.get_secret_value(): org for org, token in settings.receive.tokens.items()}
    credentials = Credentials(settings.org, tokens)

    def org_of(context: grpc.aio.ServicerContext[Any, Any]) -> str:
        return credentials.org(context.invocation_metadata() or ())

    server = grpc_server.grpc_server(credentials, settings.receive.max_request_bytes)
    server.add_generic_rpc_handlers((trace_service(ingest, org_of),))
    add_ContextServiceServicer_to_server(ContextDoor(ContextDesk(log), watchers, org_of), server)
    add_CollectorServiceServicer_to_server(OperationsDoor(processing, org_of), server)
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
