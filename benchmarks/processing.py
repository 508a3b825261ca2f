"""What the built-in processors cost: spans per CPU second with all of them, against reading the same traces back alone.

    python -m benchmarks.processing [--traces 2000] [--json]

Reading back is the engine's work, parsing, and putting the conversation together. Each trace is a user's turn of its
own, in words of its own; a tenth of the traces is read again, as those are that grow. CPU is of the whole process, user
and system, the engine's threads included.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from benchmarks import traffic
from benchmarks.labelled import read
from benchmarks.quality import default_files
from benchmarks.report import Figure, parser, report
from spanwise.collector.otlp.block import Request, span_rows
from spanwise.collector.plugins import work
from spanwise.collector.plugins.work import Reading
from spanwise.collector.store import Block
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import embedded_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.traces import read_earlier, read_spans
from spanwise.processors.discover import PROCESSORS, Plugin, discover

AT_LEAST = 0.4
TOGETHER, AGAIN = 100, 10  # traces read at once; one trace in so many is read again
ORG = "bench"


def traces(number: int) -> Iterator[Sequence[Span]]:
    random = Random(3)
    said = [case.messages[-1]["content"] for path in default_files() for case in read(path)] or [
        "Which trains are there?"
    ]
    random.shuffle(said)
    for count in range(number):
        made = list(traffic.turn(said[count % len(said)], random.randint(3, 5), random, failing=count % 50 == 7))
        traffic.stamp(made, count.to_bytes(16, "big"), random, end=time.time_ns())
        traffic.identify(made, f"user-{count % 500}", f"conversation-{count // 5}")
        yield made


async def stored(store: ClickHouseStore, number: int) -> tuple[list[str], int]:
    ids: list[str] = []
    spans = 0
    requests: list[Request] = []
    for made in traces(number):
        ids.append(made[0].trace_id.hex())
        spans += len(made)
        requests.append(Request(traffic.request(made), ORG, len(ids).to_bytes(16, "big")))
    for start in range(0, len(requests), TOGETHER):
        rows = span_rows(requests[start : start + TOGETHER], datetime.now(UTC))
        block = Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows)
        await store.insert(block, token=f"processing {start}")
    return ids, spans


async def spent(store: ClickHouseStore, ids: Sequence[str], plugins: Sequence[Plugin]) -> tuple[float, Counter[str]]:
    """CPU seconds for reading the traces and running the plugins on them, and the signals by kind."""
    found: Counter[str] = Counter()
    began = time.process_time()
    for start in range(0, len(ids), TOGETHER):
        some = ids[start : start + TOGETHER]
        for again in (some, some[::AGAIN]):
            spans, earlier = await read_spans(store, ORG, again), await read_earlier(store, ORG, again, 50)
            seen = work.process(plugins, Reading(ORG, spans, earlier))
            assert not seen.failures, seen.failures
            found.update(one.kind for signals in seen.signals.values() for one in signals)
    return time.process_time() - began, found


async def measured(number: int) -> Sequence[Figure]:
    plugins = discover(PROCESSORS)
    work.load(plugins)
    with tempfile.TemporaryDirectory() as path:
        store = ClickHouseStore(lambda: embedded_client(Path(path)))
        await migrate(store)
        ids, spans = await stored(store, number)
        await spent(store, ids[:TOGETHER], [])
        alone, _ = await spent(store, ids, [])
        together, found = await spent(store, ids, plugins)
        await store.close()
    name = f"processing: spans per CPU second, {len(plugins)} processors, {found.total():,} signals"
    ratio = alone / together
    return [
        Figure("processing: spans per CPU second, reading alone", spans / alone, "spans/s"),
        Figure(name, spans / together, "spans/s", ratio, "reading alone", AT_LEAST),
    ]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--traces", type=int, default=2_000)
    arguments = options.parse_args()
    report("Cost of the processors", asyncio.run(measured(arguments.traces)), as_json=arguments.json)


if __name__ == "__main__":
    main()
