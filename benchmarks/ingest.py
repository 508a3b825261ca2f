"""Embedded, from bytes on the socket to durable rows: CPU and memory of a collector that receives and stores.

    python -m benchmarks.ingest [--seconds 10] [--minute] [--json]

A collector process with default settings and the roles `receive` and `store`, fed at full speed over gRPC from this
process. The floor is a process that inserts ready-made Native blocks of as many rows into the same table, with the same
settings: what no way into ClickHouse can be cheaper than. CPU is that of the whole process, merges included, read when
no merge runs any more. `--minute` feeds agent spans for a minute and looks at the resident memory.
"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import grpc
import psutil

from benchmarks.bodies import KINDS, SPANS, scattered, unique
from benchmarks.load import Sender
from benchmarks.report import Figure, at_most, parser, report
from spanwise.collector.allocator import keep_freed_memory
from spanwise.collector.otlp.block import Request, span_rows
from spanwise.collector.store import Block
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import embedded_client
from spanwise.collector.store.migrate import migrate
from tests.processes import CollectorProcess

SENT = {**KINDS, "lean, a trace each": scattered}
BOUNDS = {"lean": 0.4, "agent": 0.5, "lean, a trace each": 0.4}
LARGEST_MB, GROWTH = 1500.0, 1.1
BODIES = 32
"""Different requests; each is sent again and again, a byte changed, as stored requests are not stored twice."""
MERGES = "SELECT count() FROM system.merges"
QUIET_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """What a collector did."""

    spans: int
    inserts: int
    cpu: float
    resident: Sequence[float]
    """MB, twice a second."""

    @property
    def rate(self) -> float:
        return self.spans / self.cpu


async def feed(collector: CollectorProcess, bodies: Sequence[bytes], seconds: float) -> tuple[int, list[float]]:
    """Send for so long, as fast as it is stored; returns the spans, and the resident sizes meanwhile."""
    resident: list[float] = []
    process = psutil.Process(collector.pid)

    async def watch() -> None:
        while True:
            resident.append(process.memory_info().rss / 1e6)
            await asyncio.sleep(0.5)

    async with grpc.aio.insecure_channel(collector.addresses.grpc) as channel:
        sender = Sender(channel, in_flight=64)
        watching = asyncio.create_task(watch())
        requests = zip(unique(bodies), itertools.repeat(SPANS))
        deadline = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for _ in range(sender.in_flight):
                group.create_task(_send_until(sender, requests, deadline))
        watching.cancel()
    return sender.acknowledged, resident


async def _send_until(sender: Sender, requests: Iterator[tuple[bytes, int]], deadline: float) -> None:
    while time.monotonic() < deadline:
        await sender.send(*next(requests))


def collect(kind: str, seconds: float) -> Run:
    """Run a collector of its own."""
    bodies = [SENT[kind](seed) for seed in range(BODIES)]
    with tempfile.TemporaryDirectory() as directory:
        collector = CollectorProcess(Path(directory), command="up --role receive --role store")
        collector.start()
        try:
            asyncio.run(feed(collector, bodies[:2], 1.0))  # what happens once is not counted
            before, inserts = cpu(collector.pid), collector.metric("spanwise_insert_seconds_count")
            spans, resident = asyncio.run(feed(collector, bodies, seconds))
            inserts = collector.metric("spanwise_insert_seconds_count") - inserts
            while collector.rows(MERGES)[0][0]:
                time.sleep(QUIET_SECONDS)
            return Run(spans, int(inserts), cpu(collector.pid) - before, resident)
        finally:
            collector.stop()


def floor(kind: str, spans: int, inserts: int) -> float:
    """Spans per CPU second of a process that inserts as many ready-made blocks."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_insert, args=(there, kind, spans, inserts))
    process.start()
    stored, spent = here.recv()
    process.join()
    return float(stored / spent)


def _insert(parent: Connection, kind: str, spans: int, inserts: int) -> None:
    keep_freed_memory()
    parent.send(asyncio.run(_inserted(kind, spans, inserts)))


async def _inserted(kind: str, spans: int, inserts: int) -> tuple[int, float]:
    requests = max(1, round(spans / inserts / SPANS))
    bodies = itertools.cycle([SENT[kind](seed) for seed in range(BODIES)])
    batch = [Request(next(bodies), "default", number.to_bytes(16, "big")) for number in range(requests)]
    rows = span_rows(batch, datetime.now(UTC))
    block = Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows)
    with tempfile.TemporaryDirectory() as directory:
        store = ClickHouseStore(lambda: embedded_client(Path(directory)))
        await migrate(store)
        await store.insert(block, "first")
        before = cpu()
        for number in range(inserts):
            await store.insert(block, str(number))
        while (await store.query(MERGES))[0][0]:  # noqa: ASYNC110  # the engine tells nobody when it is done
            await asyncio.sleep(QUIET_SECONDS)
        spent = cpu() - before
        await store.close()
    return inserts * rows.rows, spent


def cpu(pid: int | None = None) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def throughput(seconds: float) -> Iterator[Figure]:
    for kind, bound in BOUNDS.items():
        run = collect(kind, seconds)
        least = floor(kind, run.spans, run.inserts)
        yield Figure(f"{kind}: rows an insert", run.spans / run.inserts, "rows")
        yield Figure(f"{kind}: ready-made blocks", least, "spans/CPU s")
        yield Figure(f"{kind}: socket to rows", run.rate, "spans/CPU s", run.rate / least, "ready-made blocks", bound)


def memory(seconds: float) -> Iterator[Figure]:
    run = collect("agent", seconds)
    quarter = len(run.resident) // 4
    second, last = statistics.mean(run.resident[quarter : 2 * quarter]), statistics.mean(run.resident[-quarter:])
    yield Figure("agent, a minute: rate", run.spans / seconds, "spans/s")
    yield at_most("agent, a minute: resident, largest", max(run.resident), "MB", LARGEST_MB)
    against = f"{GROWTH} x second quarter's {second:,.0f} MB"
    yield at_most("agent, a minute: resident, last quarter", last, "MB", GROWTH * second, against)


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--seconds", type=float, default=10.0, help="how long each kind of spans is sent")
    arguments.add_argument("--minute", action="store_true", help="send agent spans for a minute, too")
    chosen = arguments.parse_args()

    def figures() -> Iterator[Figure]:
        yield from throughput(chosen.seconds)
        if chosen.minute:
            yield from memory(60.0)

    report("From the socket to rows", figures(), as_json=chosen.json)


if __name__ == "__main__":
    main()
