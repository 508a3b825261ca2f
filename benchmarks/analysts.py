"""How long analysts' questions take here, and on the same spans in the OpenTelemetry Collector's map schema.

The Collector's tables, indices and look-up table are in collector_schema.sql, and its table is asked as its
documentation says. On both sides each table is one part a day, caches of pages are hot, the query condition cache is
off, and one thread works. Both are asked in turn, and must give the same rows. Medians. The bounds, of processor time
since machines are shared, are what this schema exists for; 1 means never slower.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.progress import track

from benchmarks.agent_spans import NAMES, START, ended, fill, select
from benchmarks.questions import Question, questions
from benchmarks.report import Figure, parser, report
from benchmarks.tables import Layout, ask, median, rows, size

MAP_SCHEMA = Path(__file__).with_name("collector_schema.sql")
BOUNDS: Mapping[str, float] = {
    "tokens by model": 50,
    "tool failure rate by agent": 50,
    "one conversation's messages": 1,
    "one whole trace": 1,
}
TIMES, BLOCK, COPIES = 5, 10_000, 5
LEAST = 100_000
STREAMING = f"SETTINGS max_threads = 1, max_block_size = {BLOCK}, min_insert_block_size_bytes = 67108864"


def store(client: Client, total: int, console: Console) -> None:
    """Put the spans into this schema's table, and copy them from there into the Collector's."""
    client.command(Layout("ours").create("otel_traces"))
    made = total // COPIES
    firsts = range(0, made, BLOCK)
    for first in track(firsts, "making spans", console=console, transient=True):
        count = min(BLOCK, made - first)
        fill(client, "otel_traces", select(first, count), count)
    for number in track(range(1, COPIES), "copying them", console=console, transient=True):
        client.command(f"INSERT INTO otel_traces ({NAMES}) SELECT {NAMES} FROM ({earlier(made, number)}) {STREAMING}")
    ((stored,),) = rows(client, "SELECT count() FROM otel_traces")
    assert stored == made * COPIES, f"{stored} spans instead of {made * COPIES}"
    client.command("CREATE DATABASE collector")
    for statement in MAP_SCHEMA.read_text().split(";\n")[:-1]:
        client.command(statement)
    shared = [row[0] for row in client.query("DESCRIBE collector.otel_traces").result_rows]
    copied = ", ".join("FullSpanAttributes" if name == "SpanAttributes" else f"`{name}`" for name in shared)
    client.command(f"INSERT INTO collector.otel_traces SELECT {copied} FROM otel_traces {STREAMING}")
    for table in ("otel_traces", "collector.otel_traces", "collector.otel_traces_trace_id_ts"):
        client.command(f"OPTIMIZE TABLE {table} FINAL")


def earlier(made: int, number: int) -> str:
    """A SELECT of the spans that were made, as other conversations of an earlier time: making text takes long."""
    seconds = int(number * (ended(made) - START))
    return f"""SELECT * REPLACE(
            Timestamp - INTERVAL {seconds} SECOND AS Timestamp, StoredAt - INTERVAL {seconds} SECOND AS StoredAt,
            lower(hex(MD5(concat(TraceId, '{number}')))) AS TraceId, lower(hex(sipHash64(SpanId, {number}))) AS SpanId,
            if(ParentSpanId = '', '', lower(hex(sipHash64(ParentSpanId, {number})))) AS ParentSpanId,
            if(ConversationId = '', '', concat(ConversationId, '-{number}')) AS ConversationId,
            mapApply((key, value) -> (key, if(key = 'gen_ai.conversation.id', concat(value, '-{number}'), value)),
                SpanAttributes) AS SpanAttributes)
        FROM (SELECT * FROM otel_traces WHERE Timestamp >= toDateTime64({START}, 9))"""


def compared(ours: Client, collector: Client, question: Question) -> Iterator[Figure]:
    """Yield how long the question takes here, with how many times longer in the Collector's table."""
    same, other = rows(ours, question.typed(0)), rows(collector, question.mapped(0))  # which also warms the caches
    assert same, f"{question.name}: no rows"
    assert same == other, f"{question.name}: the answers differ"
    asked = [(ask(ours, question.typed(n)), ask(collector, question.mapped(n))) for n in range(TIMES)]
    typed, mapped = (median(costs) for costs in zip(*asked, strict=True))
    name, there = f"analysts: {question.name}", "the Collector's map schema"
    yield Figure(name, typed.cpu, "ms of CPU", mapped.cpu / typed.cpu, there, BOUNDS.get(question.name))
    yield Figure(f"{name}: wall clock", typed.milliseconds, "ms", mapped.milliseconds / typed.milliseconds, there)
    yield Figure(f"{name}: decompressed", typed.megabytes, "MB", mapped.megabytes / typed.megabytes, there)


def found(path: str, total: int, console: Console) -> Iterator[Figure]:
    ours = clickhouse_connect.get_client(interface="chdb", path=path)
    store(ours, total, console)
    collector = clickhouse_connect.get_client(interface="chdb", path=path, database="collector")
    for question in track(questions(total // COPIES), "asking", console=console, transient=True):
        yield from compared(ours, collector, question)
    ratio = size(ours, "collector") / size(ours, "default")
    yield Figure("analysts: disk", size(ours, "default"), "MB", ratio, "the Collector's map schema")
    collector.close()
    ours.close()


def main() -> None:
    """Measure in a temporary directory, which is deleted."""
    arguments = parser(__doc__)
    arguments.add_argument("--spans", type=int, default=3_000_000)
    options = arguments.parse_args()
    if options.spans < LEAST:
        arguments.error(f"--spans: at least {LEAST:,}, or there are too few conversations to ask about")
    with tempfile.TemporaryDirectory() as path:
        figures = found(path, options.spans, Console(stderr=True))
        report(f"Analysts' questions of {options.spans:,} spans", figures, as_json=options.json)


if __name__ == "__main__":
    main()
