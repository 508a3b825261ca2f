"""Attributes, events and the resource of a span to the columns of `otel_traces`, as the table of conventions says.

Plain rather than fast, and without a word of protobuf: everything is text here (see `values`). The rules:

- A value is there if its text is not empty. Of a key that was sent twice the first counts.
- A column takes the first of its rows that is there, holds for the span's kind, and can be read.
- A content column takes its home's text just as it came where that is canonical, otherwise what a shape makes of it.
- Attributes that may feed a content column leave the map. Nothing is lost: what the column does not hold just as it came
  is in `content_attributes`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.conventions import Kind, Place, Source
from spanwise.collector.otlp.messages.canonical import Pairs, is_canonical, value
from spanwise.collector.unicode import sound

Attributes = Sequence[tuple[str, str]]

WHOLE = re.compile(r"[+-]?[0-9]+")
MAX_COUNT = 2**64 - 1

ROWS: Mapping[str, Sequence[Source]] = {
    column: tuple(source for source in conventions.TABLE if source.column == column)
    for column in conventions.COLUMN_NAMES
}
_CONTENT_ROWS = tuple(source for column in conventions.CONTENT_COLUMNS for source in ROWS[column])
CONTENT_KEYS = frozenset(source.key for source in _CONTENT_ROWS if source.place is Place.ATTRIBUTE)
CONTENT_PREFIXES = tuple({source.key for source in _CONTENT_ROWS if source.place is Place.INDEXED})


@dataclass(frozen=True, slots=True)
class Event:
    """A span event; `json` is the JSON object of its attributes."""

    name: str
    attributes: Attributes
    json: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client said about one span."""

    attributes: Attributes
    events: Sequence[Event]
    resource: Attributes


@dataclass(frozen=True, slots=True)
class Columns:
    """What becomes of it."""

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
class Content:
    text: str = ""
    home: bool = False
    """True if `text` is the home attribute's, just as it came."""
    unmapped: str = ""
    """The dialect of what was there and could not be mapped."""


def resolve(sent: Sent) -> Columns:
    reader = Reader(sent)
    operation = reader.operation()
    reader = Reader(sent, conventions.KINDS.get(operation, Kind.OTHER))
    contents = {column: reader.content(column) for column in conventions.CONTENT_COLUMNS}
    kept, moved = _divided(sent.attributes, contents)
    return Columns(
        texts={
            **{column: reader.text(column) for column in conventions.TEXT_COLUMNS},
            conventions.OPERATION: operation,
            conventions.FINISH_REASON: first_of_list(reader.text(conventions.FINISH_REASON)),
        },
        counts={column: reader.count(column) for column in conventions.TOKEN_COLUMNS},
        contents={column: content.text for column, content in contents.items()},
        evaluation_score=reader.score(conventions.EVALUATION_SCORE),
        content_derived=sum(1 << bit for bit, one in enumerate(contents.values()) if one.text and not one.home),
        span_attributes=kept,
        content_attributes=moved,
        unmapped=frozenset(content.unmapped for content in contents.values() if content.unmapped),
    )


class Reader:
    """Looks up the rows of one span of that kind."""

    def __init__(self, sent: Sent, kind: Kind | None = None) -> None:
        self._sent = sent
        self._kind = kind
        self._attributes = _firsts(sent.attributes)
        self._resource = _firsts(sent.resource)

    def operation(self) -> str:
        for source in ROWS[conventions.OPERATION]:
            if found := self._text_at(source):
                return conventions.OPERATION_NAMES.get(source.key, {}).get(found, found)
        return ""

    def text(self, column: str) -> str:
        return next((text for text in self._texts(column) if text), "")

    def count(self, column: str) -> int:
        return next((number for text in self._texts(column) if (number := _count(text)) is not None), 0)

    def score(self, column: str) -> float | None:
        return next((number for text in self._texts(column) if (number := _finite(text)) is not None), None)

    def content(self, column: str) -> Content:
        unmapped, understood = "", False
        for source, pairs in self._content_sources(column):
            home = source.key == conventions.CONTENT_COLUMNS[column] and source.place is Place.ATTRIBUTE
            if source.shape is None or (home and is_canonical(column, pairs[0][1])):
                return Content(pairs[0][1], home)
            text = source.shape(pairs)
            if text not in ("", "[]"):
                return Content(text, home and text == pairs[0][1])
            understood = understood or text == "[]"
            unmapped = unmapped or source.dialect
        return Content(unmapped="" if understood else unmapped)

    def _holding(self, column: str) -> Iterator[Source]:
        return (source for source in ROWS[column] if not source.when or self._kind in source.when)

    def _texts(self, column: str) -> Iterator[str]:
        """The values of a column that is no content, in order of preference."""
        for source in self._holding(column):
            text = self._text_at(source)
            yield source.shape([("", text)]) if text and source.shape else text

    def _content_sources(self, column: str) -> Iterator[tuple[Source, Pairs]]:
        """The rows that are there, each with what its shape is given."""
        events = [source for source in self._holding(column) if source.place is Place.EVENTS]
        for source in self._holding(column):
            if source.place is Place.EVENTS:
                pairs = self._events(events) if source is events[0] else []
            elif source.place is Place.INDEXED:
                pairs = self._indexed(source.key)
            else:
                text = self._text_at(source)
                pairs = [("", text)] if text else []
            if pairs:
                yield source, pairs

    def _events(self, sources: Iterable[Source]) -> Pairs:
        names = {source.key for source in sources}
        return [(event.name, event.json) for event in self._sent.events if event.name in names]

    def _indexed(self, prefix: str) -> Pairs:
        found = [(key, text) for key, text in self._sent.attributes if key.startswith(prefix) and text]
        return [(key[len(prefix) :], text) for key, text in found]

    def _text_at(self, source: Source) -> str:
        if source.place is Place.ATTRIBUTE:
            return self._attributes.get(source.key, "")
        if source.place is Place.RESOURCE:
            return self._resource.get(source.key, "")
        event = next((event for event in self._sent.events if event.name == source.event), None)
        return _firsts(event.attributes).get(source.key, "") if event else ""


def _firsts(attributes: Attributes) -> Mapping[str, str]:
    return dict(reversed(attributes))


def _divided(attributes: Attributes, contents: Mapping[str, Content]) -> tuple[Attributes, Attributes]:
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


def _count(text: str) -> int | None:
    """The whole number that `text` is or begins with; None if it is none that the column can hold."""
    try:
        if WHOLE.fullmatch(text):
            number = int(text)
        else:
            read = float(text)
            number = int(read) if read >= 0 and math.isfinite(read) else -1
    except ValueError:
        return None
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
