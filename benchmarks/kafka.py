"""What each role costs with Kafka between them: spans per CPU second of receive, store and process.

    python -m benchmarks.kafka [--lean 1000] [--agent 200] [--process 20] [--json]    # requests of 512 spans

Every role is a process of its own and works alone: first `receive` fills the topic, then `store` empties it, then
`process` reads what was stored (fewer requests, as it costs the most). CPU is that of the role with the processes that
it starts; the broker's and ClickHouse's (`spanwise serve-store`) meanwhile stand beside it.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

import grpc

from benchmarks.bodies import KINDS, SPANS
from benchmarks.load import Sender
from benchmarks.report import Figure, parser, report
from benchmarks.topic import BODIES, unique
from benchmarks.usage import cpu
from tests.brokers.cluster import Cluster, kafka_cluster
from tests.brokers.jars import class_path
from tests.scenarios.deployment import Deployment, deployment

PATIENCE_SECONDS, POLL_SECONDS, QUIET_SECONDS = 600.0, 0.2, 0.5
STORED = "SELECT count() FROM otel_traces"
PROCESSED = "SELECT sum(Spans) FROM processed FINAL"
_NUMBERS = count(1)

Work = Callable[[], None]


async def send(address: str, requests: Sequence[bytes]) -> None:
    """As fast as they are acknowledged."""
    async with grpc.aio.insecure_channel(address) as channel:
        sender = Sender(channel, in_flight=64)
        await sender.send_all(((one, SPANS) for one in requests), len(requests) * SPANS, float("inf"))


class Phases:
    """One role after the other on one deployment."""

    def __init__(self, deployed: Deployment, kind: str) -> None:
        self._deployed = deployed
        self._kind = kind

    def figures(self, role: str, roles: Sequence[str], spans: int, work: Work) -> Iterator[Figure]:
        """Of a role that is started, does this work for so many spans, and is stopped."""
        program = self._deployed.add(role, *roles)
        beside = {"broker": self._deployed.cluster.brokers[0].pid, "ClickHouse": self._deployed.store.pid}
        before = {name: cpu(pid) for name, pid in {role: program.pid, **beside}.items()}
        work()
        time.sleep(QUIET_SECONDS)  # the last commit
        spent = {name: cpu(pid) - before[name] for name, pid in {role: program.pid, **beside}.items()}
        program.stop()
        yield Figure(f"{self._kind}: {role}", spans / spent[role], "spans/CPU s")
        for name in beside:
            yield Figure(f"{self._kind}: {name} beside {role}", spent[name] / spans * 1e6, "CPU s per million spans")

    def receive(self, requests: Sequence[bytes]) -> Work:
        return lambda: asyncio.run(send(self._deployed.receiver, requests))

    def until(self, question: str, spans: int) -> Work:
        return lambda: self._until(question, spans)

    def _until(self, question: str, spans: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while int(self._deployed.rows(question)[0][0]) < spans:
            assert time.monotonic() < deadline, f"{question}: not {spans:,} within {PATIENCE_SECONDS:g} s"
            time.sleep(POLL_SECONDS)


@contextmanager
def deployed_for(cluster: Cluster) -> Iterator[Deployment]:
    with (
        tempfile.TemporaryDirectory(prefix="spanwise-bench-") as name,
        deployment(cluster, Path(name), f"bench{next(_NUMBERS)}.") as deployed,
    ):
        yield deployed


def figures(requests: Mapping[str, int], processed: int) -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="spanwise-bench-") as name,
        kafka_cluster(Path(name), class_path()) as cluster,
    ):
        for kind, some in requests.items():
            yield from _of_kind(cluster, kind, some, processed)


def _of_kind(cluster: Cluster, kind: str, some: int, processed: int) -> Iterator[Figure]:
    bodies = list(islice(unique([KINDS[kind](seed) for seed in range(BODIES)]), some))
    with deployed_for(cluster) as deployed:
        phases, spans = Phases(deployed, kind), some * SPANS
        yield from phases.figures("receive", ["receive"], spans, phases.receive(bodies))
        yield from phases.figures("store", ["store"], spans, phases.until(STORED, spans))
    bodies = [KINDS[kind](seed) for seed in range(processed)]  # traces of usual lengths
    with deployed_for(cluster) as deployed:
        phases, spans = Phases(deployed, kind), processed * SPANS
        for _ in phases.figures("receive", ["receive"], spans, phases.receive(bodies)):
            pass
        for _ in phases.figures("store", ["store"], spans, phases.until(STORED, spans)):
            pass
        yield from phases.figures("process", ["process", "context"], spans, phases.until(PROCESSED, spans))


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--lean", type=int, default=1000, help="requests of lean spans")
    made.add_argument("--agent", type=int, default=200, help="requests of agent spans")
    made.add_argument("--process", type=int, default=20, help="requests of each kind that are processed")
    chosen = made.parse_args()
    requests = {"lean": chosen.lean, "agent": chosen.agent}
    report("Kafka between the roles", figures(requests, chosen.process), as_json=chosen.json)


if __name__ == "__main__":
    main()
