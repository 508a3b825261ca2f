"""What serving the embedded engine costs: spans per CPU second of inserting a ready block, in process and over HTTP.

    python -m benchmarks.served [--inserts 20] [--json]

A block of agent spans in the Native format, about as large as the store role makes them. CPU is that of the engine's
process and, over HTTP, of the client beside it. A table that throws the rows away leaves the way there and the parsing;
the other one is otel_traces, without merges.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
from clickhouse_connect.driver.client import Client

from benchmarks import agent_spans
from benchmarks.report import Figure, parser, report
from spanwise.collector.store import Block, Store
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import embedded_client, served_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.url import ServedStore
from tests.processes import store_process

SPANS = 24_000
TABLES: Mapping[str, str] = {
    "thrown away": "CREATE TABLE thrown_away AS otel_traces ENGINE = Null",
    "into MergeTree": "ALTER TABLE otel_traces MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1",
}
NAMES = {"thrown away": "thrown_away", "into MergeTree": "otel_traces"}
BOUNDS = {"thrown away": None, "into MergeTree": 0.6}
"""Of the spans per CPU second in process; over HTTP, client and server together."""


def cpu(processes: Sequence[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in processes]
    return sum(one.user + one.system for one in times)


async def prepared(store: Store) -> None:
    await migrate(store)
    for statement in TABLES.values():
        await store.query(statement)


async def ready_block(store: Store) -> bytes:
    """Spans in the Native format; left in no table."""
    select = agent_spans.select(0, SPANS)
    return await store.read(
        f"SELECT {agent_spans.NAMES} FROM ({select}) SETTINGS max_block_size = {SPANS}, max_threads = 1 FORMAT Native"
    )


@dataclass(frozen=True, slots=True)
class Way:
    """A way into the engine, and the processes whose CPU it takes."""

    name: str
    store: Store
    processes: Sequence[int]

    async def insert(self, data: bytes, table: str) -> float:
        """The seconds of CPU of one insert."""
        before = cpu(self.processes)
        await self.store.insert(Block(table, agent_spans.NAMES.split(", "), "Native", data, SPANS), str(uuid.uuid4()))
        return cpu(self.processes) - before


async def compared(ways: Sequence[Way], data: bytes, table: str, inserts: int) -> Sequence[float]:
    """Spans per CPU second of each way. They take turns, since the machine is rarely ours alone."""
    spent = [[await way.insert(data, table) for way in ways] for _ in range(inserts + 1)][1:]  # the first connects
    return [SPANS / statistics.mean(each) for each in zip(*spent, strict=True)]


@asynccontextmanager
async def opened(connect: Callable[[], Client]) -> AsyncIterator[Store]:
    store = ClickHouseStore(connect)
    await prepared(store)
    try:
        yield store
    finally:
        await store.close()


async def measured(directory: Path, address: str, server: int, inserts: int) -> list[Figure]:
    own = psutil.Process().pid
    host, _, port = address.rpartition(":")
    served = ServedStore(host, int(port), secure=False, user="default", password="", database="default")
    reach = partial(served_client, served, "default", connect_seconds=5, answer_seconds=60, ca_file=None)
    async with opened(partial(embedded_client, directory)) as inside, opened(reach) as outside:
        data = await ready_block(inside)
        figures = [Figure("block", len(data) / 2**20, "MiB")]
        ways = [Way("in process", inside, [own]), Way("over HTTP", outside, [own, server])]
        for name, table in NAMES.items():
            alone, over = await compared(ways, data, table, inserts)
            figures += [
                Figure(f"{name}, in process", alone, "spans/CPU s"),
                Figure(f"{name}, over HTTP", over, "spans/CPU s", over / alone, "in process", BOUNDS[name]),
            ]
    return figures


def figures(inserts: int) -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="spanwise-bench-") as name,
        store_process(Path(name) / "served") as process,
    ):
        yield from asyncio.run(measured(Path(name) / "inside", process.addresses.query, process.pid, inserts))


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--inserts", type=int, default=20)
    chosen = made.parse_args()
    report("serving the store", figures(chosen.inserts), as_json=chosen.json)


if __name__ == "__main__":
    main()
