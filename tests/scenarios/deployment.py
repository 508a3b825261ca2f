"""A deployment as in production, on one machine: brokers, a served store, and every role a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import clickhouse_connect
import grpc
from prometheus_client.parser import text_string_to_metric_families

from tests.brokers.cluster import Cluster, free_ports
from tests.exporting import export
from tests.processes import COMMAND
from tests.requests import request_bytes, span
from tests.waiting import wait_until

READY_SECONDS = 90.0
PATIENCE_SECONDS = 100.0
"""After that a client gives up, which no scenario allows."""
RETRYABLE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
NOTHING: Mapping[str, str] = {}


@dataclass
class Program:
    """A `spanwise` command that keeps running; `log` has what it printed, over all starts."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    directory: Path
    _process: subprocess.Popen[bytes] | None = None
    _before: int = 0
    """How much was printed before the last start."""

    @property
    def log(self) -> Path:
        return self.directory / f"{self.name}.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Return once it is ready."""
        self.launch()
        self.until_ready()

    def until_ready(self) -> None:
        wait_until(lambda: "Ctrl-C stops it" in self._printed()[self._before :] or not self.alive(), READY_SECONDS)
        assert self.alive(), self._printed()[-3000:]

    def launch(self) -> None:
        self._before = len(self._printed())
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPANWISE_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [COMMAND, *self.arguments], env=inherited | dict(self.environment), stdout=log, stderr=log
            )

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.wait()

    def stop(self, seconds: float = 60.0) -> int:
        """As an orchestrator does; returns the exit code."""
        self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, seconds: float = 60.0) -> int:
        assert self._process is not None
        return self._process.wait(seconds)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _printed(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@dataclass
class Deployment:
    """Everything that runs, and how to look at it."""

    cluster: Cluster
    directory: Path
    settings: Mapping[str, str]
    store: Program
    store_port: int
    roles: dict[str, Program] = field(default_factory=dict)
    ports: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By name of the process: gRPC, and metrics."""

    def add_all(self, **processes: Sequence[str]) -> None:
        """Start processes with these roles, all at once; return once they are ready."""
        for name, roles in processes.items():
            self._declare(name, roles).launch()
        for name in processes:
            self.roles[name].until_ready()

    def add(self, name: str, *roles: str) -> Program:
        """Start a process with these roles; return once it is ready."""
        self.add_all(**{name: roles})
        return self.roles[name]

    @property
    def receiver(self) -> str:
        """Where `receive` listens."""
        return f"127.0.0.1:{self.ports['receive'][0]}"

    def _declare(self, name: str, roles: Sequence[str]) -> Program:
        grpc_port, metrics_port = free_ports(2)
        self.ports[name] = grpc_port, metrics_port
        environment = {
            **self.settings,
            "SPANWISE_RECEIVE__LISTEN": f"127.0.0.1:{grpc_port}",
            "SPANWISE_RECEIVE__HTTP_LISTEN": "127.0.0.1:0",
            "SPANWISE_QUERY__LISTEN": f"127.0.0.1:{metrics_port}",
        }
        arguments = ["up", *(word for role in roles for word in ("--role", role))]
        program = self.roles[name] = Program(name, arguments, environment, self.directory)
        return program

    def kill(self) -> None:
        """Everything that runs."""
        for program in (*self.roles.values(), self.store):
            if program.alive():
                program.kill()

    def command(self, *arguments: str, environment: Mapping[str, str] = NOTHING) -> subprocess.CompletedProcess[str]:
        """Another `spanwise` command with the same settings; bytes that are no text are `surrogateescape`d."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPANWISE_")}
        return subprocess.run(
            [COMMAND, *arguments],
            env=inherited | dict(self.settings) | dict(environment),
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=120,
            check=False,
        )

    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        client = clickhouse_connect.get_client(host="127.0.0.1", port=self.store_port)
        try:
            return client.query(sql).result_rows
        finally:
            client.close()

    def spans(self) -> Counter[str]:
        """How often each span is stored."""
        rows = self.rows("SELECT SpanId, count() FROM otel_traces GROUP BY SpanId")
        return Counter({str(span_id): int(count) for span_id, count in rows})

    def metrics(self, name: str) -> Mapping[str, Mapping[tuple[str, ...], float]]:
        """The process's metrics: by name, then by the values of the labels."""
        connection = HTTPConnection("127.0.0.1", self.ports[name][1], timeout=10)
        try:
            connection.request("GET", "/metrics")
            families = list(text_string_to_metric_families(connection.getresponse().read().decode()))
        finally:
            connection.close()
        found: dict[str, dict[tuple[str, ...], float]] = {}
        for family in families:
            for sample in family.samples:
                found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
        return found

    def lag(self, *names: str) -> float:
        """Records that these processes have not handled."""
        return sum(sum(self.metrics(name).get("spanwise_lag_records", {}).values()) for name in names)

    def partitions(self, name: str) -> Mapping[int, tuple[float, float]]:
        """Of each partition that this process has: records that are not handled, and the age of the oldest."""
        metrics = self.metrics(name)
        seconds = metrics.get("spanwise_lag_seconds", {})
        records = metrics.get("spanwise_lag_records", {})
        return {int(labels[1]): (count, seconds[labels]) for labels, count in records.items()}

    def until_stored(self, sent: set[str], seconds: float = 90.0) -> None:
        """Return once exactly the spans that were sent are stored, each once."""
        wait_until(lambda: len(self.spans()) >= len(sent), seconds)
        stored = self.spans()
        assert set(stored) == sent, f"{len(sent - set(stored))} lost, {len(set(stored) - sent)} made up"
        assert [span_id for span_id, count in stored.items() if count != 1] == []

    def until_processed(self, seconds: float = 120.0) -> None:
        """Return once every stored span was processed."""
        done = "SELECT sum(Spans) = (SELECT count() FROM otel_traces) FROM processed FINAL"
        wait_until(lambda: self.rows(done)[0][0], seconds)


@contextmanager
def deployment(
    cluster: Cluster, directory: Path, prefix: str, settings: Mapping[str, str] = NOTHING
) -> Iterator[Deployment]:
    """A served store, and no role yet. Everything that was started is killed at the end."""
    (port,) = free_ports(1)
    common = {
        "SPANWISE_BUS": cluster.url,
        "SPANWISE_STORE": f"clickhouse://127.0.0.1:{port}/default",
        "SPANWISE_KAFKA__TOPIC_PREFIX": prefix,
        "SPANWISE_KAFKA__PARTITIONS": "3",
        "SPANWISE_KAFKA__SESSION_SECONDS": "3",
        **settings,
    }
    serving = {"SPANWISE_STORE": f"chdb://{directory / 'data'}", "SPANWISE_SERVE_STORE__LISTEN": f"127.0.0.1:{port}"}
    store = Program("serve-store", ["serve-store"], serving, directory)
    deployed = Deployment(cluster, directory, common, store, port)
    with ExitStack() as stack:
        stack.callback(deployed.kill)
        store.start()
        yield deployed


@dataclass
class Load:
    """Clients that send requests of their own, and send each again, the same bytes, until it is acknowledged."""

    addresses: Sequence[str]
    spans_each: int = 5
    pause: float = 0.02
    acknowledged: set[str] = field(default_factory=set)
    """Span ids."""
    refusals: Counter[grpc.StatusCode] = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _failures: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Load:
        self._threads = [threading.Thread(target=self._run, args=(address,)) for address in self.addresses]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """What is being sent is acknowledged first."""
        self._stop.set()
        for thread in self._threads:
            thread.join(120)
        assert not self._failures, self._failures

    def _run(self, address: str) -> None:
        try:
            with grpc.insecure_channel(address, [("grpc.max_reconnect_backoff_ms", 300)]) as channel:
                while not self._stop.is_set():
                    self._send(channel)
                    time.sleep(self.pause)
        except Exception as error:  # noqa: BLE001 (told in `__exit__`)
            self._failures.append(error)

    def _send(self, channel: grpc.Channel) -> None:
        spans = [span() for _ in range(self.spans_each)]
        data = request_bytes(*spans)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = export(channel, data, seconds=15)
            except grpc.RpcError as error:
                self.refusals[error.code()] += 1
                if error.code() not in RETRYABLE or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                assert not answer.HasField("partial_success")
                self.acknowledged |= {one.span_id.hex() for one in spans}
                return
