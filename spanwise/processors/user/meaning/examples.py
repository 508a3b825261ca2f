"""How close a sentence is to labelled ones that ask for something to be kept, or to be forgotten.

A support vector machine with a Gaussian kernel over the meaning of the sentence and of the turn that it stands in,
whose margin is weighed together with what the grammar says. Fitted by `benchmarks.fit`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spanwise.processors.user.asking import Request, is_passing_or_reminder, request_in
from spanwise.processors.user.grammar import speech
from spanwise.processors.user.grammar.forgetting import FORGET, NOT_FORGET
from spanwise.processors.user.meaning.gate import slots, writes_without_spaces
from spanwise.processors.user.pasted import COVER
from spanwise.processors.user.sentences import Sentence

FILE = Path(__file__).with_name("weights.npz")
KINDS = ("memory.explicit", "memory.forget")
WHOLE = 0.6
"""Weight of the turn against that of the sentence."""
_PLAIN = Request.KEEP, Request.ADDRESS, Request.LASTING
_SPOKEN_AGAINST = -0.4
"""The margin below which the meaning of a sentence speaks against the grammar: few of those were right."""
PLAIN = 0.8
"""How sure the grammar alone makes us."""
BLOCKED = -2.0
"""The margin of what the gate stops."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was fitted: the examples on the margin, their weights by what is asked for, and how a margin is read."""

    mean: Array
    near: Array
    gamma: float
    weights: Mapping[str, Array]
    offsets: Mapping[str, float]
    gate: Array
    gate_offset: float
    stacked: Mapping[str, Array]
    """By kind: the weight of the margin, those of `hints`, and a constant."""
    likely: Mapping[str, float]
    """By kind: from which likelihood on it counts."""

    def margins(self, inputs: Array) -> Mapping[str, float]:
        distances = ((self.near - inputs) ** 2).sum(axis=1)
        closeness = np.exp(-self.gamma * distances)
        return {name: float(closeness @ weights) + self.offsets[name] for name, weights in self.weights.items()}

    def likelihood(self, kind: str, margin: float, hinted: Sequence[float]) -> float:
        return weighed(self.stacked[kind], margin, hinted)

    def may_ask(self, text: str) -> bool:
        counted = sum(float(self.gate[slot]) for slot in set(slots(text)))
        return writes_without_spaces(text) or counted + self.gate_offset > 0


@functools.cache
def reading() -> Reading:
    with np.load(FILE) as file:
        names = [key.removeprefix("weights ") for key in file if key.startswith("weights ")]
        return Reading(
            mean=file["mean"],
            near=file["near"].astype(np.float32) * float(file["near scale"]),
            gamma=float(file["gamma"]),
            weights={name: file[f"weights {name}"] for name in names},
            offsets={name: float(file[f"offset {name}"]) for name in names},
            gate=file["gate"],
            gate_offset=float(file["gate offset"]),
            stacked={kind: file[f"stacked {kind}"] for kind in KINDS},
            likely={kind: float(file[f"likely {kind}"]) for kind in KINDS},
        )


def plain(own: str) -> str:
    """A sentence as it is compared: what its speaker shows of others is left out."""
    parts = [part for part in own.split(COVER) if part]
    return " … ".join(" ".join(part.split()) for part in parts) or own


def features(sentence: Array, whole: Array, mean: Array) -> Array:
    """Two meanings, each from the middle of all that people say."""
    return np.concatenate([_unit(sentence - mean), WHOLE * _unit(whole - mean)])


def _unit(vector: Array) -> Array:
    unit: Array = vector / (np.linalg.norm(vector) + 1e-9)
    return unit


def hints(sentence: Sentence, kind: str, among: int) -> tuple[float, ...]:
    """What its form says of the sentence, one of `among`.

    First whether the grammar takes it to be of the kind, then whether it is sure of that, then whether nothing speaks
    against it: how somebody is called, or in which language they talk.
    """
    asks = float(sentence.asks and not speech.POLITE.search(sentence.own))
    size = math.log1p(len(sentence.own.split())), math.log(among)
    if kind == "memory.forget":
        kept = NOT_FORGET.search(sentence.own) is not None
        forget = float(FORGET.search(sentence.own) is not None and not kept)
        return forget, forget, 0.0, asks, float(kept), *size
    request = request_in(sentence)
    plainly, named = float(request in _PLAIN), float(request is Request.ADDRESS)
    return float(request is not None), plainly, named, asks, float(is_passing_or_reminder(sentence)), *size


def weighed(stacked: Array, margin: float, hinted: Sequence[float]) -> float:
    """How likely it is, from 0 to 1. What the grammar is sure of counts, unless its meaning speaks against it."""
    likely = 1 / (1 + math.exp(-float(stacked @ np.array([margin, *hinted, 1.0]))))
    return max(likely, PLAIN) if hinted[2] or (hinted[1] and margin > _SPOKEN_AGAINST) else likely
