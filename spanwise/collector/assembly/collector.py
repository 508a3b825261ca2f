"""Starts the roles, downstream first, and stops them, upstream first.

So what was acknowledged is always in the care of somebody who is still there.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from spanwise.collector.allocator import keep_freed_memory
from spanwise.collector.assembly.buses import open_bus
from spanwise.collector.assembly.core import Core, now, open_core
from spanwise.collector.assembly.doors import grpc_doors, serving_context, serving_queries
from spanwise.collector.assembly.role import Role
from spanwise.collector.bus import SPANS, STORED, Bus
from spanwise.collector.directory import Addresses, announce
from spanwise.collector.metrics import DeliveryGauges, Metrics, ProcessingGauges
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.roles.retiring import retiring
from spanwise.collector.roles.storing import storing
from spanwise.collector.servers import serving_grpc
from spanwise.collector.settings import Settings
from spanwise.collector.store.url import EmbeddedStore


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
async def start_collector(settings: Settings, roles: frozenset[Role] = frozenset(Role)) -> AsyncIterator[Collector]:
    """A collector with these roles, until the block ends: requests in flight are finished then, and nothing is lost.

    One that only receives does not open the store. Raises `Held` if another process has the data directory, and
    `CannotListen`.
    """
    keep_freed_memory()
    async with AsyncExitStack() as stack:  # unwinds in reverse: upstream first
        metrics = Metrics()
        bus = await stack.enter_async_context(open_bus(settings, metrics))
        core = await stack.enter_async_context(open_core(settings, bus, metrics)) if roles - {Role.RECEIVE} else None
        query_address = await stack.enter_async_context(serving_queries(settings, metrics, core))
        work = work_of(settings, roles, bus, core, metrics) if core else ()
        tasks = [await stack.enter_async_context(_background(one)) for one in work]
        grpc_address = http_address = ""
        if served := roles & {Role.RECEIVE, Role.CONTEXT}:
            server = await grpc_doors(settings, served, bus, core, metrics)
            listening = serving_grpc(server, settings.receive.listen, settings.receive.shutdown_seconds)
            grpc_address = await stack.enter_async_context(listening)
        if core and Role.CONTEXT in roles:
            http_address = await stack.enter_async_context(serving_context(settings, core))
        if core:
            stack.callback(core.watchers.close)  # before the server waits for its calls: these would not end
        if core and isinstance(settings.store, EmbeddedStore):
            announce(settings.store.path, Addresses(os.getpid(), grpc_address, query_address, http_address))
        yield Collector(grpc_address, http_address, query_address, metrics, tasks)


def work_of(
    settings: Settings, roles: frozenset[Role], bus: Bus, core: Core, metrics: Metrics
) -> Iterator[Coroutine[Any, Any, None]]:
    """What runs in the background, downstream first."""
    if Role.CONTEXT in roles and not isinstance(settings.store, EmbeddedStore):
        yield core.watchers.follow(settings.deliver.poll_seconds)
    if Role.DELIVER in roles:
        DeliveryGauges(metrics.registry, core.deliveries.standing, settings.stores_to_deliver.stores)
        yield core.deliveries.run()
    if Role.PROCESS in roles:
        ProcessingGauges(metrics.registry, core.processing)
        yield bus.consume(STORED, "process", core.processing.handle, core.processing.recover)
        yield core.processing.run()
        yield retiring(core.store, core.log, settings.context.retention_seconds, now)
    if Role.STORE in roles:
        stored = StoredRequests(timedelta(seconds=settings.storing.repeat_seconds))
        handle = storing(core.store, bus, stored, metrics, now, settings.org, core.erased)
        yield bus.consume(SPANS, "store", handle, lambda: stored.load(core.store, now()))


@asynccontextmanager
async def _background(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
