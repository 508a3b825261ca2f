"""What was fitted to labelled conversations: what their words and their meaning count for.

Words: a linear support vector machine over `terms`. Meaning: one with a Gaussian kernel over the embeddings of the
sentence and of the turn that it stands in. A logistic regression weighs their margins and what the grammar says.
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

from spanwise.processors.user.meaning.terms import counted, shares
from spanwise.processors.user.pasted import COVER

FILE = Path(__file__).with_name("weights.npz")
KINDS = ("memory.explicit", "memory.forget")
SCOPES = ("org", "agent")
"""For whom something holds, if not for the user."""
WHOLE = 0.6
"""Weight of the turn's meaning against that of the sentence."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Words:
    """By what: how much each term counts, and a constant."""

    weights: Mapping[str, Array]
    offsets: Mapping[str, float]

    def margins(self, text: str) -> Mapping[str, float]:
        slots = counted(text)
        share = shares(slots)
        return {name: float(weights[slots] @ share) + self.offsets[name] for name, weights in self.weights.items()}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The examples on the margin, as vectors, and by what: how much each of them counts, and a constant."""

    mean: Array
    near: Array
    squares: Array
    """Of the lengths of `near`."""
    gamma: float
    weights: Mapping[str, Array]
    offsets: Mapping[str, float]

    def margins(self, sentence: Array, whole: Array) -> Mapping[str, float]:
        given = features(sentence, whole, self.mean)
        closeness = np.exp(-self.gamma * (self.squares - 2 * (self.near @ given) + given @ given))
        return {name: float(closeness @ weights) + self.offsets[name] for name, weights in self.weights.items()}


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much each number counts, the last of them a constant, and from which likelihood on it is one."""

    weights: Array
    likely: float

    def likelihood(self, numbers: Sequence[float]) -> float:
        return 1 / (1 + math.exp(-float(self.weights @ np.array([*numbers, 1.0]))))


@dataclass(frozen=True, slots=True)
class Audience:
    """By scope: how much each number counts for it, the last of them a constant."""

    weights: Mapping[str, Array]

    def scope(self, numbers: Sequence[float]) -> str:
        given = np.array([*numbers, 1.0])
        return max(self.weights, key=lambda scope: float(self.weights[scope] @ given))


@dataclass(frozen=True, slots=True)
class Fitted:
    words: Words
    meaning: Meaning
    weighing: Mapping[str, Weighing]
    """By kind: of the margin by meaning, those by the words of the turn and of the sentence, and hints."""
    weighing_words: Mapping[str, Weighing]
    """The same without the meaning."""
    audience: Audience
    """Of the margins by meaning of `SCOPES`, and those by the words of the turn."""
    audience_by_words: Audience


@functools.cache
def fitted() -> Fitted:
    with np.load(FILE) as file:
        arrays = dict(file)
    near = arrays["near"].astype(np.float32) * float(arrays["near scale"])
    return Fitted(
        Words(_by_name(arrays, "words "), _numbers(arrays, "words offset ")),
        Meaning(
            mean=arrays["mean"],
            near=near,
            squares=(near**2).sum(axis=1),
            gamma=float(arrays["gamma"]),
            weights=_by_name(arrays, "meaning "),
            offsets=_numbers(arrays, "meaning offset "),
        ),
        {kind: _weighing(arrays[f"weighing {kind}"]) for kind in KINDS},
        {kind: _weighing(arrays[f"weighing words {kind}"]) for kind in KINDS},
        Audience({scope: arrays[f"audience {scope}"] for scope in ("user", *SCOPES)}),
        Audience({scope: arrays[f"audience by words {scope}"] for scope in ("user", *SCOPES)}),
    )


def _by_name(arrays: Mapping[str, Array], prefix: str) -> Mapping[str, Array]:
    return {name: arrays[prefix + name] for name in (*KINDS, *SCOPES)}


def _numbers(arrays: Mapping[str, Array], prefix: str) -> Mapping[str, float]:
    return {key.removeprefix(prefix): float(value) for key, value in arrays.items() if key.startswith(prefix)}


def _weighing(saved: Array) -> Weighing:
    return Weighing(saved[:-1], float(saved[-1]))


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
