"""What other sort orders, codecs, granules and indices of `otel_traces` would cost, and what they would save.

Each alternative differs from the schema file in what its name says. It holds the same spans: the older nine tenths
merged into one part a day, the rest in 20 parts as inserts leave them. Caches of pages are hot, the query condition
cache is off. Medians; a ratio above 1 is worse than the schema.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.progress import track

from benchmarks import agent_spans
from benchmarks.agent_spans import OLDER_BLOCKS, ended, fill, trace_id
from benchmarks.questions import questions
from benchmarks.report import Figure, parser, report
from benchmarks.tables import Layout, copy, make_source, measure, processor_time, rows, size
from spanwise.collector.store import traces

NEWEST, SAMPLE, INSERTS, TIMES = 20, 5_000, 10, 7
CONTENT = r"((?:Instructions|Messages|Definitions|Arguments|Result) +String CODEC\(ZSTD)"
COLLECTORS_ORDER = "(ServiceName, SpanName, toDateTime(Timestamp))"
BY_ATTRIBUTE = r",\s+INDEX by_attribute .*"
LAST = r"(INDEX by_attribute .*)"
ALTERNATIVES = (
    Layout("the schema"),
    Layout("sorted as the Collector does", COLLECTORS_ORDER),
    Layout("sorted by conversation", "(Org, ConversationId, TraceId, Timestamp)"),
    Layout("sorted by service and conversation", "(ServiceName, ConversationId, TraceId, Timestamp)"),
    Layout(
        "sorted by service, day and conversation",
        "(ServiceName, toDate(Timestamp), Operation, ConversationId, TraceId, Timestamp)",
    ),
    Layout(
        "sorted by hour of storing",
        "(ServiceName, toStartOfHour(StoredAt), Operation, ConversationId, TraceId, Timestamp)",
    ),
    Layout(
        "sorted by service, hour and conversation",
        "(ServiceName, toStartOfHour(Timestamp), ConversationId, TraceId, Timestamp)",
    ),
    Layout("sorted by service, hour and trace", "(ServiceName, toStartOfHour(Timestamp), TraceId, Timestamp)"),
    Layout("8192 rows a granule", settings="index_granularity = 8192"),
    Layout("2048 rows a granule", settings="index_granularity = 2048"),
    Layout("512 rows a granule", settings="index_granularity = 512"),
    Layout("content in ZSTD(3)", edits={CONTENT + r"\(1\)": r"\1(3)"}),
    Layout("content in ZSTD(6)", edits={CONTENT + r"\(1\)": r"\1(6)"}),
    Layout("every part wide", settings="min_bytes_for_wide_part = 0"),
    Layout("maps in buckets", settings="map_serialization_version = 'with_buckets', map_buckets_min_avg_size = 0"),
    Layout("no index of attribute values", edits={BY_ATTRIBUTE: ""}),
    Layout(
        "a text index of attribute values",
        edits={BY_ATTRIBUTE: r",\nINDEX by_attribute mapValues(SpanAttributes) TYPE text(tokenizer = 'array')"},
    ),
    Layout(
        "a projection of tokens by hour",
        edits={
            LAST: r"\1,\nPROJECTION usage"
            " (SELECT toStartOfHour(Timestamp), Operation, AgentName, RequestModel, StatusCode,"
            " count(), countIf(StatusCode = 'Error'), sum(InputTokens), sum(OutputTokens)"
            " GROUP BY toStartOfHour(Timestamp), Operation, AgentName, RequestModel, StatusCode)"
        },
    ),
)
TELLING = ("the schema", "sorted as the Collector does")

Measured = tuple[str, float, str]  # name, value, unit


def storing(client: Client, layout: Layout) -> Iterator[Measured]:
    """Yield what storing costs: inserts of as many spans as the collector's, and the merge of their parts."""
    client.command(layout.create("sample"))
    inserts = [
        processor_time(partial(fill, client, "sample", "SELECT * FROM inserted", SAMPLE)) for _ in range(INSERTS)
    ]
    yield "insert: CPU", sorted(inserts)[INSERTS // 2] / SAMPLE * 1e6, "µs/span"
    merge = processor_time(partial(client.command, "OPTIMIZE TABLE sample FINAL"))
    yield "merge: CPU", merge / (SAMPLE * INSERTS) * 1e6, "µs/span"
    client.command("DROP TABLE sample SYNC")


def held(client: Client, layout: Layout, total: int) -> Iterator[Measured]:
    """Fill `otel_traces`, and yield what it takes."""
    client.command(layout.create("otel_traces"))
    for block, (_, count) in enumerate(agent_spans.blocks(total, NEWEST)):
        if block == OLDER_BLOCKS:
            client.command("OPTIMIZE TABLE otel_traces FINAL")
        copy(client, "otel_traces", block, count)
    yield "disk", size(client, "default", "otel_traces"), "MB"
    of_parts = "SELECT sum(primary_key_bytes_in_memory) / 1e3 FROM system.parts WHERE table = 'otel_traces' AND active"
    yield "primary key in memory", float(str(rows(client, of_parts)[0][0])), "kB"


def asked(client: Client, total: int) -> Iterator[Measured]:
    """Yield what the questions of analysts, and those of the collector itself, cost."""
    for question in questions(total):
        yield from _cost(client, question.name, [question.typed(n) for n in range(TIMES)])
    yield from _cost(client, "100 newest traces, processed", [newest_traces(total, n) for n in range(TIMES)])
    since = f"toDateTime64({ended(total) - 900}, 6)"
    recent = f"SELECT TraceId, count() FROM otel_traces WHERE StoredAt >= {since} GROUP BY TraceId"
    yield from _cost(client, "traces stored in 15 minutes", [recent] * TIMES)


def newest_traces(total: int, n: int) -> str:
    """The processor's own reading of spans."""
    last = total // agent_spans.SPANS_A_TRACE - agent_spans.TRACES_AT_ONCE - 100 * n
    ids = ", ".join(repr(trace_id(trace)) for trace in range(last - 100, last))
    return f"SELECT {traces.COLUMNS} FROM otel_traces WHERE TraceId IN ({ids})"


def _cost(client: Client, name: str, queries: Sequence[str]) -> Iterator[Measured]:
    cost = measure(client, queries, ", use_skip_indexes_on_data_read = 0")
    yield name, cost.milliseconds, "ms"
    yield f"{name}: CPU", cost.cpu, "ms"
    yield f"{name}: decompressed", cost.megabytes, "MB"


def measured(client: Client, layout: Layout, total: int) -> Iterator[Measured]:
    yield from storing(client, layout)
    yield from held(client, layout, total)
    yield from asked(client, total)
    client.command("DROP TABLE otel_traces SYNC")


def found(path: str, layouts: Sequence[Layout], total: int, console: Console) -> Iterator[Figure]:
    """Yield each result with its ratio to the schema's, one table after another."""
    client = clickhouse_connect.get_client(interface="chdb", path=path)
    make_source(client, total, partial(track, description="making spans", console=console, transient=True), NEWEST)
    client.command(f"CREATE TABLE inserted ENGINE = Memory AS SELECT * FROM source LIMIT {SAMPLE}")
    schema: dict[str, float] = {}
    for layout in track(layouts, "measuring", console=console, transient=True):
        for name, value, unit in measured(client, layout, total):
            first = schema.setdefault(name, value)
            ratio, there = (value / first, "the schema") if layout is not layouts[0] and first else (None, None)
            yield Figure(f"layouts: {layout.name}: {name}", value, unit, ratio, there)
    client.close()


def main() -> None:
    """Measure in a temporary directory, which is deleted."""
    arguments = parser(__doc__)
    arguments.add_argument("--spans", type=int, default=1_000_000)
    arguments.add_argument(
        "--only", action="append", metavar="NAME", help="the schema and this alternative; repeatable"
    )
    arguments.add_argument("--short", action="store_true", help=f"only {' and '.join(TELLING)}")
    options = arguments.parse_args()
    names = (*(TELLING if options.short else ()), *((ALTERNATIVES[0].name, *options.only) if options.only else ()))
    if unknown := set(names) - {layout.name for layout in ALTERNATIVES}:
        arguments.error(
            f"no alternative is called {', '.join(unknown)}; there are {', '.join(one.name for one in ALTERNATIVES)}"
        )
    layouts = [layout for layout in ALTERNATIVES if not names or layout.name in names]
    with tempfile.TemporaryDirectory() as path:
        figures = found(path, layouts, options.spans, Console(stderr=True))
        report(f"Layouts of otel_traces with {options.spans:,} spans", figures, as_json=options.json)


if __name__ == "__main__":
    main()
