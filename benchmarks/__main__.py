"""Every benchmark in its short form, one after the other: `python -m benchmarks`, which `make bench` calls.

Shows a table of each and collects the figures, one JSON object a line, in build/bench.jsonl. Exits with 1 if a program
failed or a bound was missed. Each program by itself has a longer form: see its --help.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console

from benchmarks.report import Figure, from_object, show
from tests.opentelemetry_collector import MISSING, PROGRAM

RESULTS = Path(__file__).resolve().parent.parent / "build" / "bench.jsonl"
SHORT: Mapping[str, Sequence[str]] = {
    "quality": (),
    "freshness": ("--seconds", "40"),
    "long_trace": ("--seconds", "20"),
    "soak": ("--minutes", "1"),
    "scan": (),
    "ingest": ("--seconds", "6", "--minute"),
    "kafka": ("--lean", "400", "--agent", "100", "--process", "10"),
    "peers": ("--rounds", "1"),
    "served": ("--inserts", "5"),
    "lookup": ("--spans", "100000", "--short"),
    "layouts": ("--spans", "100000", "--short"),
    "analysts": ("--spans", "600000"),
    "context": ("--records", "200000", "--users", "20000", "--calls", "300", "--spans", "5000"),
    "deliver": ("--records", "2000", "--lessons", "30"),
}


def run(name: str, collected: TextIO) -> tuple[list[Figure], int]:
    """Run one benchmark; returns its figures and its exit code. Its progress goes to the terminal."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *SHORT[name], "--json"]
    figures: list[Figure] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            collected.write(line)
            collected.flush()
            figures.append(from_object(json.loads(line)))
    return figures, process.returncode


def chosen(console: Console) -> Iterator[str]:
    """The benchmarks that can be run here."""
    for name in SHORT:
        if name == "peers" and not PROGRAM.exists():
            console.print(f"peers is left out: {MISSING}")
        else:
            yield name


def problems(name: str, figures: Sequence[Figure], code: int) -> Iterator[str]:
    missed = [f"{figure.name}: its bound was missed" for figure in figures if not figure.met]
    yield from missed
    if not figures or (code and not missed):
        yield f"{name} failed with exit code {code}"


def main() -> None:
    console = Console()
    RESULTS.parent.mkdir(exist_ok=True)
    found: list[str] = []
    with RESULTS.open("w", encoding="utf-8") as collected:
        for name in chosen(console):
            console.rule(f"benchmarks.{name}")
            figures, code = run(name, collected)
            show(name, figures, console)
            found += problems(name, figures, code)
    console.print(f"The figures are in {RESULTS}.")
    for problem in found:
        console.print(f"[bold red]{problem}[/]")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
