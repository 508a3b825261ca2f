"""Real collectors in processes of their own, for tests and benchmarks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import clickhouse_connect
import grpc
import psutil
from clickhouse_connect.driver.client import Client
from prometheus_client.parser import text_string_to_metric_families

from spanwise.cli.asking import pings
from spanwise.collector.directory import Addresses, running

START_SECONDS = 60.0
COMMAND = str(Path(sys.executable).with_name("spanwise"))
"""As the distribution installs it."""


@dataclass
class CollectorProcess:
    """`spanwise up` on `directory`, with free ports; `log` has what it printed, over all starts.

    With a served store, which says nothing about who uses it, `listens` is where the collector was told to listen.
    """

    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    command: str = "up"
    listens: Addresses | None = None
    executable: str = COMMAND
    _process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        return self.directory / "collector.log"

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of this collector, and of commands that should reach it."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPANWISE_")}
        return inherited | {
            "SPANWISE_STORE": f"chdb://{self.data}",
            "SPANWISE_RECEIVE__LISTEN": "127.0.0.1:0",
            "SPANWISE_RECEIVE__HTTP_LISTEN": "127.0.0.1:0",
            "SPANWISE_QUERY__LISTEN": "127.0.0.1:0",
            **self.environment,
        }

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def addresses(self) -> Addresses:
        found = self.listens or running(self.data)
        assert found is not None, "the collector is not running"
        return found

    def start(self) -> None:
        """Return once it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.executable, *self.command.split()], env=self.variables, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the collector did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def _ready(self) -> bool:
        if self.listens is not None:
            return pings(self.listens.query) and accepts(self.listens.grpc)
        found = running(self.data)
        return found is not None and found.pid == self.pid

    def kill(self) -> None:
        """As a power cut would end it."""
        self.signal(signal.SIGKILL)
        self.wait()

    def stop(self) -> int:
        """As Ctrl-C does; returns the exit code."""
        self.signal(signal.SIGINT)
        return self.wait()

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self) -> int:
        """Return the exit code once it has ended."""
        assert self._process is not None
        return self._process.wait(timeout=60)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def helpers(self) -> Sequence[psutil.Process]:
        """The processes that it has started."""
        return psutil.Process(self.pid).children(recursive=True)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A `spanwise` command on the same data directory."""
        command = [self.executable, *arguments]
        return subprocess.run(command, env=self.variables, capture_output=True, text=True, timeout=120, check=False)

    def channel(self) -> grpc.Channel:
        return grpc.insecure_channel(self.addresses.grpc)

    def client(self, user: str = "default", password: str = "") -> Client:
        """A ClickHouse client of the running process."""
        host, _, port = self.addresses.query.rpartition(":")
        return clickhouse_connect.get_client(host=host, port=int(port), username=user, password=password)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Sequence[Any]]:
        """What the running collector answers to a query."""
        client = self.client()
        try:
            return client.query(sql, dict(parameters or {})).result_rows
        finally:
            client.close()

    def metric(self, name: str, **labels: str) -> float:
        """A sample of `/metrics`; 0 if it is not there."""
        connection = HTTPConnection(self.addresses.query)
        try:
            connection.request("GET", "/metrics")
            families = list(text_string_to_metric_families(connection.getresponse().read().decode()))
        finally:
            connection.close()
        samples = [sample for family in families for sample in family.samples]
        return sum(one.value for one in samples if one.name == name and one.labels == labels)


@contextmanager
def collector_process(directory: Path, environment: Mapping[str, str] | None = None) -> Iterator[CollectorProcess]:
    """A started collector, killed at the end if it is still there."""
    with _started(CollectorProcess(directory, environment or {})) as collector:
        yield collector


@contextmanager
def store_process(directory: Path, environment: Mapping[str, str] | None = None) -> Iterator[CollectorProcess]:
    """A started `spanwise serve-store`, killed at the end if it is still there; its address is that of queries."""
    listen = {"SPANWISE_SERVE_STORE__LISTEN": "127.0.0.1:0"}
    with _started(CollectorProcess(directory, listen | dict(environment or {}), "serve-store")) as store:
        yield store


@contextmanager
def collector_on(store_url: str, directory: Path) -> Iterator[CollectorProcess]:
    """A started collector whose store is served."""
    listens = Addresses(0, *(f"127.0.0.1:{free_port()}" for _ in range(3)))
    environment = {
        "SPANWISE_STORE": store_url,
        "SPANWISE_RECEIVE__LISTEN": listens.grpc,
        "SPANWISE_QUERY__LISTEN": listens.query,
        "SPANWISE_RECEIVE__HTTP_LISTEN": listens.http,
    }
    with _started(CollectorProcess(directory, environment, listens=listens)) as collector:
        yield collector


@contextmanager
def _started(process: CollectorProcess) -> Iterator[CollectorProcess]:
    process.directory.mkdir(parents=True, exist_ok=True)
    process.start()
    try:
        yield process
    finally:
        if process.alive():
            process.kill()


def free_port() -> int:
    """One that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError:
        return False
    return True
