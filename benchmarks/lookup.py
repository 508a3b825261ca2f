"""How long it takes to find one trace, or one conversation, in a large `otel_traces`, and what an index for it costs.

The table is the one in the schema file, without the indices that it has; each alternative adds its own. It is
measured twice: as many parts, which is what the processor reads, and as one part a day, which is what an analyst reads.
Caches of pages are hot, the query condition cache is off: it would answer a repeated id without any index.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from random import Random

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.progress import track

from benchmarks import agent_spans
from benchmarks.agent_spans import blocks, conversation_id, ended, fill, org, trace_id
from benchmarks.report import Figure, parser, report
from benchmarks.tables import Layout, copy, make_source, measure, size

SAMPLE, REPEATS, NEWEST = 5_000, 6, 100  # an insert's rows, how many are timed; parts of the newest tenth
COLUMNS = """Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, SpanAttributes, Duration, StatusCode,
    StatusMessage, Org, UserId, ConversationId, Operation, AgentName, ToolName, ToolCallId, ErrorType, FinishReason,
    InputMessages, OutputMessages, ToolArguments, ToolResult"""

Measured = tuple[str, str, str, float, str]  # state, alternative, name, value, unit


@dataclass(frozen=True)
class Alternative:
    """What is added to the table (`clauses`), and what its queries must say."""

    name: str
    clauses: tuple[str, ...] = ()
    settings: str = ""

    @property
    def layout(self) -> Layout:
        return Layout(self.name, indices=self.clauses)


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
    Alternative("bloom 0.00001, before reading", both("INDEX", BLOOM), BEFORE),
    Alternative("bloom 0.001, before reading", both("INDEX", BLOOM.replace("0.00001", "0.001")), BEFORE),
    Alternative("projection index, defaults", PROJECTION_INDEX),
    Alternative("projection index, any part", PROJECTION_INDEX, ANY_PART),
    Alternative("text index, before reading", both("INDEX", "{} TYPE text(tokenizer = 'array')"), BEFORE),
    Alternative("full projection", both("PROJECTION", "(SELECT * ORDER BY {})")[:1]),
)
TELLING = ("no index", "bloom 0.00001, before reading")


def questions(total: int) -> tuple[Question, ...]:
    """Return what is asked. The newest hundred are what was stored last, which is what the processor reads."""
    traces = total // agent_spans.SPANS_A_TRACE - 10 * agent_spans.TRACES_AT_ONCE
    chosen = Random(7).sample(range(traces), 1000)
    end = ended(total)

    def by_trace(ids: Sequence[int], where: str = "1") -> str:
        return f"SELECT {COLUMNS} FROM t WHERE {where} AND TraceId IN ({', '.join(repr(trace_id(n)) for n in ids)})"

    def by_conversation(ids: Sequence[int], where: str = "1") -> str:
        names = ", ".join(repr(conversation_id(n)) for n in ids)
        return f"SELECT {COLUMNS} FROM t WHERE {where} AND ConversationId IN ({names})"

    def newest(n: int) -> range:
        return range(traces - 100 * n - 100, traces - 100 * n)

    def stored(what: str, seconds: int) -> str:
        return f"SELECT {what} FROM t WHERE StoredAt >= {end - seconds}"

    return (
        Question("trace", 11, lambda n: by_trace(chosen[n : n + 1], f"Org = '{org(chosen[n])}'")),
        Question("conversation", 11, lambda n: by_conversation(chosen[n : n + 1], f"Org = '{org(chosen[n])}'")),
        Question("100 newest traces", 5, lambda n: by_trace(newest(n))),
        Question("the same, stored this hour", 5, lambda n: by_trace(newest(n), f"StoredAt >= {end - 3600}")),
        Question("100 newest conversations", 5, lambda n: by_conversation(newest(n))),
        Question("100 random traces", 5, lambda n: by_trace(chosen[100 * n : 100 * n + 100])),
        Question("requests of 15 min", 5, lambda n: stored("DISTINCT RequestHash", 900 + n)),
        Question("traces of an hour", 5, lambda n: f"{stored('TraceId, count()', 3600 + n)} GROUP BY TraceId"),
    )


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that the action took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def cost(client: Client, alternative: Alternative) -> Iterator[tuple[str, float, str]]:
    """Yield what storing the sample costs: inserts as the collector makes them, then the merge of their parts."""
    client.command(alternative.layout.create("sample"))
    times = [timed(partial(fill, client, "sample", "SELECT * FROM inserted", SAMPLE)) for _ in range(REPEATS)]
    yield "insert", SAMPLE / statistics.median(times), "spans/s"
    yield "merge", SAMPLE * REPEATS / timed(lambda: client.command("OPTIMIZE TABLE sample FINAL")), "spans/s"
    client.command("DROP TABLE sample SYNC")


def answers(client: Client, state: str, alternative: Alternative, total: int) -> Iterator[Measured]:
    """Yield the latency of each question, the rows read for it, and the size of the table."""
    yield state, alternative.name, "size", size(client, "default", "t"), "MB"
    for question in questions(total):
        taken = measure(client, [question.sql(n) for n in range(question.times)], alternative.settings)
        yield state, alternative.name, question.name, taken.milliseconds, "ms"
        yield state, alternative.name, f"{question.name}, read", taken.rows, "rows"


def measured(client: Client, chosen: Sequence[Alternative], total: int, console: Console) -> Iterator[Measured]:
    """Yield everything, one table after another, each dropped before the next is made."""
    make_source(client, total, partial(track, description="making spans", console=console, transient=True), NEWEST)
    client.command(f"CREATE TABLE inserted ENGINE = Memory AS SELECT * FROM source LIMIT {SAMPLE}")
    for _, group in groupby(chosen, key=lambda alternative: alternative.clauses):
        alternatives = list(group)
        yield from (("cost", alternatives[0].name, *figure) for figure in cost(client, alternatives[0]))
        client.command(alternatives[0].layout.create("t"))
        parts = list(enumerate(blocks(total, NEWEST)))
        for block, (_, count) in track(parts, alternatives[0].name, console=console, transient=True):
            copy(client, "t", block, count)
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
