"""The data directory: one process holds it at a time, and says there how to reach it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

LOCK = "spanwise.lock"
ADDRESSES = "collector.json"
PROBED_SECONDS = 0.5
"""Somebody who only asks whether a collector runs has the lock for less than that."""


class Held(Exception):
    """Another process holds the directory."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a running collector listens, as host:port; empty for what it does not serve."""

    pid: int
    grpc: str
    query: str
    http: str = ""


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the directory, making it if need be. Raises `Held`. The kernel lets go of it if the process is killed."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (path / LOCK).open("a") as lock:
        _lock(lock, path)
        try:
            yield
        finally:
            (path / ADDRESSES).unlink(missing_ok=True)


def _lock(lock: IO[str], path: Path) -> None:
    deadline = time.monotonic() + PROBED_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Held(f"another Spanwise process holds {path}") from None
            time.sleep(0.01)


def announce(path: Path, addresses: Addresses) -> None:
    """Write down where the process that holds `path` listens; readers see all of it or nothing."""
    draft = path / f"{ADDRESSES}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(addresses)))
    draft.replace(path / ADDRESSES)


def running(path: Path) -> Addresses | None:
    """Where the collector that holds `path` listens; None if no process holds it, or it is not ready yet."""
    try:
        with (path / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _announced(path)
    return None


def _announced(path: Path) -> Addresses | None:
    try:
        return Addresses(**json.loads((path / ADDRESSES).read_text()))
    except FileNotFoundError:
        return None
