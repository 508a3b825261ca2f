"""PostgreSQL and Redis of this machine's packages, as private instances that can be stopped and killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.brokers.cluster import free_ports
from tests.waiting import wait_until

READY_SECONDS = 30.0
READY = b"ready to accept connections"
"""Both say so."""
DEBIAN = Path("/usr/lib/postgresql")
USER = "postgres"
"""PostgreSQL refuses to run as root; its package makes this user."""


class Unavailable(Exception):
    """Says what has to be installed."""


@dataclass
class Server:
    """A program that listens on `port`, with its data in `data`."""

    port: int
    data: Path
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Return once it takes connections."""
        printed = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                list(self.command), stdout=log, stderr=log, user=self.user, group=self.user, cwd=self.data,
                extra_groups=[] if self.user else None,
            )  # fmt: skip
        wait_until(lambda: not self.alive() or READY in self.log.read_bytes()[printed:].lower(), READY_SECONDS)
        assert self.alive(), self.log.read_text()[-3000:]

    def stop(self) -> None:
        """In order."""
        self._signal(self.stop_signal)

    def kill(self) -> None:
        """As a power cut would end it, with whatever it has started."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """It is there, and answers nothing."""
        for process in self._family():
            process.suspend()

    def thaw(self) -> None:
        for process in self._family():
            process.resume()

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None or not self.alive():
            return
        family = self._family() if number is signal.SIGKILL else [psutil.Process(self._process.pid)]
        for process in family:
            process.send_signal(number)
        self._process.wait(60)
        psutil.wait_procs(family, timeout=10)

    def _family(self) -> list[psutil.Process]:
        assert self._process is not None
        parent = psutil.Process(self._process.pid)
        return [parent, *parent.children(recursive=True)]


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A started PostgreSQL with a database `postgres` and its superuser of the same name. Raises `Unavailable`."""
    programs = _postgres_programs()
    user = USER if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="spanwise-pg-", ignore_cleanup_errors=True) as path:
        data = Path(path) / "data"
        data.mkdir(mode=0o700)
        if user:
            shutil.chown(path, user)
            shutil.chown(data, user)
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8"]
        made = subprocess.run(
            [*initdb, "--locale=C.UTF-8"], capture_output=True, text=True, user=user, group=user, cwd=path, check=False
        )
        assert made.returncode == 0, made.stdout + made.stderr
        (port,) = free_ports(1)
        options = ("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={path}")
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
        # SIGINT is its "fast" shutdown: SIGTERM waits for clients to leave.
        server = Server(port, data, command, Path(path) / "log", signal.SIGINT, user)
        yield from _running(server)


@contextmanager
def redis_server(directory: Path) -> Iterator[Server]:
    """A started Redis that keeps an append-only file. Raises `Unavailable`."""
    program = shutil.which("redis-server")
    if program is None:
        raise Unavailable("Redis is needed: install the package redis-server")
    data = directory / "redis"
    data.mkdir(parents=True, exist_ok=True)
    (port,) = free_ports(1)
    options = [
        "--appendonly",
        "yes",
        "--save",
        "",
        "--dir",
        str(data),
        "--bind",
        "127.0.0.1",
        "--appendfsync",
        "always",
    ]
    yield from _running(Server(port, data, [program, "--port", str(port), *options], directory / "redis.log"))


def _running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _postgres_programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(DEBIAN.glob("*/bin/initdb")) if DEBIAN.exists() else []
    if not versions:
        raise Unavailable("PostgreSQL is needed: install the package postgresql")
    return versions[-1].parent
