"""What a trace that grows costs to process: 50,000 spans in 500 requests, against the same trace arriving at once.

    python -m benchmarks.long_trace [--spans 50000] [--requests 500] [--seconds 60] [--json]

At once means in one request. It grows in two ways: over `--seconds`, and as fast as it is stored. The cost is the CPU
of the plugin worker process, user and system: receiving the rows, parsing them, assembling the trace, running
processors and learners, sending back what they saw. Beside it stands spanwise_processing_seconds, which is the same
without the two transports and without learners. The engine's part of reading is in the collector's CPU, which is
printed too, but which holds receiving and storing as well.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import grpc
import psutil
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from rich.console import Console

from benchmarks import traffic
from benchmarks.load import Sender, metric
from benchmarks.report import Figure, at_most, parser, report
from tests.processes import CollectorProcess, collector_process

BOUND = 5.0
"""Times the CPU of the trace that arrives at once."""
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent so far, in seconds of CPU, and how many traces were read."""

    worker: float
    processing: float
    collector: float
    readings: float

    def __sub__(self, before: Cost) -> Cost:
        return Cost(
            self.worker - before.worker,
            self.processing - before.processing,
            self.collector - before.collector,
            self.readings - before.readings,
        )


def long_trace(spans: int, trace_id: bytes) -> Sequence[Span]:
    """One agent run of so many spans: model calls with the last messages, requests below them, tools."""
    random = Random(5)
    made = list(traffic.turn("Please remember that I prefer window seats. Plan the whole year.", 2, random))
    while len(made) < spans:
        made += traffic.turn(f"Go on with week {len(made)}.", 3, random)[1:]
    made = made[:spans]
    traffic.stamp(made, trace_id, random, end=time.time_ns())
    traffic.identify(made, "planner", f"conversation-{trace_id.hex()}")
    return made


def spent(collector: CollectorProcess) -> Cost:
    process = psutil.Process(collector.pid)
    worker = max(process.children(), key=lambda child: child.memory_info().rss)  # the other one tracks resources
    return Cost(
        _cpu(worker),
        metric(collector, "spanwise_processing_seconds_total"),
        _cpu(process),
        metric(collector, "spanwise_processed_traces_total"),
    )


async def send(collector: CollectorProcess, spans: Sequence[Span], requests: int, seconds: float) -> None:
    """Send the trace in so many requests, spread over the seconds, or as fast as they are stored if these are 0."""
    size = -(-len(spans) // requests)
    parts = (spans[start : start + size] for start in range(0, len(spans), size))
    options = [("grpc.max_send_message_length", -1)]
    async with grpc.aio.insecure_channel(collector.addresses.grpc, options) as channel:
        made = ((traffic.request(part), len(part)) for part in parts)
        rate = len(spans) / seconds if seconds else float("inf")
        await Sender(channel).send_all(made, len(spans), rate)


def wait_until_processed(collector: CollectorProcess, trace_id: bytes, spans: int) -> None:
    """Return once the table `processed` says that the whole trace was, and nothing waits."""
    query = f"SELECT argMax(Spans, ProcessedAt) FROM processed WHERE TraceId = '{trace_id.hex()}'"
    client, deadline = collector.client(), time.monotonic() + PATIENCE_SECONDS
    while int(client.query(query).result_rows[0][0]) < spans or metric(collector, "spanwise_waiting_traces"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the trace was not processed within {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.2)


def cost(collector: CollectorProcess, spans: int, requests: int, seconds: float) -> Cost:
    """What a new trace costs until it is processed."""
    trace_id = Random(f"{requests} {seconds}").randbytes(16)
    trace = long_trace(spans, trace_id)
    before = spent(collector)
    asyncio.run(send(collector, trace, requests, seconds))
    wait_until_processed(collector, trace_id, spans)
    return spent(collector) - before


def figures(name: str, found: Cost) -> Iterator[Figure]:
    yield Figure(f"long trace: {name}: readings", found.readings, "")
    yield Figure(f"long trace: {name}: CPU, spanwise_processing_seconds", found.processing, "s")
    yield Figure(f"long trace: {name}: CPU, the collector's (with storing)", found.collector, "s")


def measured(spans: int, requests: int, seconds: float, console: Console) -> Iterator[Figure]:
    """Run a collector of its own, with default settings, and the three traces one after the other."""
    with tempfile.TemporaryDirectory() as path, collector_process(Path(path)) as collector:
        cost(collector, 100, 1, 0)  # so that every plugin is imported
        console.print("at once")
        once = cost(collector, spans, 1, 0)
        yield Figure("long trace: at once: CPU of the worker", once.worker, "s")
        yield from figures("at once", once)
        for name, duration in ((f"over {seconds:g} s", seconds), ("as fast as stored", 0.0)):
            console.print(name)
            grown = cost(collector, spans, requests, duration)
            against = f"{BOUND:g} x at once, {once.worker:.3g} s; it is {grown.worker / once.worker:.2f} x"
            label = f"{name}, {requests} requests"
            yield at_most(f"long trace: {label}: CPU of the worker", grown.worker, "s", BOUND * once.worker, against)
            yield from figures(label, grown)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--spans", type=int, default=50_000)
    arguments.add_argument("--requests", type=int, default=500)
    arguments.add_argument("--seconds", type=float, default=60.0, help="in which the growing trace arrives")
    options = arguments.parse_args()
    found = measured(options.spans, options.requests, options.seconds, Console(stderr=True))
    report("A trace of many spans", found, as_json=options.json)


if __name__ == "__main__":
    main()
