"""Whether a confidence means something: of the signals of each confidence, how many were right, over labelled runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.scores import Bucket, buckets
from tests.processors.runs import Run

Confidences = Mapping[tuple[str, str], float]
"""Of the signals of one run, by kind and span id."""


def judged(labelled: Sequence[Run], seen: Mapping[str, Confidences]) -> Iterator[tuple[str, float, bool]]:
    """Kind and confidence of each signal, and whether the label says the same."""
    for run in labelled:
        names = {span.span_id.hex(): span.name for span in run.spans}
        for (kind, span), confidence in seen.get(run.spans[0].trace_id.hex(), {}).items():
            yield kind, confidence, (kind, names[span]) in run.expect


def of_runs(labelled: Sequence[Run], seen: Mapping[str, Confidences]) -> Sequence[Bucket]:
    return buckets([(confidence, right) for _, confidence, right in judged(labelled, seen)])


def show(labelled: Sequence[Run], seen: Mapping[str, Confidences], console: Console) -> None:
    table = Table(
        "confidence", "signals", "mean confidence", "share that is right", title="Confidence, over labelled runs"
    )
    for bucket in of_runs(labelled, seen):
        bounds = f"{bucket.low:.1f} to {bucket.high:.1f}"
        table.add_row(bounds, str(bucket.number), f"{bucket.mean:.2f}", f"{bucket.share:.2f}")
    console.print(table)
