"""Fuzz the scan in compiled modules that check every access to memory, and every operation whose result C leaves open.

    python -m tests.fuzz.sanitized [--inputs 100000] [what else `python -m tests.fuzz` takes]

Builds the package with GCC's address and undefined-behaviour sanitizers, into build/sanitized, and fuzzes it there.
Python is told to take every object from the C library, so that a byte beyond one is seen.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BUILT = ROOT / "build" / "sanitized"
FLAGS = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1"


def build(source: Path = ROOT, built: Path = BUILT) -> None:
    """Return once the package of `source` is in `built`, compiled for the sanitizers; what did not change is kept."""
    environment = {**os.environ, "CC": "gcc", "CFLAGS": FLAGS, "LDFLAGS": FLAGS}
    options = ["--build-lib", str(built), "--build-temp", str(built.with_name(built.name + "-objects"))]
    command = [sys.executable, "setup.py", "--quiet", "build", *options, "build_ext", "-j", str(os.cpu_count() or 1)]
    subprocess.run(command, cwd=source, env=environment, check=True)


def environment(built: Path = BUILT) -> Mapping[str, str]:
    """For a Python that imports the package from `built`."""
    return {
        **os.environ,
        "LD_PRELOAD": " ".join(_library(name) for name in ("libasan.so", "libubsan.so")),
        "ASAN_OPTIONS": "detect_leaks=0",  # Python itself leaves much behind
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": os.pathsep.join([str(built), str(ROOT)]),
        "PYTHONSAFEPATH": "1",
    }


def _library(name: str) -> str:
    found = subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def main() -> None:
    build()
    command = [sys.executable, "-m", "tests.fuzz", *(sys.argv[1:] or ["--inputs", "100000"])]
    sys.exit(subprocess.run(command, env=environment(), check=False).returncode)


if __name__ == "__main__":
    main()
