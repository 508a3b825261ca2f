"""Whether the collector's memory stays flat: 30 minutes' worth of agent spans at 2,000 a second.

    python -m benchmarks.soak [--minutes 30] [--speed 1] [--json]

`--speed` sends the same number of spans in less time; a collector that is slower than that slows the sender down, as
does one with more than 5,000 traces still to process: their memory would be a burst's. The resident size
of the collector and of its plugin worker is read each second. Warm-up is the first quarter: by then the engine's caches
and the collector's bounded tables are as full as this load makes them.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import grpc
import psutil
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from benchmarks import traffic
from benchmarks.load import Sender, metric
from benchmarks.report import Figure, at_most, parser, report
from tests.processes import CollectorProcess, collector_process

SPANS_A_SECOND, SPANS_A_REQUEST, SAMPLE_SECONDS, MOST_WAITING = 2000, 100, 1.0, 5_000
GROWTH = 1.1
"""How many times the second quarter's mean the last quarter's may be: a leak grows with the load, so between these two
it grows by twice what it did in the warm-up, while what the engine takes for merges goes up and down by some 5 %."""
WARM = 1_200_000
"""Spans of a run whose first quarter is warm-up: ten minutes' worth. In a shorter one the engine is still filling its
buffers, so that its growth is shown and no bound is put on it."""
PLOT_ROWS, PLOT_COLUMNS = 8, 72


@dataclass(frozen=True, slots=True)
class Sample:
    """Resident megabytes when so many spans were acknowledged."""

    seconds: float
    spans: int
    collector: float
    worker: float


def resident(process: psutil.Process) -> tuple[float, float]:
    """Resident megabytes of the collector, and of its children."""
    children = sum(child.memory_info().rss for child in process.children(recursive=True))
    return process.memory_info().rss / 1e6, children / 1e6


async def load(collector: CollectorProcess, total: int, rate: float, console: Console) -> tuple[Sender, list[Sample]]:
    """Send the spans, reading the sizes each second until the last one is acknowledged and processed."""
    samples: list[Sample] = []
    process, start = psutil.Process(collector.pid), time.monotonic()
    async with grpc.aio.insecure_channel(collector.addresses.grpc) as channel:
        sender = Sender(channel)
        sending = asyncio.create_task(sender.send_all(traffic.requests(SPANS_A_REQUEST), total, rate))
        with _progress(console) as progress:
            task = progress.add_task("", total=total, rss=0.0, waiting=0)
            while not sending.done():
                await asyncio.wait([sending], timeout=SAMPLE_SECONDS)
                samples.append(Sample(time.monotonic() - start, sender.acknowledged, *resident(process)))
                waiting = await asyncio.to_thread(metric, collector, "spanwise_waiting_traces")
                sender.held = waiting > MOST_WAITING
                progress.update(task, completed=sender.acknowledged, rss=samples[-1].collector, waiting=int(waiting))
        sending.result()
    return sender, samples


def settled(collector: CollectorProcess) -> float:
    """Wait until every trace is processed; returns the seconds."""
    start = time.monotonic()
    while metric(collector, "spanwise_waiting_traces"):
        time.sleep(SAMPLE_SECONDS)
    return time.monotonic() - start


def quarter(samples: Sequence[Sample], number: int) -> Sequence[Sample]:
    """The samples of one quarter of the load, counted in spans; 0 is the first."""
    last = samples[-1].spans
    return [sample for sample in samples if number * last / 4 <= sample.spans <= (number + 1) * last / 4]


def slope(samples: Sequence[Sample]) -> float:
    """Megabytes that the collector grows by with a million spans, over the second half: least squares."""
    half = [*quarter(samples, 2), *quarter(samples, 3)]
    spans = [sample.spans / 1e6 for sample in half]
    return statistics.linear_regression(spans, [sample.collector for sample in half]).slope


def growth(samples: Sequence[Sample], name: str) -> tuple[float, float]:
    """The mean of the second quarter and of the last."""
    second, last = ([getattr(sample, name) for sample in quarter(samples, number)] for number in (1, 3))
    return statistics.mean(second), statistics.mean(last)


def figures(samples: Sequence[Sample], sender: Sender, stored: int, waited: float) -> Iterator[Figure]:
    yield Figure("soak: spans acknowledged", sender.acknowledged, "spans")
    yield Figure("soak: rate", sender.acknowledged / samples[-1].seconds, "spans/s")
    yield Figure("soak: requests repeated", sender.retries, "requests")
    yield Figure("soak: processing behind at the end", waited, "s")
    same = 1.0 if stored == sender.acknowledged else 0.0
    yield Figure("soak: spans stored", stored, "spans", same, "equal to spans acknowledged", 1.0)
    for name in ("collector", "worker"):
        second, last = growth(samples, name)
        yield Figure(f"soak: {name}, largest", max(getattr(sample, name) for sample in samples), "MB")
        against = f"{GROWTH} x second quarter's {second:,.0f} MB"
        mean = at_most(f"soak: {name}, mean of last quarter", last, "MB", GROWTH * second, against)
        yield mean if sender.acknowledged >= WARM else replace(mean, at_least=None)
    yield Figure("soak: collector, slope over second half", slope(samples), "MB per million spans")


def plot(samples: Sequence[Sample], name: str) -> str:
    """Resident size over time, from 0 to the largest, in eighths of a row."""
    values = [getattr(sample, name) for sample in samples]
    columns = [values[len(values) * column // PLOT_COLUMNS] for column in range(PLOT_COLUMNS)]
    top = max(values)
    eighths = [round(value / top * PLOT_ROWS * 8) for value in columns]
    rows = ["".join(" ▁▂▃▄▅▆▇█"[min(max(height - row * 8, 0), 8)] for height in eighths) for row in range(PLOT_ROWS)]
    lines = [f"{top * (row + 1) / PLOT_ROWS:7,.0f} MB │{rows[row]}" for row in reversed(range(PLOT_ROWS))]
    return "\n".join([f"{name} over {samples[-1].seconds:,.0f} s", *lines])


def measured(total: int, rate: float, console: Console) -> Iterator[Figure]:
    """Run a collector of its own, with default settings; the plots go to `console`."""
    with tempfile.TemporaryDirectory() as path, collector_process(Path(path)) as collector:
        sender, samples = asyncio.run(load(collector, total, rate, console))
        waited = settled(collector)
        stored = int(collector.client().query("SELECT count() FROM otel_traces").result_rows[0][0])
        for name in ("collector", "worker"):
            console.print(plot(samples, name), highlight=False)
        yield from figures(samples, sender, stored, waited)


def _progress(console: Console) -> Progress:
    text = (
        "{task.completed:,} of {task.total:,} spans, {task.fields[rss]:,.0f} MB, {task.fields[waiting]:,} traces wait"
    )
    return Progress(TextColumn(text), TimeElapsedColumn(), console=console, transient=True)


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--minutes", type=float, default=30.0, help="worth of load, at 2,000 spans a second")
    arguments.add_argument("--speed", type=float, default=1.0, help="times 2,000 spans a second")
    options = arguments.parse_args()
    total, rate = round(options.minutes * 60 * SPANS_A_SECOND), SPANS_A_SECOND * options.speed
    report("Memory under load", measured(total, rate, Console(stderr=True)), as_json=options.json)


if __name__ == "__main__":
    main()
