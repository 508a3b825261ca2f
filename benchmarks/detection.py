"""How well memory requests are told from everything else: precision, recall and false alarms on labelled data.

    python -m benchmarks.detection [--memory FILE] [--clinc FILE] [--json] [--misses] [--domains travel,cooking]

A conversation's message counts once a kind, however many signals it gives. The baseline is a plain keyword search.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, parser, report
from spanwise.processors import Origin, Scope, Trace, Turn
from spanwise.processors.user.forget import forget_requests
from spanwise.processors.user.memory import explicit_memories

Case = dict[str, Any]
Detector = Callable[[Case], set[tuple[str, int]]]

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
KINDS = ("memory.explicit", "memory.forget")
_ORIGINS = {"user": Origin.USER, "assistant": Origin.ASSISTANT, "system": Origin.SYSTEM, "tool": Origin.TOOL}
_KEYWORDS = {
    "memory.explicit": re.compile(
        r"\b(?:remember|note that|keep in mind|from now on|always|never|call me|don't forget)\b", re.IGNORECASE
    ),
    "memory.forget": re.compile(r"\b(?:forget|delete|stop remembering|remove)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Score:
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def trace_of(case: Case) -> Trace:
    """The case as the processors would read it."""
    turns = tuple(
        Turn(message["role"], message["content"], _ORIGINS[message["role"]], case["id"], str(number))
        for number, message in enumerate(case["messages"])
    )
    return Trace(case["id"], Scope("agent", "org", "user"), case["id"], (), turns, ())


def detected(case: Case) -> set[tuple[str, int]]:
    """Kind and message of each signal."""
    trace = trace_of(case)
    return {
        (item.kind, int(item.evidence.span_id)) for find in (explicit_memories, forget_requests) for item in find(trace)
    }


def searched(case: Case) -> set[tuple[str, int]]:
    """The same by keyword search on what users say."""
    return {
        (kind, number)
        for number, message in enumerate(case["messages"])
        for kind, words in _KEYWORDS.items()
        if message["role"] == "user" and words.search(message["content"])
    }


def expected(case: Case) -> set[tuple[str, int]]:
    return {(item["kind"], item["message"]) for item in case["expect"] if item["kind"] in KINDS}


def score(cases: Sequence[Case], find: Detector, kind: str) -> Score:
    right = wrong = missed = 0
    for case in cases:
        found = {item for item in find(case) if item[0] == kind}
        wanted = {item for item in expected(case) if item[0] == kind}
        right, wrong, missed = right + len(found & wanted), wrong + len(found - wanted), missed + len(wanted - found)
    return Score(right, wrong, missed)


def violations(cases: Sequence[Case], find: Detector) -> list[tuple[Case, str]]:
    """Each case with a kind that it must not report and does."""
    return [
        (case, kind)
        for case in cases
        for kind in KINDS
        if kind in case["must_not"] and kind in {k for k, _ in find(case)}
    ]


def utterances(rows: Iterable[Case]) -> list[Case]:
    return [
        {
            "id": f"clinc-{number}",
            "messages": [{"role": "user", "content": row["text"]}],
            "expect": [{"kind": "memory.explicit", "message": 0}] if row["durable"] else [],
            "must_not": [],
            "intent": row["intent"],
        }
        for number, row in enumerate(rows)
    ]


def measurements(cases: Sequence[Case], single: Sequence[Case]) -> Iterator[Figure]:
    """The figures, with the baseline's as `compared_to`."""
    clear = [case for case in cases if "doubt" not in case]
    for name, chosen in (("all", cases), ("without doubt", clear)):
        for kind in KINDS:
            ours, theirs = score(chosen, detected, kind), score(chosen, searched, kind)
            for figure in ("precision", "recall", "f1"):
                yield _figure(f"{kind} {figure}, {name}", getattr(ours, figure), "", getattr(theirs, figure))
    yield _figure(
        "must_not violations", len(violations(cases, detected)), "conversations", len(violations(cases, searched))
    )
    negatives = [case for case in single if not case["expect"]]
    positives = [case for case in single if case["expect"]]
    yield _figure("false positives on clinc", _rate(negatives, detected), "per 1,000", _rate(negatives, searched))
    yield _figure(
        "recall on clinc", score(positives, detected, KINDS[0]).recall, "", score(positives, searched, KINDS[0]).recall
    )


def _rate(cases: Sequence[Case], find: Detector) -> float:
    return 1000 * sum(bool(find(case)) for case in cases) / max(1, len(cases))


def _figure(name: str, value: float, unit: str, baseline: float) -> Figure:
    ratio = value / baseline if baseline else None
    return Figure(f"detection: {name}", value, unit, ratio, f"keyword search: {baseline:.3f}")


def misses(cases: Sequence[Case]) -> Iterator[str]:
    """A line for each thing missed or wrongly reported."""
    for case in cases:
        found, wanted = detected(case), expected(case)
        for sign, items in (("missed", wanted - found), ("wrong", found - wanted)):
            for kind, number in sorted(items):
                said = case["messages"][number]["content"][:400]
                yield f"{sign:6} {kind:15} {case['id']} {case.get('intent', '')}| {said}"


def read(path: Path) -> list[Case]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--memory", type=Path, default=DATA / "memory-dev.jsonl")
    options.add_argument("--clinc", type=Path, default=DATA / "clinc-dev.jsonl")
    options.add_argument("--domains", default="", help="only these, separated by commas")
    options.add_argument("--misses", action="store_true")
    arguments = options.parse_args()
    domains = set(arguments.domains.split(",")) - {""}
    cases = [case for case in read(arguments.memory) if not domains or case["domain"] in domains]
    single = utterances(read(arguments.clinc))
    if arguments.misses:
        print("\n".join(misses([*cases, *single])))
        return
    report("Memory requests told from everything else", measurements(cases, single), as_json=arguments.json)


if __name__ == "__main__":
    main()
