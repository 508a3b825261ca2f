"""May a sentence ask for something to be kept or forgotten? A cheap look that spares most sentences the dear one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import xxhash

SLOTS = 1 << 14
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[?!]")


def slots(text: str) -> Sequence[int]:
    """Where the words of `text`, and its pairs of neighbours, are counted."""
    return [xxhash.xxh32_intdigest(term.encode("utf-8", "surrogatepass")) % SLOTS for term in _terms(text)]


def _terms(text: str) -> Iterator[str]:
    words = _WORD.findall(text.lower())
    yield from words
    yield from (f"{first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True))


def writes_without_spaces(text: str) -> bool:
    """True where words cannot be told apart by spaces, so that this look says nothing."""
    return any("\u0e00" <= char <= "\u0eff" or "\u3040" <= char <= "\u9fff" for char in text)
