"""Fit what weighs the words and meaning of sentences to labelled conversations, and show its scores on sets left out.

    python -m benchmarks.fit [FILE…] [--write]

Needs scikit-learn. It is fitted to all that is in `benchmarks/data`, not to what is in a folder there. Each file is
left out once (if none is named: `memory-dev`, and those of `unseen-*` that are like it): what is
printed for it was seen by nothing that was fitted. Which sentence of a labelled turn is the one is not labelled;
it is the one that resembles the other labelled ones most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC, LinearSVC

from benchmarks.labelled import OURS, Case, read
from benchmarks.report import parser
from spanwise.processors.user.meaning.embedding import embedded
from spanwise.processors.user.meaning.fitted import FILE, KINDS, SCOPES, Weighing, features, plain
from spanwise.processors.user.meaning.hints import hints
from spanwise.processors.user.meaning.likely import FOREMOST, PASSING, whole
from spanwise.processors.user.meaning.terms import SLOTS, counted, shares
from spanwise.processors.user.sentences import Sentence, sentences

Array = NDArray[Any]
Turn = tuple[str, int]
Judged = tuple[float, bool]
"""How likely the likeliest sentence of a turn is, and whether the turn is labelled."""
Weighings = Mapping[tuple[str, bool], Weighing]
"""By kind, and whether with the meaning."""
GAMMA, COST, ROUNDS = 0.8, 4.0, 2
UNCLEAR = -0.8
"""From this margin on, another sentence of a labelled turn may be one as well: it is no example, and no contrast."""
PRECISION = 0.93
"""That sets left out must have together from where on it counts."""
FIRST_ALIKE = 7
"""The first of `unseen-*` that is like `memory-dev`."""


@dataclass(frozen=True)
class Example:
    """One sentence of a turn, and what the turn is labelled with."""

    source: str
    turn: Turn
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
            turn = whole(said)
            labels = frozenset(kind for kind in KINDS if (kind, number) in case.expected)
            wanted = [case.expected[kind, number] for kind in labels]
            gist = {word for one in wanted for word in one.get("about", "").lower().split()}
            scope = next((one["scope"] for one in wanted if one.get("scope")), "")
            for sentence in said:
                shared = len(gist & set(sentence.text.lower().split()))
                text = plain(sentence.own)
                yield Example(source, (case.id, number), sentence, text, turn, labels, scope, shared, len(said))


class Examples:
    """All of them, with what is the same whichever of them are fitted to."""

    def __init__(self, those: Sequence[Example]) -> None:
        self.those = those
        self.sources = np.array([one.source for one in those])
        self.meanings, self.wholes = self._embedded("text"), self._embedded("whole")
        self.terms_of_text, self.terms_of_whole = self._counted("text"), self._counted("whole")
        self.hints = {kind: np.array([one.hints(kind) for one in those]) for kind in KINDS}
        self.turns: dict[Turn, list[int]] = defaultdict(list)
        for number, one in enumerate(those):
            self.turns[one.turn].append(number)
        self.first = np.array([numbers[0] for numbers in self.turns.values()])
        """One sentence of each turn."""

    def labelled(self, kind: str) -> NDArray[np.bool_]:
        return np.array([kind in one.labels for one in self.those])

    def _embedded(self, part: str) -> Array:
        console = Console(stderr=True)
        texts = track([getattr(one, part) for one in self.those], f"embedding each {part}", console=console)
        return np.array([embedded(text) for text in texts], np.float32)

    def _counted(self, part: str) -> csr_matrix:
        rows = [counted(getattr(one, part)) for one in self.those]
        ends = np.cumsum([0, *map(len, rows)])
        return csr_matrix(
            (np.concatenate([shares(row) for row in rows]), np.concatenate(rows), ends), (len(rows), 2 * SLOTS)
        )


def asking(every: Examples, those: NDArray[np.int_], kind: str, score: Array) -> tuple[Array, Array]:
    """Of `those`: which count as of `kind`, and which are left out because they may be. `score` is theirs."""
    place = {number: index for index, number in enumerate(those)}
    positive, unclear = np.zeros(len(those), bool), np.zeros(len(those), bool)
    for turn in {every.those[number].turn for number in those if kind in every.those[number].labels}:
        numbers = [place[number] for number in every.turns[turn]]
        best = max(numbers, key=lambda index: score[index])
        positive[best] = True
        unclear[[index for index in numbers if index != best and score[index] > UNCLEAR]] = True
    return positive, unclear


def closeness(left: Array, right: Array) -> Array:
    squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T
    close: Array = np.exp(-GAMMA * np.maximum(squares, 0))
    return close


@dataclass(frozen=True)
class Machine:
    """One support vector machine over meanings, and the examples that it was fitted to."""

    machine: SVC
    members: NDArray[np.int_]
    """Which of the inputs."""


@dataclass(frozen=True)
class Fit:
    """Everything that is fitted to some examples."""

    mean: Array
    inputs: Array
    meaning: Mapping[str, Machine]
    words: Mapping[str, LinearSVC]

    def by_meaning(self, every: Examples, those: NDArray[np.int_]) -> Mapping[str, Array]:
        near = closeness(inputs(every, those, self.mean), self.inputs)
        return {name: one.machine.decision_function(near[:, one.members]) for name, one in self.meaning.items()}

    def by_words(self, every: Examples, those: NDArray[np.int_]) -> Mapping[str, tuple[Array, Array]]:
        """Margins of the turn and of the sentence."""
        both = every.terms_of_whole[those], every.terms_of_text[those]
        return {
            name: (one.decision_function(both[0]), one.decision_function(both[1])) for name, one in self.words.items()
        }


def inputs(every: Examples, those: NDArray[np.int_], mean: Array) -> Array:
    pairs = zip(every.meanings[those], every.wholes[those], strict=True)
    return np.array([features(text, whole, mean) for text, whole in pairs], np.float32)


def fit(every: Examples, those: NDArray[np.int_]) -> Fit:
    mean = every.meanings[those].mean(axis=0)
    given = inputs(every, those, mean)
    near = closeness(given, given)
    turns = np.intersect1d(those, every.first)
    meaning: dict[str, Machine] = {}
    words: dict[str, LinearSVC] = {}
    asked = np.zeros(len(those), bool)
    for kind in KINDS:
        words[kind] = linear(every.terms_of_whole[turns], every.labelled(kind)[turns])
        score = np.array([every.those[number].shared for number in those]) + 5.0 * every.hints[kind][those, 0]
        for _ in range(ROUNDS):
            positive, unclear = asking(every, those, kind, score)
            meaning[kind] = machine(near, np.flatnonzero(~unclear), positive)
            score = meaning[kind].machine.decision_function(near[:, meaning[kind].members])
        asked |= positive
    scopes = np.array([one.scope for one in every.those])
    scoped = np.flatnonzero(asked & (scopes[those] != ""))
    of_turns = turns[scopes[turns] != ""]
    for scope in SCOPES:
        meaning[scope] = machine(near, scoped, scopes[those] == scope)
        words[scope] = linear(every.terms_of_whole[of_turns], scopes[of_turns] == scope)
    return Fit(mean, given, meaning, words)


def linear(terms: csr_matrix, positive: Array) -> LinearSVC:
    return LinearSVC(C=1.0, random_state=0).fit(terms, positive)  # its steps are random: the same ones every time


def machine(near: Array, members: NDArray[np.int_], positive: Array) -> Machine:
    fitted = SVC(C=COST, kernel="precomputed").fit(near[np.ix_(members, members)], positive[members])
    return Machine(fitted, members)


class LeftOut:
    """Numbers of sets that were left out of what gave them."""

    def __init__(self, every: Examples, sets: Sequence[str], console: Console) -> None:
        self.every = every
        self.those = np.flatnonzero(np.isin(every.sources, sets))
        self.numbers = {kind: np.zeros((len(every.those), 3)) for kind in KINDS}
        self.scopes = np.zeros((len(every.those), 2 * len(SCOPES)))
        for name in sets:
            left, rest = np.flatnonzero(every.sources == name), np.flatnonzero(every.sources != name)
            model = fit(every, rest)
            meaning, words = model.by_meaning(every, left), model.by_words(every, left)
            for kind in KINDS:
                self.numbers[kind][left] = np.column_stack([meaning[kind], *words[kind]])
            margins = [*(meaning[scope] for scope in SCOPES), *(words[scope][0] for scope in SCOPES)]
            self.scopes[left] = np.column_stack(margins)
            console.print(f"fitted without {name}")

    def weigh(self, kind: str, *, with_meaning: bool) -> Weighing:
        """From margins that the examples themselves had no part in."""
        rows = self.rows(kind, with_meaning=with_meaning)[self.those]
        positive, unclear = asking(self.every, self.those, kind, rows[:, 0])
        model = LogisticRegression(C=1.0, max_iter=1000).fit(rows[~unclear], positive[~unclear])
        weighing = Weighing(np.array([*model.coef_[0], model.intercept_[0]]), 0.0)
        likely = threshold(self.turns(kind, weighing, with_meaning=with_meaning).values(), PRECISION)
        return replace(weighing, likely=likely)

    def rows(self, kind: str, *, with_meaning: bool) -> Array:
        numbers = np.hstack([self.numbers[kind], self.every.hints[kind]])
        return numbers if with_meaning else numbers[:, 1:]

    def turns(self, kind: str, weighing: Weighing, *, with_meaning: bool) -> Mapping[Turn, Judged]:
        """What each turn comes to."""
        rows, passes = self.rows(kind, with_meaning=with_meaning), self.passes(kind)
        best: dict[Turn, Judged] = {}
        for number in map(int, self.those):
            one = self.every.those[number]
            likely = weighing.likelihood(rows[number]) if passes[number] else 0.0
            best[one.turn] = max(best.get(one.turn, (0.0, False)), (likely, kind in one.labels))
        return best

    def scoped(self) -> NDArray[np.int_]:
        """The sentence that asks in each turn whose scope is known."""
        kind = KINDS[0]
        positive, _ = asking(self.every, self.those, kind, self.numbers[kind][self.those, 0])
        return np.array([number for number in map(int, self.those[positive]) if self.every.those[number].scope])

    def audience(self, numbers: NDArray[np.int_], *, with_meaning: bool) -> LogisticRegression:
        """By scope, from the margins of these sentences."""
        scopes = [self.every.those[number].scope for number in numbers]
        margins = self.margins_of_scopes(numbers, with_meaning=with_meaning)
        return LogisticRegression(C=1.0, max_iter=1000).fit(margins, scopes)

    def margins_of_scopes(self, numbers: NDArray[np.int_], *, with_meaning: bool) -> Array:
        return self.scopes[numbers] if with_meaning else self.scopes[numbers, len(SCOPES) :]

    def passes(self, kind: str) -> NDArray[np.bool_]:
        """Which sentences are looked at more closely than by their words."""
        of_turn, of_sentence = self.numbers[kind][:, 1], self.numbers[kind][:, 2]
        foremost = np.zeros(len(of_turn), bool)
        for numbers in self.every.turns.values():
            foremost[sorted(numbers, key=lambda number: -of_sentence[number])[:FOREMOST]] = True
        passes: NDArray[np.bool_] = (of_turn >= PASSING) & foremost
        return passes


def threshold(turns: Iterable[Judged], precision: float) -> float:
    """The least likelihood above which so many are right."""
    right, best = 0, 1.0
    for number, (score, is_right) in enumerate(sorted(turns, reverse=True), start=1):
        right += is_right
        if right / number >= precision:
            best = score
    return best


def show(left_out: LeftOut, sets: Sequence[str], weighings: Weighings, console: Console) -> None:
    table = Table("left out", "kind", "labels", "precision", "recall", "by words: precision", "recall")
    source = {one.turn: one.source for one in left_out.every.those}
    for kind in KINDS:
        judged = {
            with_meaning: left_out.turns(kind, weighings[kind, with_meaning], with_meaning=with_meaning)
            for with_meaning in (True, False)
        }
        for name in (*sets, ""):
            cells: list[str] = []
            for with_meaning, all_turns in judged.items():
                turns = [one for turn, one in all_turns.items() if name in ("", source[turn])]
                least = weighings[kind, with_meaning].likely
                right = sum(is_right for score, is_right in turns if score >= least)
                seen = sum(score >= least for score, _ in turns)
                wanted = sum(is_right for _, is_right in turns)
                cells += [f"{right / max(1, seen):.2f}", f"{right / max(1, wanted):.2f}"]
            table.add_row(name or "all", kind, str(wanted), *cells)
    console.print(table)
    for with_meaning in (True, False):
        numbers, right = left_out.scoped(), 0
        sources = left_out.every.sources[numbers]
        for name in sets:
            model = left_out.audience(numbers[sources != name], with_meaning=with_meaning)
            some = numbers[sources == name]
            told = model.predict(left_out.margins_of_scopes(some, with_meaning=with_meaning))
            right += sum(scope == left_out.every.those[number].scope for scope, number in zip(told, some, strict=True))
        console.print(f"scope right in {right} of {len(numbers)} turns" + ("" if with_meaning else ", by words"))


def write(model: Fit, left_out: LeftOut, weighings: Weighings) -> None:
    """Only the examples that a margin rests on are kept, as vectors."""
    support = {name: one.members[one.machine.support_] for name, one in model.meaning.items()}
    near = np.unique(np.concatenate(list(support.values())))
    scale = float(np.abs(model.inputs[near]).max() / 127)
    arrays: dict[str, Any] = {
        "mean": model.mean.astype(np.float32),
        "near": np.round(model.inputs[near] / scale).astype(np.int8),
        "near scale": scale,
        "gamma": GAMMA,
    }
    for name, one in model.meaning.items():
        weights = np.zeros(len(near), np.float32)
        weights[np.searchsorted(near, support[name])] = one.machine.dual_coef_[0]
        arrays[f"meaning {name}"], arrays[f"meaning offset {name}"] = weights, one.machine.intercept_[0]
    for name, words in model.words.items():
        arrays[f"words {name}"] = words.coef_[0].astype(np.float16)
        arrays[f"words offset {name}"] = words.intercept_[0]
    for kind in KINDS:
        for with_meaning, prefix in ((True, "weighing"), (False, "weighing words")):
            found = weighings[kind, with_meaning]
            arrays[f"{prefix} {kind}"] = np.array([*found.weights, found.likely])
    for with_meaning, prefix in ((True, "audience"), (False, "audience by words")):
        audience = left_out.audience(left_out.scoped(), with_meaning=with_meaning)
        rows = np.column_stack([audience.coef_, audience.intercept_])
        arrays |= {f"{prefix} {scope}": row for scope, row in zip(audience.classes_, rows, strict=True)}
    np.savez_compressed(FILE, **arrays)


def default_files() -> list[Path]:
    """Those whose authors did not know the detectors, and were given `memory-dev` as what the kinds mean."""
    unseen = (OURS / f"unseen-{number}.jsonl" for number in range(FIRST_ALIKE, 100))
    return [OURS / "memory-dev.jsonl", *(path for path in unseen if path.exists())]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("files", nargs="*", type=Path, metavar="FILE", help="each is left out once")
    options.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    arguments = options.parse_args()
    paths = arguments.files or default_files()
    console = Console(stderr=True)
    files = sorted({path.resolve() for path in (*OURS.glob("*.jsonl"), *paths)})
    every = Examples([one for path in files for one in examples(read(path), path.stem)])
    sets = [path.stem for path in paths]
    left_out = LeftOut(every, sets, console)
    weighings = {
        (kind, with_meaning): left_out.weigh(kind, with_meaning=with_meaning)
        for kind in KINDS
        for with_meaning in (True, False)
    }
    show(left_out, sets, weighings, console)
    if arguments.write:
        write(fit(every, np.arange(len(every.those))), left_out, weighings)


if __name__ == "__main__":
    main()
