"""What a column holds of what a client sent about one span, as the table of conventions says.

- A value is there if its text is not empty. Of a key that was sent twice the first counts.
- A column takes the first of its rows that is there, holds for the span's kind, and can be read.
- A content column takes its home's text just as it came where that is canonical, otherwise what a shape makes of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.conventions import Place
from spanwise.collector.otlp.lookup import Lookup
from spanwise.collector.otlp.messages.canonical import is_canonical, value
from spanwise.collector.unicode import sound

WHOLE = re.compile(r"[+-]?[0-9]+")
MAX_COUNT = 2**64 - 1

_CONTENT_ROWS = tuple(source for source in conventions.TABLE if source.column in conventions.CONTENT_COLUMNS)
CONTENT_KEYS = frozenset(source.key for source in _CONTENT_ROWS if source.place is Place.ATTRIBUTE)
CONTENT_PREFIXES = tuple({source.key for source in _CONTENT_ROWS if source.place is Place.INDEXED})


@dataclass(frozen=True, slots=True)
class Content:
    text: str = ""
    home: bool = False
    """True if `text` is the home attribute's, just as it came."""
    unmapped: str = ""
    """The dialect of what was there and could not be mapped."""


def content(column: str, found: Lookup) -> Content:
    """What a content column holds."""
    unmapped, understood = "", False
    for source, pairs in found.contents(column):
        home = source.key == conventions.CONTENT_COLUMNS[column] and source.place is Place.ATTRIBUTE
        if source.shape is None or (home and is_canonical(column, pairs[0][1])):
            return Content(pairs[0][1], home)
        shaped = source.shape(pairs)
        if shaped not in ("", "[]"):
            return Content(shaped, home and shaped == pairs[0][1])
        understood = understood or shaped == "[]"
        unmapped = unmapped or source.dialect
    return Content(unmapped="" if understood else unmapped)


def text(texts: Iterable[str]) -> str:
    """The first of a column's values."""
    return next((text for text in texts if text), "")


def count(texts: Iterable[str]) -> int:
    """The first that is a whole number."""
    return next((number for text in texts if (number := _whole(text)) is not None), 0)


def score(texts: Iterable[str]) -> float | None:
    """The first that is a finite number."""
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


def first_of_list(text: str) -> str:
    """The first of a JSON list of texts; a text that is none stands for itself."""
    reasons = value(text)
    if not isinstance(reasons, list):
        return text
    first = reasons[0] if reasons else ""
    return sound(first) if isinstance(first, str) else text
