"""The loop from request to context update in one process, without sockets: real bus, real engine, real worker."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import EntryPoint
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.collector.bus import SPANS, STORED
from spanwise.collector.bus.memory import Delivery, MemoryBus
from spanwise.collector.context.log import ContextLog
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.metrics import Metrics
from spanwise.collector.model import ContextUpdate
from spanwise.collector.plugins.workers import Workers
from spanwise.collector.receive.ingest import Ingest
from spanwise.collector.roles.processing import Limits, Processing
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.roles.schedule import Patience, Schedule
from spanwise.collector.roles.storing import storing
from spanwise.collector.store import Store
from spanwise.processors.discover import LEARNERS, PROCESSORS, Plugin, discover
from tests.requests import attributes, request, span

SECONDS = 30.0


def probe(name: str) -> Plugin:
    return Plugin(name, EntryPoint(name, f"tests.roles.probes:{name}", PROCESSORS))


def now() -> datetime:
    return datetime.now(UTC)


async def _nobody(_: Sequence[ContextUpdate]) -> None:
    return


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return once the condition holds; fails after `SECONDS`."""
    async with asyncio.timeout(SECONDS):
        while not await condition():  # noqa: ASYNC110 (the store tells nobody)
            await asyncio.sleep(0.02)


@dataclass
class Loop:
    """What a test does with the loop: send requests, and look at what came of them."""

    store: Store
    org: str
    ingest: Ingest
    processing: Processing
    log: ContextLog
    metrics: Metrics

    async def send(self, *spans: Span) -> None:
        await self.ingest(request(*spans).SerializeToString(), self.org)

    async def signals(self, kind: str) -> list[str]:
        """The quotes of the signals of a kind, one for each row."""
        sql = "SELECT Quote FROM signals WHERE Org = {org:String} AND Kind = {kind:String} ORDER BY Quote"
        return [quote for (quote,) in await self.store.query(sql, {"org": self.org, "kind": kind})]

    async def updates(self) -> list[str]:
        sql = "SELECT Content FROM context_updates WHERE Org = {org:String} ORDER BY Position"
        return [content for (content,) in await self.store.query(sql, {"org": self.org})]

    async def processed(self) -> bool:
        """True once every stored span was processed."""
        stored = "SELECT count() FROM otel_traces WHERE Org = {org:String}"
        done = "SELECT sum(Spans) FROM processed FINAL WHERE Org = {org:String}"
        ((spans,),) = await self.store.query(stored, {"org": self.org})
        ((read,),) = await self.store.query(done, {"org": self.org})
        return bool(spans == read > 0)


@asynccontextmanager
async def running_loop(
    store: Store,
    org: str,
    *,
    processors: Sequence[Plugin] | None = None,
    patience: Patience | None = None,
    process: bool = True,
    plugin_seconds: float = 10.0,
) -> AsyncIterator[Loop]:
    """The loop on `store`, with the installed plugins unless others are given; without `process`, nothing is read."""
    metrics = Metrics()
    bus = MemoryBus({SPANS: Delivery(awaited=True)}, clock=time.monotonic)
    log = ContextLog(store, now, _nobody)
    found = discover(PROCESSORS) if processors is None else processors
    workers = Workers(found, discover(LEARNERS), plugin_seconds, metrics)
    schedule = Schedule(patience or Patience(), time.monotonic)
    limits = Limits(round_pause=0.01)
    processing = Processing(store, workers, log, schedule, limits, metrics, now)
    handler = storing(store, bus, StoredRequests(timedelta(minutes=15)), metrics, now, "default", ErasedTraces(store))
    work = [bus.consume(SPANS, "store", handler)]
    if process:
        work += [bus.consume(STORED, "process", processing.handle, processing.recover), processing.run()]
    tasks = [asyncio.create_task(one) for one in work]
    await asyncio.sleep(0)
    try:
        yield Loop(store, org, Ingest(bus, metrics), processing, log, metrics)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await workers.close()


def model_call(
    *messages: tuple[str, str], trace: int, conversation: str = "", user: str = "ada", **fields: Any
) -> Span:
    """A `chat` span with these (role, text) messages as its input; `trace` numbers the traces of a test."""
    written = [{"role": role, "parts": [{"type": "text", "content": text}]} for role, text in messages]
    known = {
        "gen_ai.operation.name": "chat",
        "gen_ai.agent.name": "desk",
        "gen_ai.input.messages": json.dumps(written),
        "user.id": user,
        "gen_ai.conversation.id": conversation,
    }
    present = {key: value for key, value in known.items() if value}
    return span("chat", *attributes(present), trace_id=trace.to_bytes(16, "big"), **fields)
