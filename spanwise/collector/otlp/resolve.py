"""Attributes, events and the resource of a span to the columns of `otel_traces`, as the table of conventions says.

Plain rather than fast, and without a word of protobuf: everything is text here. The rules:

- A value is there if its text is not empty. Of a key that was sent twice the first counts.
- A column takes the first of its rows that is there, holds for the span's kind, and can be read.
- A content column takes its home's text just as it came where that is canonical, otherwise what a shape makes of it.
- Attributes that may feed a content column leave the map. Nothing is lost: what the column does not hold as it came
  is in `content_attributes`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.conventions import Place
from spanwise.collector.otlp.lookup import Attributes, Lookup, Sent
from spanwise.collector.otlp.messages.canonical import is_canonical, value
from spanwise.collector.unicode import sound

WHOLE = re.compile(r"[+-]?[0-9]+")
MAX_COUNT = 2**64 - 1

_CONTENT_ROWS = tuple(source for source in conventions.TABLE if source.column in conventions.CONTENT_COLUMNS)
CONTENT_KEYS = frozenset(source.key for source in _CONTENT_ROWS if source.place is Place.ATTRIBUTE)
CONTENT_PREFIXES = tuple({source.key for source in _CONTENT_ROWS if source.place is Place.INDEXED})


@dataclass(frozen=True, slots=True)
class Columns:
    """What becomes of what was sent."""

    texts: Mapping[str, str]
    """By column: the text columns and `FinishReason`."""
    counts: Mapping[str, int]
    contents: Mapping[str, str]
    evaluation_score: float | None
    content_derived: int
    """Bit i: content column i holds something else than the text of its home attribute."""
    span_attributes: Attributes
    content_attributes: Attributes
    unmapped: frozenset[str]
    """The dialects whose content could not be mapped."""


@dataclass(frozen=True, slots=True)
class _Content:
    text: str = ""
    home: bool = False
    """True if `text` is the home attribute's, just as it came."""
    unmapped: str = ""
    """The dialect of what was there and could not be mapped."""


def resolve(sent: Sent) -> Columns:
    found = Lookup(sent)
    contents = {column: _content(column, found) for column in conventions.CONTENT_COLUMNS}
    kept, moved = _divided(sent.attributes, contents)
    return Columns(
        texts={
            **{column: _text(found.texts(column)) for column in conventions.TEXT_COLUMNS},
            conventions.OPERATION: found.operation,
            conventions.FINISH_REASON: _first_of_list(_text(found.texts(conventions.FINISH_REASON))),
        },
        counts={column: _count(found.texts(column)) for column in conventions.TOKEN_COLUMNS},
        contents={column: content.text for column, content in contents.items()},
        evaluation_score=_score(found.texts(conventions.EVALUATION_SCORE)),
        content_derived=sum(1 << bit for bit, one in enumerate(contents.values()) if one.text and not one.home),
        span_attributes=kept,
        content_attributes=moved,
        unmapped=frozenset(content.unmapped for content in contents.values() if content.unmapped),
    )


def _content(column: str, found: Lookup) -> _Content:
    unmapped, understood = "", False
    for source, pairs in found.contents(column):
        home = source.key == conventions.CONTENT_COLUMNS[column] and source.place is Place.ATTRIBUTE
        if source.shape is None or (home and is_canonical(column, pairs[0][1])):
            return _Content(pairs[0][1], home)
        text = source.shape(pairs)
        if text not in ("", "[]"):
            return _Content(text, home and text == pairs[0][1])
        understood = understood or text == "[]"
        unmapped = unmapped or source.dialect
    return _Content(unmapped="" if understood else unmapped)


def _divided(attributes: Attributes, contents: Mapping[str, _Content]) -> tuple[Attributes, Attributes]:
    """What stays in the map, and what leaves it without being in a column of its own."""
    homes = {conventions.CONTENT_COLUMNS[column] for column, content in contents.items() if content.home}
    kept: list[tuple[str, str]] = []
    moved: list[tuple[str, str]] = []
    for key, text in attributes:
        # An empty content attribute stays in the map: an empty column could not say that it was there.
        if not text or not (key in CONTENT_KEYS or key.startswith(CONTENT_PREFIXES)):
            kept.append((key, text))
        elif key in homes:
            homes.remove(key)  # sent twice, the second is not in the column
        else:
            moved.append((key, text))
    return kept, moved


def _text(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _count(texts: Iterable[str]) -> int:
    return next((number for text in texts if (number := _whole(text)) is not None), 0)


def _score(texts: Iterable[str]) -> float | None:
    return next((number for text in texts if (number := _finite(text)) is not None), None)


def _whole(text: str) -> int | None:
    """The whole number that `text` is or begins with; None if it is none that the column can hold."""
    if WHOLE.fullmatch(text) and len(text) <= len(str(MAX_COUNT)) + 1:
        number = int(text)
    else:
        read = _finite(text)
        number = int(read) if read is not None and read >= 0 else -1
    return number if 0 <= number <= MAX_COUNT else None


def _finite(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _first_of_list(text: str) -> str:
    """The first of a JSON list of texts; a text that is none stands for itself."""
    reasons = value(text)
    if not isinstance(reasons, list):
        return text
    first = reasons[0] if reasons else ""
    return sound(first) if isinstance(first, str) else text
