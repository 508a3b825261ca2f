"""How soon a lesson is there: from the end of a span to the update's arrival on `ContextService.Watch`.

    python -m benchmarks.freshness [--sentences 200] [--seconds 60] [--background 200] [--json]

Against a started collector with default settings, while other traces come steadily. Each sentence is said by another
user in a trace of its own, whose spans have just ended when they are sent, in one request, as a `SimpleSpanProcessor`
does. The clock is this process's at both ends. What is in it: the request, the batch it waits for, the insert, the
reading of the trace with the conversation's earlier ones, the plugins, the log, and the update's way back.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import grpc
from rich.console import Console
from rich.progress import Progress

from benchmarks import traffic
from benchmarks.load import Sender
from benchmarks.report import Figure, at_most, parser, report
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.processes import CollectorProcess, collector_process

BOUND = 1.0
"""Seconds, of the 99th percentile."""
WARM_UP_SECONDS, PATIENCE_SECONDS, BACKGROUND_SPANS = 5.0, 30.0, 15


@dataclass(slots=True)
class Said:
    """When each user's span ended, and when what it teaches arrived; in seconds since 1970."""

    ended: dict[str, float] = field(default_factory=dict)
    arrived: dict[str, float] = field(default_factory=dict)

    def delays(self) -> Mapping[str, float]:
        return {user: arrived - self.ended[user] for user, arrived in self.arrived.items()}


async def say(sender: Sender, user: str, random: Random, said: Said) -> None:
    """Send a trace, which ends now, in which the user asks to remember something."""
    spans = traffic.turn("Please remember that I prefer window seats. Which trains are there?", 1, random)
    traffic.identify(spans, user, f"conversation-{user}")
    end = time.time_ns()
    traffic.stamp(spans, random.randbytes(16), random, end=end)
    said.ended[user] = end / 1e9
    await sender.send(traffic.request(spans), len(spans))


async def listen(channel: grpc.aio.Channel, said: Said, sentences: int) -> None:
    """Note every arrival; return after the last one."""
    async for update in ContextServiceStub(channel).Watch(wire.WatchRequest(include_narrower=True)):
        said.arrived.setdefault(update.scope.user, time.time())
        if len(said.arrived) == sentences:
            return


async def say_all(sender: Sender, sentences: int, seconds: float, said: Said, console: Console) -> None:
    """Say the sentences at random times within the seconds; return when each was sent."""
    random = Random(11)
    moments = sorted(random.uniform(0, seconds) for _ in range(sentences))
    start = time.monotonic()
    async with asyncio.TaskGroup() as group:
        with Progress(console=console, transient=True) as progress:
            for number, moment in enumerate(progress.track(moments, description="sentences")):
                await asyncio.sleep(start + moment - time.monotonic())
                group.create_task(say(sender, f"speaker-{number}", random, said))


async def heard(collector: CollectorProcess, sentences: int, seconds: float, rate: float, console: Console) -> Said:
    """Say everything while the background load is running, and wait for the updates."""
    said = Said()
    async with (
        grpc.aio.insecure_channel(collector.addresses.grpc) as channel,
        grpc.aio.insecure_channel(collector.addresses.grpc, [("grpc.use_local_subchannel_pool", 1)]) as others,
    ):
        traces = traffic.requests(BACKGROUND_SPANS, teaching=False)
        load = asyncio.create_task(Sender(others).send_all(traces, 2**40, rate))
        listening = asyncio.create_task(listen(channel, said, sentences))
        await asyncio.sleep(WARM_UP_SECONDS)
        await say_all(Sender(channel), sentences, seconds, said, console)
        await asyncio.wait([listening], timeout=PATIENCE_SECONDS)
        for task in (load, listening):
            task.cancel()
        await asyncio.gather(load, listening, return_exceptions=True)
    return said


def figures(said: Said) -> Iterator[Figure]:
    delays = list(said.delays().values())
    share = len(delays) / len(said.ended)
    yield Figure("freshness: updates arrived", len(delays), "", share, f"of {len(said.ended)} sentences", 1.0)
    percentiles = statistics.quantiles(delays, n=100, method="inclusive")
    for percent in (50, 90):
        yield Figure(f"freshness: p{percent}", percentiles[percent - 1], "s")
    yield at_most("freshness: p99", percentiles[98], "s", BOUND)
    yield Figure("freshness: max", max(delays), "s")


def measured(sentences: int, seconds: float, rate: float, console: Console) -> Iterator[Figure]:
    """Run a collector of its own, with default settings."""
    with tempfile.TemporaryDirectory() as path, collector_process(Path(path)) as collector:
        yield from figures(asyncio.run(heard(collector, sentences, seconds, rate, console)))


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--sentences", type=int, default=200)
    arguments.add_argument("--seconds", type=float, default=60.0, help="in which they are said")
    arguments.add_argument("--background", type=float, default=200.0, help="spans a second of other traces")
    options = arguments.parse_args()
    found = measured(options.sentences, options.seconds, options.background, Console(stderr=True))
    report("From the end of a span to its lesson", found, as_json=options.json)


if __name__ == "__main__":
    main()
