"""Fit what weighs the meaning of sentences to labelled conversations, and show what it scores on sets left out.

    python -m benchmarks.fit [FILE…] [--write]

Needs scikit-learn. It is fitted to all that is in `benchmarks/data`. Each file (`unseen-*` and `memory-dev` if none is
named) is left out once: what is printed for it was seen by nothing that was fitted. Which of the
sentences of a labelled turn is the one is not labelled; it is the one that resembles the other labelled ones most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from benchmarks.labelled import Case, read
from benchmarks.quality import OURS
from benchmarks.report import parser
from spanwise.processors.user.meaning.embedding import embedded
from spanwise.processors.user.meaning.examples import BLOCKED, FILE, KINDS, features, hints, plain, weighed
from spanwise.processors.user.meaning.gate import SLOTS, slots
from spanwise.processors.user.sentences import Sentence, sentences

Array = NDArray[Any]
GAMMA, COST, ROUNDS = 0.8, 4.0, 2
PASSED = -1.3
"""The cheap score from which on a sentence passes: on sets left out, 97 % of what is asked for does."""
PRECISION = 0.94
"""That sets left out must have together from where on it counts."""
SCOPES = ("org", "agent")


@dataclass(frozen=True)
class Example:
    """One sentence of a turn, and what the turn is labelled with."""

    source: str
    turn: tuple[str, int]
    sentence: Sentence
    text: str
    whole: str
    labels: frozenset[str]
    scope: str
    shared: int
    """Words that the label's gist has in common with the sentence."""
    among: int
    """Sentences in the turn."""

    def hints(self, kind: str) -> tuple[float, ...]:
        return hints(self.sentence, kind, self.among)


def examples(cases: Sequence[Case], source: str) -> Iterator[Example]:
    for case in cases:
        for number, message in enumerate(case.messages):
            if message["role"] != "user":
                continue
            said = sentences(message["content"])
            whole = plain(" ".join(sentence.own for sentence in said))
            labels = frozenset(kind for kind in KINDS if (kind, number) in case.expected)
            wanted = [case.expected[kind, number] for kind in labels]
            gist = {word for one in wanted for word in one.get("about", "").lower().split()}
            scope = next((one["scope"] for one in wanted if one.get("scope")), "")
            for sentence in said:
                shared = len(gist & set(sentence.text.lower().split()))
                text = plain(sentence.own)
                yield Example(source, (case.id, number), sentence, text, whole, labels, scope, shared, len(said))


def vectors(those: Sequence[Example], mean: Array) -> Array:
    return np.array([features(embedded(one.text), embedded(one.whole), mean) for one in those], np.float32)


def chosen(those: Sequence[Example], kind: str, score: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which sentences count as of `kind`, and which are left out because they may be."""
    turns: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, one in enumerate(those):
        if kind in one.labels:
            turns[one.turn].append(number)
    positive, unclear = np.zeros(len(those), bool), np.zeros(len(those), bool)
    for numbers in turns.values():
        best = max(numbers, key=lambda number: score[number])
        positive[best] = True
        unclear[[n for n in numbers if n != best and score[n] > -0.8]] = True
    return positive, unclear


def closeness(left: Array, right: Array) -> Array:
    squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T
    close: Array = np.exp(-GAMMA * np.maximum(squares, 0))
    return close


def machine(near: Array, members: NDArray[np.int_], positive: NDArray[np.bool_]) -> SVC:
    return SVC(C=COST, kernel="precomputed").fit(near[np.ix_(members, members)], positive)


def fitted(those: Sequence[Example], near: Array, kind: str) -> tuple[SVC, NDArray[np.int_], NDArray[np.bool_]]:
    """The machine, the examples that it was fitted to, and which of all count as of `kind`."""
    score = np.array([one.shared + 5.0 * one.hints(kind)[0] for one in those])
    for _ in range(ROUNDS):
        positive, unclear = chosen(those, kind, score)
        members = np.flatnonzero(~unclear)
        model = machine(near, members, positive[members])
        score = model.decision_function(near[:, members])
    return model, members, positive


def gate(those: Sequence[Example]) -> LogisticRegression:
    """Which of the sentences of a labelled turn asks is not known here: taken to be the last one most like its gist."""
    asking: dict[tuple[str, int], tuple[int, int]] = {}
    for number, one in enumerate(those):
        if one.labels:
            asking[one.turn] = max(asking.get(one.turn, (-1, 0)), (one.shared, number))
    asked = np.zeros(len(those), bool)
    asked[[number for _, number in asking.values()]] = True
    return LogisticRegression(C=0.1, class_weight="balanced", max_iter=300).fit(counted(those), asked)


def counted(those: Sequence[Example]) -> csr_matrix:
    rows = [(number, slot) for number, one in enumerate(those) for slot in set(slots(one.text))]
    return csr_matrix((np.ones(len(rows)), tuple(zip(*rows, strict=True))), (len(those), SLOTS))


def best_of_turns(those: Sequence[Example], score: Array, kind: str) -> list[tuple[float, bool]]:
    best: dict[tuple[str, int], tuple[float, bool]] = {}
    for one, value in zip(those, score, strict=True):
        best[one.turn] = max(best.get(one.turn, (-np.inf, False)), (float(value), kind in one.labels))
    return list(best.values())


@dataclass(frozen=True)
class Fit:
    """Everything that is fitted to some examples."""

    mean: Array
    machines: dict[str, SVC]
    members: dict[str, NDArray[np.int_]]
    """By machine: which of the examples it was fitted to."""
    gate: LogisticRegression
    inputs: Array

    def margins(self, name: str, near: Array) -> Array:
        margins: Array = self.machines[name].decision_function(near[:, self.members[name]])
        return margins

    def score(self, those: Sequence[Example], kind: str, near: Array) -> Array:
        """The margins of `kind`; of what the gate stops and the grammar does not foresee, `BLOCKED`."""
        passed = self.gate.decision_function(counted(those)) > PASSED
        plainly = np.array([bool(one.hints(kind)[1]) for one in those])
        return np.where(passed | plainly, self.margins(kind, near), BLOCKED)


def fit(everything: Sequence[Example]) -> Fit:
    """To what the gate lets through, since nothing else is looked at."""
    cheap = gate(everything)
    passed = cheap.decision_function(counted(everything)) > PASSED
    those = [one for one, passes in zip(everything, passed, strict=True) if passes or one.labels]
    mean = np.mean([embedded(one.text) for one in those], axis=0)
    inputs = vectors(those, mean)
    near = closeness(inputs, inputs)
    machines: dict[str, SVC] = {}
    members: dict[str, NDArray[np.int_]] = {}
    asked = np.zeros(len(those), bool)
    for kind in KINDS:
        machines[kind], members[kind], positive = fitted(those, near, kind)
        asked |= positive
    scoped = np.array([number for number, one in enumerate(those) if one.scope and asked[number]])
    for scope in SCOPES:
        members[scope] = scoped
        machines[scope] = machine(near, scoped, np.array([those[number].scope == scope for number in scoped]))
    return Fit(mean, machines, members, cheap, inputs)


def stack(those: Sequence[Example], margins: Array, kind: str) -> Array:
    """How much the margin and each hint count: from margins that the examples themselves had no part in."""
    rows = np.array([[margin, *one.hints(kind)] for one, margin in zip(those, margins, strict=True)])
    positive, unclear = chosen(those, kind, margins)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(rows[~unclear], positive[~unclear])
    return np.array([*model.coef_[0], model.intercept_[0]])


def likelihoods(those: Sequence[Example], margins: Array, kind: str, stacked: Array) -> Array:
    return np.array([weighed(stacked, margin, one.hints(kind)) for one, margin in zip(those, margins, strict=True)])


def threshold(turns: Sequence[tuple[float, bool]], precision: float) -> float:
    """The least likelihood above which so many are right."""
    right, best = 0, 1.0
    for number, (score, is_right) in enumerate(sorted(turns, reverse=True), start=1):
        right += is_right
        if right / number >= precision:
            best = score
    return best


def show(name: str, turns: Sequence[tuple[float, bool]], kind: str, likely: float, table: Table) -> None:
    right = sum(is_right for score, is_right in turns if score >= likely)
    seen, wanted = sum(score >= likely for score, _ in turns), sum(is_right for _, is_right in turns)
    if wanted:
        table.add_row(name, kind, str(wanted), f"{right / max(1, seen):.2f}", f"{right / wanted:.2f}")


def leave_one_out(
    sets: dict[str, list[Example]], left_out: Sequence[str], console: Console
) -> dict[str, tuple[Array, float]]:
    """By kind: how margins are read, fitted to those of sets that were left out, and from where on it counts."""
    margins: dict[str, list[float]] = defaultdict(list)
    those: list[Example] = []
    scopes: list[bool] = []
    for name in left_out:
        model = fit([one for other, group in sets.items() if other != name for one in group])
        near = closeness(vectors(sets[name], model.mean), model.inputs)
        for kind in KINDS:
            margins[kind] += list(model.score(sets[name], kind, near))
        by_scope = {scope: model.margins(scope, near) for scope in SCOPES}
        for number, one in enumerate(sets[name]):
            if one.scope:
                best = max(SCOPES, key=lambda scope: by_scope[scope][number])
                scopes.append((best if by_scope[best][number] > 0 else "user") == one.scope)
        those += sets[name]
        console.print(f"fitted without {name}")
    table = Table("left out", "kind", "labels", "precision", "recall", title="Sets left out")
    result = {}
    for kind in KINDS:
        stacked = stack(those, np.array(margins[kind]), kind)
        found = likelihoods(those, np.array(margins[kind]), kind, stacked)
        likely = threshold(best_of_turns(those, found, kind), PRECISION)
        for name in (*left_out, ""):
            numbers = [number for number, one in enumerate(those) if name in ("", one.source)]
            turns = best_of_turns([those[number] for number in numbers], found[numbers], kind)
            show(name or "all", turns, kind, likely, table)
            if not name:
                show("all at .5", turns, kind, 0.5, table)
        console.print(kind, stacked.round(2), f"{likely:.2f}")
        result[kind] = (stacked, likely)
    console.print(table)
    console.print(f"scope right in {sum(scopes)} of {len(scopes)} sentences")
    return result


def write(model: Fit, read_as: dict[str, tuple[Array, float]]) -> None:
    """Only the examples that a margin rests on are kept, as vectors."""
    support = {name: model.members[name][machine.support_] for name, machine in model.machines.items()}
    near = np.unique(np.concatenate(list(support.values())))
    scale = float(np.abs(model.inputs[near]).max() / 127)
    arrays: dict[str, Any] = {
        "mean": model.mean.astype(np.float32),
        "near": np.round(model.inputs[near] / scale).astype(np.int8),
        "near scale": scale,
        "gamma": GAMMA,
        "gate": model.gate.coef_[0].astype(np.float16),
        "gate offset": float(model.gate.intercept_[0] - PASSED),
    }
    for name, machine in model.machines.items():
        weights = np.zeros(len(near), np.float32)
        weights[np.searchsorted(near, support[name])] = machine.dual_coef_[0]
        arrays[f"weights {name}"], arrays[f"offset {name}"] = weights, machine.intercept_[0]
    for kind, (stacked, likely) in read_as.items():
        arrays[f"stacked {kind}"], arrays[f"likely {kind}"] = stacked, likely
    np.savez_compressed(FILE, **arrays)


def default_files() -> list[Path]:
    """Those whose authors did not know the detectors."""
    return [OURS / "memory-dev.jsonl", *sorted(OURS.glob("unseen-*.jsonl"))]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("files", nargs="*", type=Path, metavar="FILE", help="each is left out once")
    options.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    arguments = options.parse_args()
    left_out = arguments.files or default_files()
    console = Console(stderr=True)
    every = {path.stem: read(path) for path in sorted({path.resolve() for path in (*OURS.glob("*.jsonl"), *left_out)})}
    sets = {}
    for name, cases in every.items():
        sets[name] = list(examples(cases, name))
        console.print(f"{name}: {len(sets[name]):,} sentences")
    read_as = leave_one_out(sets, [path.stem for path in left_out], console)
    if arguments.write:
        write(fit([one for group in sets.values() for one in group]), read_as)


if __name__ == "__main__":
    main()
