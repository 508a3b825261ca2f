"""The row of the table: where a column's value may stand, and in whose words."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from spanwise.collector.otlp.messages.canonical import Shape


class Kind(enum.StrEnum):
    """What a span is about. Some attributes mean one thing on a tool's span and another on a model's."""

    MODEL = "model"
    TOOL = "tool"
    AGENT = "agent"
    RETRIEVAL = "retrieval"
    OTHER = "other"


class Place(enum.Enum):
    ATTRIBUTE = "attribute"
    """The span attribute `key`."""
    INDEXED = "indexed"
    """All span attributes whose key starts with `key`, which ends in a dot, in their order."""
    EVENT = "event"
    """The attribute `key` of the first span event whose name is `event`."""
    EVENTS = "events"
    """Every span event whose name is `key`. All such rows of a column, which have one shape, are one source, where the
    first of them stands: their events are assembled in the order of the span."""
    RESOURCE = "resource"
    """The resource attribute `key`."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place from which a column may be filled. `resolve` says how."""

    column: str
    dialect: str
    key: str
    place: Place = Place.ATTRIBUTE
    event: str = ""
    when: frozenset[Kind] = frozenset()
    """The kinds of span for which the row holds; empty: all."""
    shape: Shape | None = None
    """What makes the column's text of what was sent; None: it is taken as it came."""


MODEL = frozenset({Kind.MODEL})
TOOL = frozenset({Kind.TOOL})
AGENT = frozenset({Kind.AGENT})
SPOKEN = MODEL | AGENT
"""The kinds whose input and output are what somebody said."""
UNLESS_TOOL = frozenset(Kind) - TOOL


def texts(dialect: str, columns: Mapping[str, tuple[str, ...]]) -> tuple[Source, ...]:
    """Rows for span attributes that are taken as they came, the preferred one first."""
    return tuple(Source(column, dialect, key) for column, keys in columns.items() for key in keys)
