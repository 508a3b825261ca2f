"""The OpenTelemetry Collector itself, as a process. Building it takes minutes: `make otelcol` does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.waiting import wait_until

PROGRAM = Path(__file__).parents[2] / "build" / "opentelemetry_collector" / "otelcol"
MISSING = f"{PROGRAM.name} is not there: 'make otelcol' builds it"
START_SECONDS = 60.0


def required() -> None:
    """Skips where the Collector was not built, but not in continuous integration."""
    if not PROGRAM.exists():
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)


@contextmanager
def otelcol(directory: Path, configuration: str, ready: Callable[[], bool]) -> Iterator[subprocess.Popen[bytes]]:
    """The Collector, `ready`; killed at the end. What it says is in `otelcol.log` of the directory."""
    file, log = directory / "otelcol.yaml", directory / "otelcol.log"
    file.write_text(configuration)
    with log.open("wb") as output:
        process = subprocess.Popen([PROGRAM, "--config", file], stdout=output, stderr=output)
    try:
        wait_until(lambda: process.poll() is not None or ready(), START_SECONDS)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        process.kill()
        process.wait()
