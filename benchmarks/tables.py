"""Variants of `otel_traces` side by side, filled with the same spans, and what it costs to fill and to ask them."""

import re
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clickhouse_connect.driver.client import Client

from benchmarks.agent_spans import NAMES, blocks, fill, select

SCHEMA = Path(__file__).parent.parent / "spanwise/collector/store/schema/0001_otel_traces.sql"
OURS = "max_bytes_to_merge_at_max_space_in_pool = 1, fsync_after_insert = 0, fsync_part_directory = 0"
"""Nothing is merged by itself, so that the number of parts is ours to choose; what is thrown away needs no fsync."""

Track = Callable[[Sequence[tuple[int, int]]], Iterable[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table differs from the schema file's: `None` and empty mean that it does not.

    `indices` replaces all of its indices and projections; `edits` are regular expressions and what they become.
    """

    name: str
    order_by: str | None = None
    indices: Sequence[str] | None = None
    edits: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""

    def create(self, table: str) -> str:
        """The schema's CREATE TABLE for this layout, under another name."""
        text = re.sub(r"^\s*--.*\n", "", SCHEMA.read_text(), flags=re.MULTILINE).partition(";\n")[0]
        text = text.replace("otel_traces", table, 1)
        if self.indices is not None:
            text = re.sub(r"^\s*(INDEX|PROJECTION) .*\n", "", text, flags=re.MULTILINE)
        for pattern, new in self.edits.items():
            text, changed = re.subn(pattern, new, text)
            assert changed, f"{self.name}: nothing in the schema is like {pattern}"
        if self.order_by:
            text = re.sub(r"ORDER BY .*", f"ORDER BY {self.order_by}", text)
        body, engine = re.split(r",?\s*\)\s*ENGINE", text, maxsplit=1)
        columns = ",\n".join((body, *(self.indices or ())))
        engine, _, settings = engine.partition("SETTINGS")
        chosen = ", ".join(filter(None, (settings.strip(), OURS, self.settings)))
        return f"{columns}) ENGINE {engine} SETTINGS {_last_of_each(chosen)}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query took: wall clock and processor time in milliseconds."""

    milliseconds: float
    cpu: float
    rows: float
    """That were looked at."""
    megabytes: float
    """That were decompressed."""


def measure(client: Client, queries: Sequence[str], settings: str = "") -> Cost:
    """Ask each query once, the first once more before, so that caches of pages are warm."""
    ask(client, queries[0], settings)
    return median([ask(client, query, settings) for query in queries])


def ask(client: Client, query: str, settings: str = "") -> Cost:
    """Ask once, on one thread: wall clock and processor time are then the same where nobody else uses the machine.

    The query condition cache is off: it would answer a repeated query without any index.
    """
    whole = f"{query} SETTINGS max_threads = 1, use_query_condition_cache = 0{settings}"
    rows_before, bytes_before = _read(client)
    start, cpu = time.perf_counter(), time.process_time()
    client.query(whole)
    end, cpu_end = time.perf_counter(), time.process_time()
    rows_after, bytes_after = _read(client)
    return Cost(
        (end - start) * 1e3, (cpu_end - cpu) * 1e3, rows_after - rows_before, (bytes_after - bytes_before) / 1e6
    )


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        *(
            statistics.median(getattr(cost, name) for cost in costs)
            for name in ("milliseconds", "cpu", "rows", "megabytes")
        )
    )


def processor_time(action: Callable[[], object]) -> float:
    """The processor seconds of an action, the engine's in its threads included: it runs inside this process."""
    start = time.process_time()
    action()
    return time.process_time() - start


def make_source(client: Client, total: int, track: Track, newest: int) -> None:
    """Make the spans once, as table `source`, each with the number of the insert with which it came."""
    columns = f"toUInt32(0) AS Block, {NAMES}"
    empty = f"SELECT {columns} FROM ({select(0, 0)})"
    client.command(f"CREATE TABLE source ENGINE = MergeTree ORDER BY Block AS {empty}")
    for block, (first, count) in enumerate(track(list(blocks(total, newest)))):
        client.command(f"INSERT INTO source SELECT toUInt32({block}) AS Block, {NAMES} FROM ({select(first, count)})")


def copy(client: Client, target: str, block: int, count: int) -> None:
    """Insert a block of the source, as one part."""
    fill(client, target, f"SELECT * FROM source WHERE Block = {block}", count)


def rows(client: Client, query: str) -> Sequence[Sequence[object]]:
    """The answer to a query."""
    return client.query(query).result_rows


def size(client: Client, database: str, table: str = "") -> float:
    """The megabytes of a table, or of all tables of a database."""
    which = f"database = '{database}' AND active" + (f" AND table = '{table}'" if table else "")
    return float(client.query(f"SELECT sum(bytes_on_disk) / 1e6 FROM system.parts WHERE {which}").result_rows[0][0])


def _read(client: Client) -> tuple[int, int]:
    """Rows looked at, and bytes decompressed, by all queries of this process so far."""
    names = ("SelectedRows", "CompressedReadBufferBytes")
    found = {
        str(row[0]): int(str(row[1]))
        for row in rows(client, f"SELECT event, value FROM system.events WHERE event IN {names}")
    }
    return found.get(names[0], 0), found.get(names[1], 0)


def _last_of_each(settings: str) -> str:
    """ClickHouse takes no setting twice."""
    return ", ".join({setting.partition("=")[0].strip(): setting.strip() for setting in settings.split(",")}.values())
