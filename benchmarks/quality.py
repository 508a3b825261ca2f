"""How well what is learned from conversations is told from everything else: precision and recall by kind.

    python -m benchmarks.quality [FILE …] [--json] [--domain travel] [--no-runs]

The files are JSON lines of labelled conversations or utterances (`benchmarks/labelled.py`). They are sent as spans over
OTLP to a started collector with its default settings, and judged by the signals that it writes. Every miss is listed.
What weighs meanings is fitted to the files in `benchmarks/data`: what it scores on each when that is left out,
`python -m benchmarks.fit` shows; only other files are scored blind here. The baseline is a plain keyword search.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import grpc
from rich.console import Console
from rich.table import Table

from benchmarks import calibration, scores
from benchmarks.calibration import Confidences
from benchmarks.labelled import OURS, Case, read, requests, span_id, trace_id
from benchmarks.load import Sender, metric
from benchmarks.report import Figure, at_most, parser, report
from benchmarks.scores import Place, Seen, Signals
from tests.processes import CollectorProcess, collector_process
from tests.processors.runs import KINDS as RUN_KINDS
from tests.processors.runs import Run, runs
from tests.requests import request_bytes

DEVELOPMENT = "memory-dev.jsonl", "clinc-dev.jsonl"
"""Expected in `shared/data` beside the checkout, or beside a folder above it; the first of them also in `OURS`."""
KINDS = (
    *("memory.explicit", "memory.forget", "preference.implicit", "correction", "rephrase", "clarification"),
    *("frustration", "escalation", "gratitude", "topic_switch"),
)
PATIENCE_SECONDS = 900.0
SIGNALS = """
SELECT TraceId, SpanId, Kind, max(Confidence), any(Details['scope']), any(Details['about']), any(Quote)
FROM signals FINAL GROUP BY TraceId, SpanId, Kind, Id
"""
UPDATES = "SELECT count() FROM context_updates WHERE UserId IN {users:Array(String)}"
_KEYWORDS = {
    "memory.explicit": re.compile(
        r"\b(?:remember|note that|keep in mind|from now on|always|never|call me|don't forget)\b", re.IGNORECASE
    ),
    "memory.forget": re.compile(r"\b(?:forget|delete|stop remembering|remove)\b", re.IGNORECASE),
}


def searched(case: Case) -> set[Place]:
    """By keyword search on what users say."""
    return {
        (kind, number)
        for number, message in enumerate(case.messages)
        for kind, words in _KEYWORDS.items()
        if message["role"] == "user" and words.search(message["content"])
    }


async def send(collector: CollectorProcess, cases: Sequence[Case], labelled: Sequence[Run]) -> int:
    """Return, once everything is acknowledged, the number of spans."""
    options = [("grpc.max_send_message_length", -1)]
    async with grpc.aio.insecure_channel(collector.addresses.grpc, options) as channel:
        sender = Sender(channel)
        for data, number in requests(cases):
            await sender.send(data, number)
        for run in labelled:
            await sender.send(request_bytes(*run.spans), len(run.spans))
    return sender.acknowledged


def wait_until_processed(collector: CollectorProcess, spans: int) -> None:
    query, deadline = "SELECT sum(Spans) FROM processed FINAL", time.monotonic() + PATIENCE_SECONDS
    client = collector.client()
    while int(client.query(query).result_rows[0][0]) < spans or metric(collector, "spanwise_waiting_traces"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not everything was processed within {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.2)


def measured(
    cases: Sequence[Case], labelled: Sequence[Run], console: Console
) -> tuple[Signals, Mapping[str, Confidences], int]:
    """The signals of each case, those of each run by kind and span id, and what was learned from injected text."""
    with tempfile.TemporaryDirectory() as path, collector_process(Path(path)) as collector:
        console.print(f"sending {len(cases):,} conversations and {len(labelled)} runs")
        wait_until_processed(collector, asyncio.run(send(collector, cases, labelled)))
        rows = collector.rows(SIGNALS)
        injected = [case.id for case in cases if case.has_injection]
        ((learned,),) = collector.rows(UPDATES, {"users": injected})
    case_of = {trace_id(case).hex(): case.id for case in cases}
    message_of = {span_id(number).hex(): number for number in range(1_000)}
    signals: dict[str, list[Seen]] = defaultdict(list)
    of_runs: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for trace, span, kind, confidence, scope, about, quote in rows:
        if trace in case_of:
            signals[case_of[trace]].append(Seen(kind, message_of[span], float(confidence), scope, about, quote))
        else:
            of_runs[trace][kind, span] = float(confidence)
    return signals, of_runs, int(learned)


def figures(cases: Sequence[Case], signals: Signals, learned: int) -> Iterator[Figure]:
    """The figures of one set, with the bounds that hold for every set of its form."""
    conversations = [case for case in cases if not case.is_utterance]
    utterances = [case for case in cases if case.is_utterance]
    for name, chosen in (
        ("", conversations),
        (", without doubtful cases", [one for one in conversations if not one.doubtful]),
    ):
        for kind in KINDS:
            found = scores.score(chosen, scores.places(signals), kind)
            if found.right + found.missed == 0:
                continue
            bounds = {"memory.explicit": (0.95, 0.85), "memory.forget": (0.95, 0.80)}.get(kind, (None, None))
            theirs = scores.score(chosen, searched, kind) if kind in _KEYWORDS else None
            yield _figure(f"{kind} precision{name}", found.precision, bounds[0], theirs.precision if theirs else None)
            yield _figure(f"{kind} recall{name}", found.recall, bounds[1], theirs.recall if theirs else None)
    right, total = scores.scopes_right(conversations, signals)
    if total:
        yield _figure("scope right", right / total, 0.9)
    if conversations:
        bad = list(scores.violations(conversations, signals))
        yield Figure("quality: signals of a kind that must not be", len(bad), "signals")
        yield at_most("quality: context updates from conversations with injected instructions", learned, "updates", 0)
        yield _figure(
            "calibration error", scores.calibration_error(scores.reliability(conversations, signals, KINDS)), None
        )
    if any(case.expected for case in utterances):
        found, theirs = (scores.score(utterances, find, KINDS[0]) for find in (scores.places(signals), searched))
        yield _figure("utterances: memory.explicit precision", found.precision, 0.97, theirs.precision)
        yield _figure("utterances: memory.explicit recall", found.recall, 0.90, theirs.recall)


def run_score(labelled: Sequence[Run], seen: Mapping[str, Confidences], kind: str) -> scores.Score:
    total = scores.Score()
    for run in labelled:
        names = {span.span_id.hex(): span.name for span in run.spans}
        found = {(one, names[span]) for one, span in seen.get(run.spans[0].trace_id.hex(), ()) if one == kind}
        wanted = {one for one in run.expect if one[0] == kind}
        total += scores.Score(len(found & wanted), len(found - wanted), len(wanted - found))
    return total


def _figure(name: str, value: float, bound: float | None, baseline: float | None = None) -> Figure:
    compared_to = None if baseline is None else f"keyword search: {baseline:.3f}"
    return Figure(f"quality: {name}", value, "", None, compared_to, bound)


def show_groups(title: str, groups: Mapping[str, Sequence[Case]], signals: Signals, console: Console) -> None:
    """A row for each group and kind that the group has labels or signals of."""
    table = Table("", "kind", "cases", "right", "wrong", "missed", "precision", "recall", title=title)
    for name, cases in groups.items():
        for kind in KINDS:
            found = scores.score(cases, scores.places(signals), kind)
            if found != scores.Score():
                numbers = map(str, (len(cases), found.right, found.wrong, found.missed))
                table.add_row(name, kind, *numbers, f"{found.precision:.2f}", f"{found.recall:.2f}")
    console.print(table)


def show_reliability(cases: Sequence[Case], signals: Signals, console: Console) -> None:
    table = Table("confidence", "signals", "mean confidence", "share that is right", title="Reliability")
    for bucket in scores.reliability(cases, signals, KINDS):
        table.add_row(
            f"{bucket.low:.1f} to {bucket.high:.1f}", str(bucket.number), f"{bucket.mean:.2f}", f"{bucket.share:.2f}"
        )
    console.print(table)


def show_misses(cases: Sequence[Case], signals: Signals, console: Console) -> None:
    for word, kind, case, message in scores.misses(cases, signals, KINDS):
        if case.is_utterance and kind != KINDS[0]:
            continue  # utterances are labelled for this kind alone
        said = " ".join(case.messages[message]["content"].split())
        doubt = " (doubtful)" if case.doubtful else ""
        console.print(
            f"{word:6} {kind} {case.id} {message}{doubt}: {said}", markup=False, highlight=False, soft_wrap=True
        )


def show_runs(labelled: Sequence[Run], seen: Mapping[str, Confidences], console: Console) -> None:
    table = Table(
        "kind", "right", "wrong", "missed", "precision", "recall", title="Tools and models, over labelled runs"
    )
    for kind in RUN_KINDS:
        found = run_score(labelled, seen, kind)
        numbers = map(str, (found.right, found.wrong, found.missed))
        table.add_row(kind, *numbers, f"{found.precision:.2f}", f"{found.recall:.2f}")
    console.print(table)


def _grouped(cases: Sequence[Case], by: str) -> Mapping[str, Sequence[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[getattr(case, by)].append(case)
    return dict(sorted(groups.items()))


def default_files(console: Console) -> list[Path]:
    """All that are here; says what of the development data is not."""
    ours = sorted(OURS.glob("*.jsonl"))
    missing = [name for name in DEVELOPMENT if name not in {path.name for path in ours}]
    folders = [folder / "shared" / "data" for folder in OURS.parents[2:]]
    shared = [next((folder / name for folder in folders if (folder / name).exists()), name) for name in missing]
    for name in shared:
        if isinstance(name, str):
            console.print(f"[bold red]LEFT OUT: {name}[/], which is in shared/data of none of the folders above")
    return [*ours, *(path for path in shared if isinstance(path, Path))]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("files", nargs="*", type=Path, metavar="FILE", help="labelled data; all that are here if none")
    options.add_argument("--domain", action="append", default=[], help="only this domain; may be repeated")
    options.add_argument("--no-runs", action="store_true", help="leave the labelled runs of tools and models out")
    arguments = options.parse_args()
    console = Console(stderr=arguments.json)
    cases = [case for path in arguments.files or default_files(Console(stderr=True)) for case in read(path)]
    cases = [case for case in cases if not arguments.domain or case.domain in arguments.domain]
    labelled = [] if arguments.no_runs else list(runs())
    if not cases and not labelled:
        sys.exit("there is nothing labelled here: name a FILE")
    signals, of_runs, learned = measured(cases, labelled, Console(stderr=True))
    conversations = [case for case in cases if not case.is_utterance]
    show_misses(cases, signals, console)
    show_groups("By domain", _grouped(conversations, "domain"), signals, console)
    show_groups("By language", _grouped(conversations, "language"), signals, console)
    show_groups("All conversations", {"": conversations}, signals, console)
    show_reliability(conversations, signals, console)
    if labelled:
        show_runs(labelled, of_runs, console)
        calibration.show(labelled, of_runs, console)
    for_runs = (run_score(labelled, of_runs, kind) for kind in RUN_KINDS if labelled)
    kinds_of_runs = zip(RUN_KINDS, for_runs, strict=False)
    found = [*figures(cases, signals, learned)]
    for kind, one in kinds_of_runs:
        found += [
            _figure(f"runs: {kind} precision", one.precision, None),
            _figure(f"runs: {kind} recall", one.recall, None),
        ]
    # For people, the tables above say the rest.
    shown = found if arguments.json else [figure for figure in found if figure.at_least is not None]
    report("Quality of detection", shown, as_json=arguments.json)


if __name__ == "__main__":
    main()
