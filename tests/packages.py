"""Packages of strangers, installed beside Spanwise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")


def install(source: Path, target: Path) -> Path:
    """Return `target`, which belongs on PYTHONPATH then. Building writes into `source`."""
    command = [sys.executable, "-m", "pip", "install", *OPTIONS, "--target", str(target), str(source)]
    subprocess.run(command, check=True)
    return target
