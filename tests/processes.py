"""Real collectors in processes of their own, for tests and benchmarks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import clickhouse_connect
import grpc
from clickhouse_connect.driver.client import Client

from spanwise.collector.directory import Addresses, running

START_SECONDS = 60.0


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
            command = [sys.executable, "-m", "spanwise.cli", "up"]
            self._process = subprocess.Popen(command, env=self.variables, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while (found := running(self.data)) is None or found.pid != self.pid:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the collector did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """As a power cut would end it."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As Ctrl-C does; returns the exit code."""
        return self._end(signal.SIGINT)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A `spanwise` command on the same data directory."""
        command = [sys.executable, "-m", "spanwise.cli", *arguments]
        return subprocess.run(command, env=self.variables, capture_output=True, text=True, timeout=120, check=False)

    def channel(self) -> grpc.Channel:
        return grpc.insecure_channel(self.addresses.grpc)

    def client(self) -> Client:
        """A ClickHouse client of the running collector."""
        host, _, port = self.addresses.query.rpartition(":")
        return clickhouse_connect.get_client(host=host, port=int(port))

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(timeout=60)


@contextmanager
def collector_process(directory: Path, environment: Mapping[str, str] | None = None) -> Iterator[CollectorProcess]:
    """A started collector, killed at the end if it is still there."""
    collector = CollectorProcess(directory, environment or {})
    collector.start()
    try:
        yield collector
    finally:
        if collector._process is not None and collector._process.poll() is None:
            collector.kill()
