"""What each role costs with Kafka between them: spans per CPU second of receive, store and process.

    python -m benchmarks.kafka [--lean 1000] [--agent 200] [--process 20] [--json]    # requests of 512 spans

Every role is a process of its own and works alone: first `receive` fills the topic, then `store` empties it, then
`process` reads what was stored (fewer requests, as it costs the most; of agents the turns of `benchmarks.traffic`). CPU
is that of the role with the processes that it starts; the broker's and ClickHouse's (`spanwise serve-store`) meanwhile
stand beside it. Progress goes to the terminal.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

import grpc
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

from benchmarks import traffic
from benchmarks.bodies import KINDS, SPANS, unique
from benchmarks.load import Sender
from benchmarks.report import Figure, parser, report
from benchmarks.topic import BODIES
from benchmarks.usage import cpu
from tests.brokers.cluster import Cluster, kafka_cluster
from tests.brokers.jars import class_path
from tests.scenarios.deployment import Deployment, deployment

PATIENCE_SECONDS, POLL_SECONDS, QUIET_SECONDS = 300.0, 0.2, 0.5
STORED = "SELECT count() FROM otel_traces"
PROCESSED = "SELECT sum(Spans) FROM processed FINAL"
_NUMBERS = count(1)

Reached = Callable[[int], None]
"""Is told how many spans are done."""
Work = Callable[[Reached], None]
Sized = tuple[bytes, int]
"""A request, and its spans."""


async def send(address: str, requests: Sequence[Sized], reached: Reached) -> None:
    """As fast as they are acknowledged."""
    async with grpc.aio.insecure_channel(address) as channel:
        sender = Sender(channel, in_flight=64)
        sending = asyncio.create_task(sender.send_all(iter(requests), spans_of(requests), float("inf")))
        while not sending.done():
            await asyncio.wait([sending], timeout=POLL_SECONDS)
            reached(sender.acknowledged)
        sending.result()


def spans_of(requests: Sequence[Sized]) -> int:
    return sum(spans for _, spans in requests)


class Phases:
    """One role after the other on one deployment."""

    def __init__(self, deployed: Deployment, kind: str, progress: Progress) -> None:
        self._deployed = deployed
        self._kind = kind
        self._progress = progress

    def figures(self, role: str, roles: Sequence[str], spans: int, work: Work) -> Iterator[Figure]:
        """Of a role that is started, does this work for so many spans, and is stopped."""
        task = self._progress.add_task(f"{self._kind}: {role}", total=spans)
        program = self._deployed.add(role, *roles)
        beside = {"broker": self._deployed.cluster.brokers[0].pid, "ClickHouse": self._deployed.store.pid}
        before = {name: cpu(pid) for name, pid in {role: program.pid, **beside}.items()}
        work(lambda done: self._progress.update(task, completed=done))
        time.sleep(QUIET_SECONDS)  # the last commit
        spent = {name: cpu(pid) - before[name] for name, pid in {role: program.pid, **beside}.items()}
        program.stop()
        yield Figure(f"{self._kind}: {role}", spans / spent[role], "spans/CPU s")
        for name in beside:
            yield Figure(f"{self._kind}: {name} beside {role}", spent[name] / spans * 1e6, "CPU s per million spans")

    def receive(self, requests: Sequence[Sized]) -> Work:
        return lambda reached: asyncio.run(send(self._deployed.receiver, requests, reached))

    def until(self, question: str, spans: int) -> Work:
        return lambda reached: self._until(question, spans, reached)

    def _until(self, question: str, spans: int, reached: Reached) -> None:
        deadline, before = time.monotonic() + PATIENCE_SECONDS, 0
        while (done := int(self._deployed.rows(question)[0][0])) < spans:
            if done > before:
                deadline, before = time.monotonic() + PATIENCE_SECONDS, done
            assert time.monotonic() < deadline, f"{question}: {done:,} of {spans:,}, no more in {PATIENCE_SECONDS:g} s"
            reached(done)
            time.sleep(POLL_SECONDS)


@contextmanager
def deployed_for(cluster: Cluster) -> Iterator[Deployment]:
    with (
        tempfile.TemporaryDirectory(prefix="spanwise-bench-") as name,
        deployment(cluster, Path(name), f"bench{next(_NUMBERS)}.") as deployed,
    ):
        yield deployed


def to_store(kind: str, some: int) -> Sequence[Sized]:
    bodies = unique([KINDS[kind](seed) for seed in range(BODIES)])
    return [(body, SPANS) for body in islice(bodies, some)]


def to_process(kind: str, some: int) -> Sequence[Sized]:
    """Traces of usual lengths, and of agents with turns as people write them.

    The words of `KINDS` are drawn by lot: nearly each of its texts would be embedded, as few sentences of people are.
    """
    if kind == "agent":
        return list(islice(traffic.requests(SPANS), some))
    return [(KINDS[kind](seed), SPANS) for seed in range(some)]


def figures(requests: Mapping[str, int], processed: int, console: Console) -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="spanwise-bench-") as name,
        kafka_cluster(Path(name), class_path()) as cluster,
        Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=console, transient=True) as progress,
    ):
        for kind, some in requests.items():
            yield from _of_kind(cluster, kind, some, processed, progress)


def _of_kind(cluster: Cluster, kind: str, some: int, processed: int, progress: Progress) -> Iterator[Figure]:
    requests = to_store(kind, some)
    with deployed_for(cluster) as deployed:
        phases, spans = Phases(deployed, kind, progress), spans_of(requests)
        yield from phases.figures("receive", ["receive"], spans, phases.receive(requests))
        yield from phases.figures("store", ["store"], spans, phases.until(STORED, spans))
    requests = to_process(kind, processed)
    with deployed_for(cluster) as deployed:
        phases, spans = Phases(deployed, kind, progress), spans_of(requests)
        deque(phases.figures("receive", ["receive"], spans, phases.receive(requests)), maxlen=0)
        deque(phases.figures("store", ["store"], spans, phases.until(STORED, spans)), maxlen=0)
        yield from phases.figures("process", ["process", "context"], spans, phases.until(PROCESSED, spans))


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--lean", type=int, default=1000, help="requests of lean spans")
    made.add_argument("--agent", type=int, default=200, help="requests of agent spans")
    made.add_argument("--process", type=int, default=20, help="requests of each kind that are processed")
    chosen = made.parse_args()
    requests = {"lean": chosen.lean, "agent": chosen.agent}
    report("Kafka between the roles", figures(requests, chosen.process, Console(stderr=True)), as_json=chosen.json)


if __name__ == "__main__":
    main()
