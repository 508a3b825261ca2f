"""What a client sent about one span, looked up by the rows of the table of conventions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.conventions import Kind, Place, Source
from spanwise.collector.otlp.messages.canonical import Pairs

Attributes = Sequence[tuple[str, str]]
"""In the order in which they were sent, values as text (see `values`)."""


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


def _positions(*places: Place) -> Mapping[str, Sequence[int]]:
    """Where in the table the rows stand that look at such places, by what they look for: a key, a prefix, an event."""
    found: dict[str, list[int]] = defaultdict(list)
    for position, source in enumerate(conventions.TABLE):
        if source.place in places:
            found[source.event or source.key].append(position)
    return dict(found)


ATTRIBUTES = _positions(Place.ATTRIBUTE)
INDEXED = _positions(Place.INDEXED)
EVENTS = _positions(Place.EVENT, Place.EVENTS)
RESOURCE = _positions(Place.RESOURCE)
PREFIXES = tuple(INDEXED)


class Lookup:
    """The values of one span. `operation` comes first, because the span's kind says which other rows hold."""

    def __init__(self, sent: Sent) -> None:
        self._sent = sent
        self._attributes = firsts(sent.attributes)
        self._resource = firsts(sent.resource)
        names = _names(sent)
        self.operation = self._operation(_present(names))
        self._rows = _by_column(names, conventions.KINDS.get(self.operation, Kind.OTHER))

    def texts(self, column: str) -> Iterator[str]:
        """The values of a column that is no content, in order of preference; empty ones among them."""
        for source in self._rows.get(column, ()):
            text = self._text(source)
            yield source.shape([("", text)]) if text and source.shape else text

    def contents(self, column: str) -> Iterator[tuple[Source, Pairs]]:
        """What may fill a content column, in order of preference, each with what its shape is given."""
        rows = self._rows.get(column, ())
        events = [source for source in rows if source.place is Place.EVENTS]
        for source in rows:
            if source.place is not Place.EVENTS:
                pairs = self._indexed(source.key) if source.place is Place.INDEXED else self._single(source)
            else:
                pairs = self._events(events) if source is events[0] else ()
            if pairs:
                yield source, pairs

    def _operation(self, rows: Iterable[Source]) -> str:
        for source in rows:
            if source.column == conventions.OPERATION and (found := self._text(source)):
                return conventions.OPERATION_NAMES.get(source.key, {}).get(found, found)
        return ""

    def _single(self, source: Source) -> Pairs:
        text = self._text(source)
        return [("", text)] if text else ()

    def _indexed(self, prefix: str) -> Pairs:
        found = [(key, text) for key, text in self._sent.attributes if key.startswith(prefix) and text]
        return [(key[len(prefix) :], text) for key, text in found]

    def _events(self, sources: Iterable[Source]) -> Pairs:
        names = {source.key for source in sources}
        return [(event.name, event.json) for event in self._sent.events if event.name in names]

    def _text(self, source: Source) -> str:
        if source.place is Place.ATTRIBUTE:
            return self._attributes.get(source.key, "")
        if source.place is Place.RESOURCE:
            return self._resource.get(source.key, "")
        event = next((event for event in self._sent.events if event.name == source.event), None)
        return firsts(event.attributes).get(source.key, "") if event else ""


Names: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Of a span's attributes, its events and its resource's attributes. Spans of a kind have the same."""


def _names(sent: Sent) -> Names:
    return (
        tuple([key for key, _ in sent.attributes]),
        tuple([event.name for event in sent.events]),
        tuple([key for key, _ in sent.resource]),
    )


@lru_cache(maxsize=4_096)
def _present(names: Names) -> Sequence[Source]:
    """The rows whose place is there, in order of preference: few, where the table is long."""
    attributes, events, resource = names
    found: set[int] = set()
    for key in attributes:
        found.update(_of_attribute(key))
    for name in events:
        found.update(EVENTS.get(name, ()))
    for key in resource:
        found.update(RESOURCE.get(key, ()))
    return [conventions.TABLE[position] for position in sorted(found)]


@lru_cache(maxsize=4_096)
def _by_column(names: Names, kind: Kind) -> Mapping[str, Sequence[Source]]:
    """Those that hold for the kind of span."""
    rows: dict[str, list[Source]] = {}
    for source in _present(names):
        if not source.when or kind in source.when:
            rows.setdefault(source.column, []).append(source)
    return rows


@lru_cache(maxsize=20_000)
def _of_attribute(key: str) -> Sequence[int]:
    indexed = [position for prefix in PREFIXES if key.startswith(prefix) for position in INDEXED[prefix]]
    return (*ATTRIBUTES.get(key, ()), *indexed)


def firsts(attributes: Attributes) -> Mapping[str, str]:
    """By key; of a key that was sent twice the first counts, as when ClickHouse reads a map."""
    return dict(reversed(attributes))
