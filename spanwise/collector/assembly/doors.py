"""Where the collector answers: gRPC, the context over HTTP, queries and metrics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from typing import Any, TypeAlias

import grpc

from spanwise.collector.access import Caller
from spanwise.collector.assembly.core import Core, now
from spanwise.collector.assembly.role import Role
from spanwise.collector.browsers import EVERY_HOST, LOOPBACK
from spanwise.collector.bus import Bus
from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.fenced import FencedDesk
from spanwise.collector.context.grpc import ContextDoor
from spanwise.collector.context.http.routes import ContextRoutes
from spanwise.collector.context.mcp import mcp_route
from spanwise.collector.deliver.grpc import DeliveryDoor
from spanwise.collector.erasure.eraser import Eraser
from spanwise.collector.erasure.people import StorePeople
from spanwise.collector.metrics import Metrics
from spanwise.collector.model import Signal
from spanwise.collector.operations import OperationsDoor
from spanwise.collector.receive import server as grpc_server
from spanwise.collector.receive.credentials import Credentials
from spanwise.collector.receive.grpc import trace_service
from spanwise.collector.receive.http_app import http_app
from spanwise.collector.receive.ingest import UNLIMITED, Ingest
from spanwise.collector.servers import serving_http
from spanwise.collector.settings import Settings, is_loopback
from spanwise.collector.store.serve.app import Served, metrics_app, query_app
from spanwise.collector.store.serve.users import anyone
from spanwise.collector.store.signals import write_signals
from spanwise.collector.store.url import EmbeddedStore
from spanwise.v1.collector_pb2_grpc import add_CollectorServiceServicer_to_server
from spanwise.v1.context_pb2_grpc import add_ContextServiceServicer_to_server
from spanwise.v1.delivery_pb2_grpc import add_DeliveryServiceServicer_to_server

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

FREE_PORT = "127.0.0.1:0"


@asynccontextmanager
async def serving_queries(settings: Settings, metrics: Metrics, core: Core | None) -> AsyncIterator[str]:
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


def desk_of_callers(core: Core) -> Callable[[Caller], FencedDesk]:
    """The desk as each caller may use it, for every door."""

    async def note(signals: Sequence[Signal]) -> None:
        await write_signals(core.store, signals, now)

    eraser = Eraser(core.store, core.log, core.erased, now, core.watchers.wake, core.bus.retention)
    people = StorePeople(core.store, eraser, core.log, now)
    desk = ContextDesk(core.log, note)
    return lambda caller: FencedDesk(caller, desk, core.watchers, people)


def _credentials(settings: Settings) -> Credentials:
    known = settings.receive.every_credential
    return Credentials(
        settings.org, {one.token.get_secret_value(): Caller(one.org, one.user, one.agent) for one in known}
    )


@asynccontextmanager
async def serving_context(settings: Settings, core: Core) -> AsyncIterator[str]:
    """Every door that speaks HTTP, on one port."""
    listen = settings.receive.http_listen
    app = http_app(_credentials(settings), LOOPBACK if is_loopback(listen) else EVERY_HOST)
    desk_of = desk_of_callers(core)
    app.include_router(ContextRoutes(lambda request: desk_of(request.state.caller)).router())
    async with mcp_route(desk_of) as route:
        app.router.routes.append(route)
        async with serving_http(app, listen, "receive.http_listen", settings.receive.shutdown_seconds) as address:
            yield address


async def grpc_doors(
    settings: Settings, roles: frozenset[Role], bus: Bus, core: Core | None, metrics: Metrics
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
        desk_of = desk_of_callers(core)
        add_ContextServiceServicer_to_server(ContextDoor(lambda call: desk_of(caller_of(call))), server)
        operations = OperationsDoor(core.processing, core.processing.rehearse, caller_of)
        add_CollectorServiceServicer_to_server(operations, server)
        fenced = bool(settings.receive.every_credential)
        add_DeliveryServiceServicer_to_server(DeliveryDoor(core.deliveries, caller_of, fenced=fenced), server)
        services += grpc_server.ANSWERING
    await grpc_server.add_health_and_reflection(server, services)
    return server
