"""Real collectors in processes of their own, for tests and benchmarks."""

from __future__ import annotations

import os
import signal
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

from spanwise.collector.directory import Addresses, running

START_SECONDS = 60.0
COMMAND = str(Path(sys.executable).with_name("spanwise"))
"""As the distribution installs it."""


@dataclass
class CollectorProcess:
    """`spanwise up` on `directory`, with free ports; `log` has what it printed, over all starts."""

    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
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
            "SPANWISE_QUERY__LISTEN": "127.0.0.1:0",
            **self.environment,
        }

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def addresses(self) -> Addresses:
        found = running(self.data)
        assert found is not None, "the collector is not running"
        return found

    def start(self) -> None:
        """Return once it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([COMMAND, "up"], env=self.variables, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while (found := running(self.data)) is None or found.pid != self.pid:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the collector did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

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
        command = [COMMAND, *arguments]
        return subprocess.run(command, env=self.variables, capture_output=True, text=True, timeout=120, check=False)

    def channel(self) -> grpc.Channel:
        return grpc.insecure_channel(self.addresses.grpc)

    def client(self) -> Client:
        """A ClickHouse client of the running collector."""
        host, _, port = self.addresses.query.rpartition(":")
        return clickhouse_connect.get_client(host=host, port=int(port))

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
    collector = CollectorProcess(directory, environment or {})
    collector.start()
    try:
        yield collector
    finally:
        if collector.alive():
            collector.kill()
