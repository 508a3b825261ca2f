"""Fuzz the scan for as long as one likes.

    python -m tests.fuzz [--inputs 10000000] [--seed word] [--jobs 2]

Inputs are made and checked by worker processes, a batch at a time; every batch has a seed of its own, so that what is
found is found again. A batch that ends its process is a crash, one that takes a minute a hang: both are named by seed.
Ends with 1 after the first that is found.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import TimeoutError as Hang
from itertools import islice

from pebble import ProcessExpired, ProcessFuture, ProcessPool
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from spanwise.collector.otlp import scan
from tests.fuzz.agreement import Disagreement, Tally, check

BATCH = 20_000
SECONDS = 60.0
"""A batch takes one or two; under a sanitizer ten times that."""


def batches(seed: str, count: int) -> Iterator[tuple[str, int]]:
    """The seed and the size of each."""
    for start in range(0, count, BATCH):
        yield f"{seed} {start}", min(BATCH, count - start)


def fuzz(seed: str, count: int, jobs: int, progress: Progress) -> Tally:
    """Raises `Disagreement` for what was found first, be it a crash or a hang."""
    total = Tally()
    shown = progress.add_task("inputs", total=count)
    with ProcessPool(jobs) as pool:
        todo = batches(seed, count)
        running = [_start(pool, *batch) for batch in islice(todo, 2 * jobs)]
        while running:
            batch, future = running.pop(0)
            total = total + _result(batch, future)
            progress.update(shown, completed=total.inputs)
            running += [_start(pool, *batch) for batch in islice(todo, 1)]
    return total


def _start(pool: ProcessPool, seed: str, count: int) -> tuple[str, ProcessFuture[Tally]]:
    return seed, pool.schedule(check, args=[seed, count], timeout=SECONDS)


def _result(seed: str, future: ProcessFuture[Tally]) -> Tally:
    try:
        return future.result()
    except Hang:
        raise Disagreement(f"batch {seed!r} took more than {SECONDS:.0f} s: a hang") from None
    except ProcessExpired as error:
        raise Disagreement(f"batch {seed!r} ended its process with {error.exitcode}: a crash") from None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000_000)
    parser.add_argument("--seed", default=f"{time.time_ns()}", help="the same seed, the same inputs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="worker processes")
    chosen = parser.parse_args()
    console = Console(stderr=True)
    console.print(f"scan: {scan.__file__}\nseed: {chosen.seed}", highlight=False)
    columns = (MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    start = time.monotonic()
    try:
        with Progress(*columns, console=console) as progress:
            tally = fuzz(chosen.seed, chosen.inputs, chosen.jobs, progress)
    except Disagreement as found:
        sys.exit(f"found: {found}")
    seconds = time.monotonic() - start
    print(
        f"{tally.inputs:,} inputs in {seconds:,.0f} s: no crash, no hang, no disagreement with protobuf;",
        f"{tally.valid:,} valid, with {tally.spans:,} spans; {tally.blocks:,} cut up and written as blocks",
    )


if __name__ == "__main__":
    main()
