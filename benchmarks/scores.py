"""Precision, recall and calibration of signals against labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.labelled import Case

Place = tuple[str, int]
"""A kind, and the message in which it was seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal, as a benchmark looks at it."""

    kind: str
    message: int
    confidence: float
    scope: str = ""
    about: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


Signals = Mapping[str, Sequence[Seen]]
"""By the id of the case."""


def score(cases: Iterable[Case], found: Callable[[Case], set[Place]], kind: str) -> Score:
    """A message counts once a kind, however many signals it gives."""
    total = Score()
    for case in cases:
        seen = {place for place in found(case) if place[0] == kind}
        wanted = {place for place in case.expected if place[0] == kind}
        total += Score(len(seen & wanted), len(seen - wanted), len(wanted - seen))
    return total


def places(signals: Signals) -> Callable[[Case], set[Place]]:
    return lambda case: {(one.kind, one.message) for one in signals.get(case.id, ())}


def scopes_right(cases: Iterable[Case], signals: Signals) -> tuple[int, int]:
    """How many of the memories found were given to the right scope, and how many have a label."""
    right = total = 0
    for case in cases:
        for one in signals.get(case.id, ()):
            wanted = case.expected.get((one.kind, one.message), {}).get("scope")
            if one.kind == "memory.explicit" and wanted:
                right, total = right + (one.scope == wanted), total + 1
    return right, total


def violations(cases: Iterable[Case], signals: Signals) -> Iterator[tuple[Case, Seen]]:
    """Each signal of a kind that its conversation must not give."""
    for case in cases:
        for one in signals.get(case.id, ()):
            if one.kind in case.must_not:
                yield case, one


def misses(cases: Iterable[Case], signals: Signals, kinds: Sequence[str]) -> Iterator[tuple[str, str, Case, int]]:
    """What was missed or wrongly seen: which of the two, kind, case, message."""
    for case in cases:
        seen = {place for place in places(signals)(case) if place[0] in kinds}
        wanted = {place for place in case.expected if place[0] in kinds}
        for word, those in (("missed", wanted - seen), ("wrong", seen - wanted)):
            for kind, message in sorted(those):
                yield word, kind, case, message


@dataclass(frozen=True, slots=True)
class Bucket:
    """Signals of about one confidence; `right` of them are as labelled."""

    low: float
    high: float
    number: int
    mean: float
    right: int

    @property
    def share(self) -> float:
        return self.right / max(1, self.number)


def reliability(cases: Iterable[Case], signals: Signals, kinds: Sequence[str], width: float = 0.1) -> list[Bucket]:
    """How often signals of each confidence are right; a message counts once a kind, with its surest signal."""
    surest: list[tuple[float, bool]] = []
    for case in cases:
        best: dict[Place, float] = {}
        for one in signals.get(case.id, ()):
            if one.kind in kinds:
                place = (one.kind, one.message)
                best[place] = max(best.get(place, 0.0), one.confidence)
        surest += [(confidence, place in case.expected) for place, confidence in best.items()]
    return buckets(surest, width)


def buckets(surest: Sequence[tuple[float, bool]], width: float = 0.1) -> list[Bucket]:
    """Confidences, each with whether it was right, in steps of `width`; those without any are left out."""
    found = []
    for step in range(round(1 / width)):
        low, high = step * width, (step + 1) * width
        those = [(confidence, right) for confidence, right in surest if low < confidence <= high + 1e-9]
        if those:
            mean = sum(confidence for confidence, _ in those) / len(those)
            found.append(Bucket(low, high, len(those), mean, sum(right for _, right in those)))
    return found


def calibration_error(buckets: Sequence[Bucket]) -> float:
    """Expected calibration error: how far confidence is from the share that is right, weighted by number."""
    total = sum(bucket.number for bucket in buckets)
    return sum(bucket.number * abs(bucket.mean - bucket.share) for bucket in buckets) / max(1, total)
