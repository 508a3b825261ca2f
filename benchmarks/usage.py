"""What a process used of the machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import psutil


def cpu(*processes: int) -> float:
    """Seconds of CPU of these processes and of those that they started, user and system, since they began."""
    return sum(_seconds(one) for process in processes for one in _family(process))


def peak_resident(process: int) -> float:
    """The most that was ever resident, in megabytes."""
    lines = (Path("/proc") / str(process) / "status").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kilobytes) * 1024 / 1e6


def _family(process: int) -> Iterable[psutil.Process]:
    parent = psutil.Process(process)
    return [parent, *parent.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
