"""The words of a text and the letters of each, in runs: what a linear model counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import xxhash
from numpy.typing import NDArray

SLOTS = 1 << 16
"""Of each of the two; what falls into the same slot counts as the same."""
_LONGEST = 2_000
"""Characters that are read."""
_WORDS, _LETTERS = (1, 2, 3), (2, 3, 4, 5)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[?!.,;:]")


def counted(text: str) -> NDArray[np.int_]:
    """The slots of its runs of words, then those of its runs of letters, each once; the latter lie above `SLOTS`."""
    small = text[:_LONGEST].lower()
    words, letters = (_slots(runs) for runs in (_runs_of_words(_WORD.findall(small)), _runs_of_letters(small.split())))
    return np.array([*words, *(SLOTS + slot for slot in letters)], np.int_)


def shares(slots: NDArray[np.int_]) -> NDArray[np.float32]:
    """How much each of the slots counts: words together have the length 1, letters too."""
    words = int((slots < SLOTS).sum())
    letters = len(slots) - words
    return np.repeat(np.array([max(1, words), max(1, letters)], np.float32) ** -0.5, [words, letters])


def _slots(runs: Iterable[str]) -> Sequence[int]:
    return sorted({xxhash.xxh32_intdigest(run.encode("utf-8", "surrogatepass")) % SLOTS for run in runs})


def _runs_of_words(words: Sequence[str]) -> Iterator[str]:
    for length in _WORDS:
        yield from (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))


def _runs_of_letters(words: Sequence[str]) -> Iterator[str]:
    """In languages without spaces between words, these are their words."""
    for word in words:
        padded = f" {word} "
        for length in _LETTERS:
            yield from (padded[start : start + length] for start in range(len(padded) - length + 1))
