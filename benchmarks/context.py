"""What the context costs: `Get` for one of many users, and the built-in processors on what agents send.

`Get` is asked of a collector in a process of its own, over gRPC, for users at random among all records. The processors
run in this process on traces that are read back from the store, and are compared with reading them back alone: as a
conversation grows, where nearly all of its turns were judged before; and where each is said for the first time. There
users make ordinary requests, or talk of what is to be kept and forgotten, which is the dearest that they can say: as in
`benchmarks/data/blind`, to which nothing is fitted.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import grpc
import psutil
from rich.console import Console

from benchmarks import traffic
from benchmarks.labelled import OURS, read
from benchmarks.report import Figure, parser, report
from spanwise.collector.otlp.block import Request, span_rows
from spanwise.collector.plugins.work import Reading, process
from spanwise.collector.store import Block, Store
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import embedded_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.traces import read_earlier, read_spans
from spanwise.processors.discover import PROCESSORS, discover
from spanwise.v1.context_pb2 import GetRequest, Scope
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.processes import CollectorProcess, collector_process

ORG, AGENT = "default", "travel"
SHARED = 30
"""Records of the agent and of the organisation, which everybody is given."""
WARM_UP = 20
"""Calls that load code and data."""
SHARE = 0.4
SPANS_A_TURN = 14
BLIND = OURS / "blind"
ROUNDS = 5

RECORDS = """
INSERT INTO context_updates
    (Position, Id, Operation, RecordId, Kind, Org, AgentName, UserId, Content, Status, Intent, Mode, Confidence,
     Evidence, Producer, Version, Subject, Granted, NeedsUsers, NeedsConversations, ValidFrom, At)
SELECT number + 1, lower(hex(cityHash64(number))), 'add', lower(hex(MD5(toString(number)))), 'memory', {org:String},
    if(number < {shared:UInt64} AND number % 2, {agent:String}, ''),
    if(number < {shared:UInt64}, '', concat('user-', toString(number % {users:UInt64}))),
    concat('The user prefers number ', toString(number), ' of all seats in trains and aeroplanes.'), 'active',
    'explicit', 'online', 0.9,
    concat('[{"quote": "Remember that I prefer number ', toString(number), '", "said_by": "user", "conversation": "c',
        toString(number), '", "trace_id": "', lower(hex(MD5(toString(number)))), '", "span_id": "0123456789abcdef"}]'),
    'learner:remember', '1', concat('subject ', toString(number)), 'active', 1, 1, now64(6), now64(6)
FROM numbers({first:UInt64}, {count:UInt64})
"""
STEP = 100_000


async def filled(directory: Path, records: int, users: int, console: Console) -> None:
    """Write so many records, as the log would have them, for so many users."""
    store = ClickHouseStore(lambda: embedded_client(directory))
    try:
        await migrate(store)
        for first in range(0, records, STEP):
            count = min(STEP, records - first)
            values = {"org": ORG, "agent": AGENT, "shared": SHARED, "users": users, "first": first, "count": count}
            await store.query(RECORDS, values)
        console.print(f"{records:,} records of {users:,} users")
    finally:
        await store.close()


async def get_times(collector: CollectorProcess, users: int, calls: int) -> tuple[Sequence[float], float]:
    """Milliseconds of each call, one after the other, each for another user; and of the collector's CPU for a call."""
    random, times = Random(7), []
    process = psutil.Process(collector.pid)
    spent = 0.0
    async with grpc.aio.insecure_channel(collector.addresses.grpc) as channel:
        service = ContextServiceStub(channel)
        for number in range(calls + WARM_UP):
            if number == WARM_UP:
                spent = sum(process.cpu_times()[:2])
            request = GetRequest(scope=Scope(agent=AGENT, user=f"user-{random.randrange(users)}"))
            began = time.perf_counter()
            answer = await service.Get(request)
            if len(answer.records) < SHARED:
                raise AssertionError(f"{len(answer.records)} records are too few: this measured nothing")
            if number >= WARM_UP:
                times.append((time.perf_counter() - began) * 1e3)
    return sorted(times), (sum(process.cpu_times()[:2]) - spent) / calls * 1e3


def measured_get(records: int, users: int, calls: int, console: Console) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as path:
        asyncio.run(filled(Path(path) / "data", records, users, console))
        with collector_process(Path(path)) as collector:
            times, spent = asyncio.run(get_times(collector, users, calls))
    name = f"Get at {records:,} records and {users:,} users"
    yield Figure(f"{name}: p50", times[len(times) // 2], "ms")
    yield Figure(f"{name}: p99", times[int(len(times) * 0.99)], "ms")
    yield Figure(f"{name}: CPU of the collector", spent, "ms")


@asynccontextmanager
async def stored(spans: int, saying: Sequence[str] = ()) -> Any:
    """A store with so many spans of agents, whose users say this, and the ids of their traces."""
    with tempfile.TemporaryDirectory() as path:
        store = ClickHouseStore(lambda: embedded_client(Path(path)))
        try:
            await migrate(store)
            yield store, await _store_spans(store, spans, saying)
        finally:
            await store.close()


async def _store_spans(store: Store, spans: int, saying: Sequence[str]) -> Sequence[str]:
    traces: list[str] = []
    written = 0
    for number, (data, count) in enumerate(traffic.requests(500, saying=saying)):
        rows = span_rows([Request(data, ORG, number.to_bytes(16, "big"))], datetime.now(UTC))
        await store.insert(Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows), str(number))
        traces += [trace_id.hex() for of_org in rows.traces for trace_id, _ in of_org]
        written += count
        if written >= spans:
            return traces
    return traces


async def measured_processors(spans: int) -> Sequence[Figure]:
    """CPU seconds of the whole process, the engine's threads among them; the best of a few rounds."""
    plugins = discover(PROCESSORS)
    async with stored(spans) as (store, traces):
        read = 0
        alone: list[float] = []
        with_plugins: list[float] = []
        for _ in range(ROUNDS):
            for chosen, seconds in ((plugins[:0], alone), (plugins, with_plugins)):
                read, spent = await _timed(store, traces, chosen)
                seconds.append(spent)
    reading, processing = read / min(alone), read / min(with_plugins)
    return [
        Figure("agent spans per CPU second, reading the traces back alone", reading, "spans"),
        Figure(
            "agent spans per CPU second with all built-in processors",
            *(processing, "spans", processing / reading, "reading the traces back alone", SHARE),
        ),
    ]


async def measured_first_time(name: str, texts: Sequence[str]) -> Figure:
    """As `measured_processors`, of turns that the processors have not judged before: once, as they have then."""
    plugins = discover(PROCESSORS)
    async with stored(SPANS_A_TURN * len(texts), texts) as (store, traces):
        await _processed(store, traces[-1:], plugins)  # loads what they need
        alone = [await _timed(store, traces[:-1], []) for _ in range(ROUNDS)]
        read, spent = await _timed(store, traces[:-1], plugins)
        processing, reading = read / spent, read / min(seconds for _, seconds in alone)
    told = f"agent spans per CPU second, {len(texts)} turns for the first time: {name}"
    return Figure(told, processing, "spans", processing / reading, "reading the traces back alone")


def said(files: Sequence[Path]) -> Sequence[str]:
    """By the users of labelled conversations."""
    cases = [case for path in files for case in read(path)]
    return [message["content"] for case in cases for message in case.messages if message["role"] == "user"]


async def _timed(store: Store, traces: Sequence[str], plugins: Sequence[Any]) -> tuple[int, float]:
    """The spans that were processed, and the CPU seconds."""
    began = time.process_time()
    return await _processed(store, traces, plugins), time.process_time() - began


async def _processed(store: Store, traces: Sequence[str], plugins: Sequence[Any]) -> int:
    """As the process role does it: some hundred traces at once, and what came before them in their conversations."""
    spans = 0
    for start in range(0, len(traces), 300):
        ids = traces[start : start + 300]
        reading = Reading(ORG, await read_spans(store, ORG, ids), await read_earlier(store, ORG, ids, 50))
        seen = process(plugins, reading)
        if seen.failures:
            raise AssertionError(seen.failures[0].message)
        spans += sum(seen.sizes.values())
    return spans


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--records", type=int, default=1_000_000)
    arguments.add_argument("--users", type=int, default=100_000)
    arguments.add_argument("--calls", type=int, default=1_000, help="of Get; 0: none")
    arguments.add_argument("--spans", type=int, default=10_000, help="that the processors read; 0: none")
    options = arguments.parse_args()
    console = Console(stderr=True)

    def figures() -> Iterator[Figure]:
        # The collector first: this process may open one data directory of the engine only after the other.
        if options.calls:
            yield from measured_get(options.records, options.users, options.calls, console)
        if options.spans:
            yield from asyncio.run(measured_processors(options.spans))
            yield asyncio.run(measured_first_time("ordinary requests", said([BLIND / "ordinary.jsonl"])))
            about = said(sorted(BLIND.glob("unseen-*.jsonl")))
            yield asyncio.run(measured_first_time("what is to be kept or forgotten", about))

    report("What the context costs", figures(), as_json=options.json)


if __name__ == "__main__":
    main()
