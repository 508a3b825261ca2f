"""How long it takes to find one trace, or one conversation, in a large `otel_traces`, and what an index for it costs.

The table is the one in the schema file, without the indices and projections that it has; each alternative adds its own.
It is measured twice: as many parts, which is what the processor reads, and as one part a day, which is what an analyst
reads. Caches of pages are hot, the query condition cache is off: it would answer a repeated id without any index.
"""

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from random import Random

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.progress import track

from benchmarks import agent_spans
from benchmarks.agent_spans import conversation_id, fill, org, select, trace_id
from benchmarks.report import Figure, parser, report

SCHEMA = Path(__file__).parent.parent / "spanwise/collector/store/schema/0001_otel_traces.sql"
SAMPLE, REPEATS = 50_000, 6  # an insert's rows, and how many inserts are timed
COLUMNS = """Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, SpanAttributes, Duration, StatusCode,
    StatusMessage, Org, UserId, ConversationId, Operation, AgentName, ToolName, ToolCallId, ErrorType, FinishReason,
    InputMessages, OutputMessages, ToolArguments, ToolResult"""

Measured = tuple[str, str, str, float, str]  # state, alternative, name, value, unit


@dataclass(frozen=True)
class Alternative:
    """What is added to the table (`clauses`), how it is sorted if otherwise, and what its queries must say."""

    name: str
    clauses: tuple[str, ...] = ()
    order_by: str | None = None
    settings: str = ""


@dataclass(frozen=True)
class Question:
    """`sql(n)` is the n-th variant of a query, asked `times` times with n counted up from 0."""

    name: str
    times: int
    sql: Callable[[int], str]


def both(kind: str, clause: str) -> tuple[str, ...]:
    """Return the index or projection for the trace's id and for the conversation's."""
    return tuple(f"{kind} by_{column} {clause.format(column)}" for column in ("TraceId", "ConversationId"))


BLOOM = "{} TYPE bloom_filter(0.00001) GRANULARITY 1"
PROJECTION_INDEX = both("PROJECTION", "INDEX {} TYPE basic")
BEFORE, ANY_PART = ", use_skip_indexes_on_data_read = 0", ", min_table_rows_to_use_projection_index = 0"
ALTERNATIVES = (  # neighbours that differ in their settings only are measured on one table
    Alternative("no index"),
    Alternative("bloom 0.00001", both("INDEX", BLOOM)),
    Alternative("bloom 0.00001, before reading", both("INDEX", BLOOM), settings=BEFORE),
    Alternative("bloom 0.001, before reading", both("INDEX", BLOOM.replace("0.00001", "0.001")), settings=BEFORE),
    Alternative("projection index, defaults", PROJECTION_INDEX),
    Alternative("projection index, any part", PROJECTION_INDEX, settings=ANY_PART),
    Alternative("text index, before reading", both("INDEX", "{} TYPE text(tokenizer = 'array')"), settings=BEFORE),
    Alternative("by conversation, bloom", both("INDEX", BLOOM)[:1], "(Org, ConversationId, TraceId)", BEFORE),
    Alternative("full projection", both("PROJECTION", "(SELECT * ORDER BY {})")[:1]),
)
TELLING = ("no index", "bloom 0.00001, before reading")


def table(name: str, alternative: Alternative) -> str:
    """Return the schema's CREATE TABLE under another name, with the alternative's indices instead of its own.

    The table merges nothing by itself, so that the number of parts is ours to choose.
    """
    plain = re.sub(r"^\s*(--.*|INDEX .*|PROJECTION .*)\n", "", SCHEMA.read_text(), flags=re.MULTILINE)
    body, engine = re.split(r",?\s*\)\s*ENGINE", plain.replace("otel_traces", name, 1), maxsplit=1)
    if alternative.order_by:
        engine = re.sub(r"ORDER BY .*", f"ORDER BY {alternative.order_by}", engine)
    columns = ",\n".join((body, *alternative.clauses))
    return f"{columns}) ENGINE {engine.rstrip().rstrip(';')}, max_bytes_to_merge_at_max_space_in_pool = 1"


def questions(total: int) -> tuple[Question, ...]:
    """Return what is asked. The newest hundred are what was stored last, which is what the processor reads."""
    traces = total // agent_spans.SPANS_A_TRACE - 10 * agent_spans.TRACES_AT_ONCE
    chosen = Random(7).sample(range(traces), 1000)
    end = agent_spans.START + agent_spans.DAYS * 86400

    def by_trace(ids: Sequence[int], where: str = "1") -> str:
        return f"SELECT {COLUMNS} FROM t WHERE {where} AND TraceId IN ({', '.join(repr(trace_id(n)) for n in ids)})"

    def by_conversation(ids: Sequence[int], where: str = "1") -> str:
        names = ", ".join(repr(conversation_id(n)) for n in ids)
        return f"SELECT {COLUMNS} FROM t WHERE {where} AND ConversationId IN ({names})"

    def newest(n: int) -> range:
        return range(traces - 100 * n - 100, traces - 100 * n)

    def stored(what: str, seconds: int) -> str:
        return f"SELECT {what} FROM t WHERE StoredAt >= {end - seconds}"

    def dashboard(n: int) -> str:
        which = f"ServiceName = 'agent-{n}' AND Timestamp > toDateTime({int(end - 7200)})"
        return f"SELECT SpanName, count(), quantile(0.95)(Duration) FROM t WHERE {which} GROUP BY SpanName"

    return (
        Question("trace", 11, lambda n: by_trace(chosen[n : n + 1], f"Org = '{org(chosen[n])}'")),
        Question("conversation", 11, lambda n: by_conversation(chosen[n : n + 1], f"Org = '{org(chosen[n])}'")),
        Question("100 newest traces", 5, lambda n: by_trace(newest(n))),
        Question("the same, stored this hour", 5, lambda n: by_trace(newest(n), f"StoredAt >= {end - 3600}")),
        Question("100 newest conversations", 5, lambda n: by_conversation(newest(n))),
        Question("100 random traces", 5, lambda n: by_trace(chosen[100 * n : 100 * n + 100])),
        Question("requests of 15 min", 5, lambda n: stored("DISTINCT RequestHash", 900 + n)),
        Question("traces of an hour", 5, lambda n: f"{stored('TraceId, count()', 3600 + n)} GROUP BY TraceId"),
        Question("dashboard", 5, dashboard),
    )


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that the action took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def asked(client: Client, question: Question, settings: str) -> tuple[float, float]:
    """Return the median milliseconds and the mean of the rows read, over all variants, after one warm-up."""

    def rows_read() -> int:
        return int(client.query("SELECT value FROM system.events WHERE event = 'SelectedRows'").result_rows[0][0])

    queries = [f"{question.sql(n)} SETTINGS use_query_condition_cache = 0{settings}" for n in range(question.times)]
    client.query(queries[0])
    before = rows_read()
    times = [timed(partial(client.query, query)) for query in queries]
    return statistics.median(times) * 1000, (rows_read() - before) / len(queries)


def size(client: Client) -> float:
    """Return the megabytes of table `t`."""
    query = "SELECT sum(bytes_on_disk) / 1e6 FROM system.parts WHERE table = 't' AND active"
    return float(client.query(query).result_rows[0][0])


def cost(client: Client, alternative: Alternative) -> Iterator[tuple[str, float, str]]:
    """Yield what storing the sample costs: inserts as the collector makes them, then the merge of their parts."""
    client.command(table("sample", alternative))
    times = [timed(partial(fill, client, "sample", "SELECT * FROM source", SAMPLE)) for _ in range(REPEATS)]
    yield "insert", SAMPLE / statistics.median(times), "spans/s"
    yield "merge", SAMPLE * REPEATS / timed(lambda: client.command("OPTIMIZE TABLE sample FINAL")), "spans/s"
    client.command("DROP TABLE sample SYNC")


def answers(client: Client, state: str, alternative: Alternative, total: int) -> Iterator[Measured]:
    """Yield the latency of each question, the rows read for it, and the size of the table."""
    yield state, alternative.name, "size", size(client), "MB"
    for question in questions(total):
        latency, read = asked(client, question, alternative.settings)
        yield state, alternative.name, question.name, latency, "ms"
        yield state, alternative.name, f"{question.name}, read", read, "rows"


def measured(client: Client, chosen: Sequence[Alternative], total: int, console: Console) -> Iterator[Measured]:
    """Yield everything, one table after another, each dropped before the next is made."""
    client.command(f"CREATE TABLE source ENGINE = Memory AS {select(0, SAMPLE, total)}")
    for _, group in groupby(chosen, key=lambda alternative: (alternative.clauses, alternative.order_by)):
        alternatives = list(group)
        yield from (("cost", alternatives[0].name, *figure) for figure in cost(client, alternatives[0]))
        client.command(table("t", alternatives[0]))
        client.command("ALTER TABLE t MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0")
        parts = list(agent_spans.blocks(total))
        for first, count in track(parts, alternatives[0].name, console=console, transient=True):
            fill(client, "t", select(first, count, total), count)
        for state in ("many parts", "merged"):
            if state == "merged":
                client.command("OPTIMIZE TABLE t FINAL")
            for alternative in alternatives:
                yield from answers(client, state, alternative, total)
        client.command("DROP TABLE t SYNC")


def compared(results: Iterator[Measured]) -> Iterator[Figure]:
    """Yield each result with its ratio to the first alternative's of the same state and name."""
    firsts: dict[tuple[str, str], float] = {}
    for state, alternative, name, value, unit in results:
        label = f"lookup: {state}: {name}: {alternative}"
        known = (state, name) in firsts
        first = firsts.setdefault((state, name), value)
        if known and first:
            yield Figure(label, value, unit, value / first, ALTERNATIVES[0].name)
        else:
            yield Figure(label, value, unit)


def main() -> None:
    """Measure in a temporary directory, which is deleted."""
    arguments = parser(__doc__)
    arguments.add_argument("--spans", type=int, default=1_000_000)
    arguments.add_argument("--short", action="store_true", help="only without an index, and with the schema's")
    options = arguments.parse_args()
    alternatives = [one for one in ALTERNATIVES if one.name in TELLING or not options.short]
    with tempfile.TemporaryDirectory() as path:
        client = clickhouse_connect.get_client(interface="chdb", path=path)
        found = compared(measured(client, alternatives, options.spans, Console(stderr=True)))
        report("Finding a trace or a conversation", found, as_json=options.json)
        client.close()


if __name__ == "__main__":
    main()
