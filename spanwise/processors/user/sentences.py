"""A turn as the sentences that its speaker says in their own name."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from spanwise.processors.user.pasted import COVER, own_words
from spanwise.processors.user.typos import repaired

_EXAMINED = 16_000
"""Characters of a turn that are read, half from each end: what is longer is a document, its middle is no request."""
_LONGEST_SENTENCE = 1_200
_KEPT = 10_000

Found = TypeVar("Found")

_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bapprox)(?<!\bDr)(?<!\bMr)(?<!\bMrs)[.!?…]{1,6}[\"'”»)]?(?=\s|$)|[。！？]|\n"
)
_BULLET = re.compile(r"[ \t]*(?:[-*•–]|\d{1,2}[.)])[ \t]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a turn: `turn_text[start:end]` is exactly what was written."""

    start: int
    end: int
    text: str
    """As written, with spelling of the words that matter repaired."""
    own: str
    """The same with `COVER` over what the speaker quotes or shows."""

    @property
    def asks(self) -> bool:
        return self.text.rstrip(" )\"'”»").endswith(("?", "？", "か。", "吗。"))


def once_for_each_text(read: Callable[[str], Found]) -> Callable[[str], Found]:
    """`read`, remembered: a turn comes again with every reading of its conversation. Longer texts are not kept."""
    remembered = functools.lru_cache(maxsize=2_000)(read)

    @functools.wraps(read)
    def once(text: str) -> Found:
        return remembered(text) if len(text) <= _KEPT else read(text)

    return once


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a turn in order, without those that are somebody else's text throughout."""
    return tuple(sentence for piece, offset in _examined(text) for sentence in _split(piece, offset))


def _examined(text: str) -> Iterator[tuple[str, int]]:
    if len(text) <= _EXAMINED:
        yield text, 0
        return
    half = _EXAMINED // 2
    yield text[:half], 0
    yield text[-half:], len(text) - half


# A turn comes again with every reading of its conversation, and to every detector. `_examined` bounds what is kept.
@functools.lru_cache(maxsize=500)
def _split(text: str, offset: int) -> tuple[Sentence, ...]:
    own = own_words(text)
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(own):
        if _is_ordinal(own, match):
            continue
        found += _sentence(text, own, start, match.end(), offset)
        start = match.end()
    return (*found, *_sentence(text, own, start, len(text), offset))


def _is_ordinal(text: str, end: re.Match[str]) -> bool:
    """`3.10. um acht` and `1. first`: a full stop behind digits with a small letter or a list item after it."""
    before, after = text[max(0, end.start() - 1) : end.start()], text[end.end() : end.end() + 2].strip()
    line = text[text.rfind("\n", 0, end.start()) + 1 : end.start()].strip()
    return end.group() == "." and before.isdigit() and (after[:1].islower() or (line.isdigit() and len(line) < 3))


def _sentence(text: str, own: str, start: int, end: int, offset: int) -> Iterator[Sentence]:
    bullet = _BULLET.match(own, start, end)
    start = bullet.end() if bullet else start + len(own[start:end]) - len(own[start:end].lstrip())
    end = start + len(own[start:end].rstrip())
    if own[start:end].strip(COVER + " \t\"'.") and end - start <= _LONGEST_SENTENCE:
        yield Sentence(offset + start, offset + end, repaired(text[start:end]), repaired(own[start:end]))
