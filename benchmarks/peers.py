"""From Kafka to ClickHouse: Spanwise's store role beside the OpenTelemetry Collector.

    python -m benchmarks.peers [--lean 2000] [--agent 400] [--rounds 3] [--json]    # requests of 512 spans

Both read the same topic (zstd) and send LZ4 to the same endpoint, which throws the rows away (`discarding`). Each is
started and reads a few requests, stands still while the topic is filled, and then catches up. CPU is that of its
process alone, from there to the last row, and memory the most that was ever resident. They take turns, and the best
round of each counts. A second row inserts into MergeTree, each into tables of its own, and counts the CPU of ClickHouse
as well, read when no merge runs any more.

The Collector is set up as a competent user would: large fetches, batches of 8,192 to 20,000 spans, and a queue that
blocks. That queue is in memory: what is in it is acknowledged to Kafka, and lost in a crash. Spanwise commits what is
stored. `make otelcol` builds the Collector.
"""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import clickhouse_connect
import psutil

from benchmarks.discarding import counts, discarding
from benchmarks.report import Figure, parser, report
from benchmarks.topic import RECORD_BYTES, Topic
from benchmarks.usage import cpu, peak_resident
from tests.brokers.cluster import Cluster, kafka_cluster
from tests.brokers.jars import class_path
from tests.opentelemetry_collector import otelcol
from tests.processes import CollectorProcess, store_process
from tests.scenarios.deployment import Program

BOUNDS = {"lean": 5.0, "agent": 3.0}
"""Times the Collector's spans per CPU second."""
MEMORY = 2.0
"""The Collector's peak is at least so many times Spanwise's."""
FIRST = 4
"""Requests that are read before anything counts: what happens once is not compared."""
PATIENCE_SECONDS, QUIET_SECONDS, POLL_SECONDS = 300.0, 0.5, 0.1
MERGES = "SELECT count() FROM system.merges"
_NUMBERS = count(1)

CONFIGURATION = """
receivers:
  kafka:
    brokers: [{broker}]
    group_id: bench
    initial_offset: earliest
    session_timeout: 60s
    traces: {{topics: [{topic}], encoding: otlp_proto}}
    max_fetch_size: 16777216
    max_partition_fetch_size: 16777216
exporters:
  clickhouse:
    endpoint: http://{store}?compress=lz4
    database: {database}
    create_schema: true
    timeout: 60s
    sending_queue: {{enabled: true, sizer: items, queue_size: 200000, block_on_overflow: true, num_consumers: 4,
                    batch: {{flush_timeout: 1s, min_size: 8192, max_size: 20000}}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{traces: {{receivers: [kafka], exporters: [clickhouse]}}}}
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one of them did."""

    spans: int
    cpu: float
    """Of its process."""
    cpu_of_store: float
    resident: float
    """Megabytes, at the most."""

    @property
    def rate(self) -> float:
        return self.spans / self.cpu

    @property
    def rate_with_store(self) -> float:
        return self.spans / (self.cpu + self.cpu_of_store)


@dataclass(frozen=True, slots=True)
class Engine:
    """A server whose rows are counted, and perhaps an endpoint before it that throws most of them away."""

    address: str
    process: int
    endpoint: str = ""

    def rows(self, database: str) -> int:
        stored = self._asked(f"SELECT count() FROM {database}.otel_traces")
        return stored + (counts(self.endpoint).rows if self.endpoint else 0)

    def quiet(self) -> bool:
        """Whether nothing is merged any more."""
        return self._asked(MERGES) == 0

    def cpu(self) -> float:
        return cpu(self.process)

    def _asked(self, sql: str) -> int:
        host, _, port = self.address.rpartition(":")
        with closing(clickhouse_connect.get_client(host=host, port=int(port))) as client:
            return int(client.query(sql).result_rows[0][0])


Start = Callable[[Path, Cluster, Topic, str, str], AbstractContextManager[int]]
"""Starts one of the two on a topic, for a store and a database; gives its process."""


@contextmanager
def spanwise(directory: Path, cluster: Cluster, topic: Topic, store: str, database: str) -> Iterator[int]:
    environment = {
        "SPANWISE_BUS": cluster.url,
        "SPANWISE_STORE": f"clickhouse://{store}/{database}",
        "SPANWISE_CLICKHOUSE__COMPRESSION": "lz4",
        "SPANWISE_KAFKA__TOPIC_PREFIX": topic.prefix,
        "SPANWISE_KAFKA__RECORD_BYTES": str(RECORD_BYTES),
        "SPANWISE_KAFKA__SESSION_SECONDS": "60",
    }
    program = Program("store", ["up", "--role", "store"], environment, directory)
    program.start()
    try:
        yield program.pid
    finally:
        program.kill()


@contextmanager
def collector(directory: Path, cluster: Cluster, topic: Topic, store: str, database: str) -> Iterator[int]:
    configuration = CONFIGURATION.format(
        broker=cluster.addresses[0],
        topic=topic.name,
        store=store,
        database=database,
    )
    log = directory / "otelcol.log"
    with otelcol(directory, configuration, lambda: "Everything is ready" in log.read_text()) as process:
        yield process.pid


PEERS: dict[str, Start] = {"Collector": collector, "Spanwise": spanwise}


def measure(start: Start, cluster: Cluster, topic: Topic, engine: Engine, requests: int) -> Run:
    database = f"bench_{next(_NUMBERS)}"
    with tempfile.TemporaryDirectory(prefix="spanwise-bench-") as name:
        first = topic.fill(FIRST)
        with start(Path(name), cluster, topic, engine.endpoint or engine.address, database) as process:
            _until_stored(engine, database, first)
            psutil.Process(process).send_signal(signal.SIGSTOP)
            spans = topic.fill(requests)
            before, before_engine = cpu(process), engine.cpu()
            psutil.Process(process).send_signal(signal.SIGCONT)
            _until_stored(engine, database, first + spans)
            spent, resident = cpu(process) - before, peak_resident(process)
            while not engine.quiet():
                time.sleep(QUIET_SECONDS)
            return Run(spans, spent, engine.cpu() - before_engine, resident)


def _until_stored(engine: Engine, database: str, rows: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := engine.rows(database)) < rows:
        assert time.monotonic() < deadline, f"{found:,} of {rows:,} rows came"
        time.sleep(POLL_SECONDS)
    assert found == rows, f"{found - rows:,} rows came twice"
    time.sleep(QUIET_SECONDS)  # the last commit


class Bench:
    """Brokers and an engine, for measuring each peer on topics of its own."""

    def __init__(self, cluster: Cluster, server: CollectorProcess) -> None:
        self._cluster = cluster
        self._server = server

    def run(self, peer: str, kind: str, requests: int, *, thrown_away: bool) -> Run:
        topic = Topic(self._cluster, f"bench{next(_NUMBERS)}.", kind)
        address = self._server.addresses.query
        with ExitStack() as stack:
            endpoint = stack.enter_context(discarding(address)) if thrown_away else ""
            return measure(PEERS[peer], self._cluster, topic, Engine(address, self._server.pid, endpoint), requests)

    def best(self, kind: str, requests: int, rounds: int, *, thrown_away: bool) -> dict[str, Run]:
        """Of each peer the round with the least CPU."""
        runs = [
            {peer: self.run(peer, kind, requests, thrown_away=thrown_away) for peer in PEERS} for _ in range(rounds)
        ]
        return {peer: min((one[peer] for one in runs), key=lambda run: run.cpu) for peer in PEERS}


@contextmanager
def bench() -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory(prefix="spanwise-bench-") as name,
        kafka_cluster(Path(name) / "kafka", class_path()) as cluster,
        store_process(Path(name) / "store") as server,
    ):
        yield Bench(cluster, server)


def figures(requests: Mapping[str, int], rounds: int) -> Iterator[Figure]:
    with bench() as here:
        for kind, some in requests.items():
            runs = here.best(kind, some, rounds, thrown_away=True)
            theirs, ours = runs["Collector"], runs["Spanwise"]
            yield Figure(f"{kind}: Collector", theirs.rate, "spans/CPU s")
            yield Figure(
                f"{kind}: Spanwise", ours.rate, "spans/CPU s", ours.rate / theirs.rate, "Collector", BOUNDS[kind]
            )
            yield Figure(f"{kind}: Collector, peak resident", theirs.resident, "MB")
            fits = theirs.resident / ours.resident
            yield Figure(f"{kind}: Spanwise, peak resident", ours.resident, "MB", fits, "in Collector's", MEMORY)
        for kind, some in requests.items():
            runs = here.best(kind, some, 1, thrown_away=False)
            both = {peer: run.rate_with_store for peer, run in runs.items()}
            times = both["Spanwise"] / both["Collector"]
            yield Figure(f"{kind}, MergeTree: Collector and ClickHouse", both["Collector"], "spans/CPU s")
            yield Figure(
                f"{kind}, MergeTree: Spanwise and ClickHouse", both["Spanwise"], "spans/CPU s", times, "Collector"
            )


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--lean", type=int, default=2000, help="requests of lean spans")
    made.add_argument("--agent", type=int, default=400, help="requests of agent spans")
    made.add_argument("--rounds", type=int, default=3)
    chosen = made.parse_args()
    requests = {"lean": chosen.lean, "agent": chosen.agent}
    report("From Kafka to ClickHouse", figures(requests, chosen.rounds), as_json=chosen.json)


if __name__ == "__main__":
    main()
