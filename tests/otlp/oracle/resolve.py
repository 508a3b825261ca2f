"""Attributes, events and the resource of a span to the columns of `otel_traces`, one span at a time.

Attributes that may feed a content column leave the map. Nothing is lost: what the column does not hold as it came is in
`content_attributes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.lookup import Attributes, Lookup, Sent
from spanwise.collector.otlp.resolve import (
    CONTENT_KEYS,
    CONTENT_PREFIXES,
    Content,
    content,
    count,
    first_of_list,
    score,
    text,
)


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


def resolve(sent: Sent) -> Columns:
    found = Lookup(sent)
    contents = {column: content(column, found) for column in conventions.CONTENT_COLUMNS}
    kept, moved = _divided(sent.attributes, contents)
    return Columns(
        texts={
            **{column: text(found.texts(column)) for column in conventions.TEXT_COLUMNS},
            conventions.OPERATION: found.operation,
            conventions.FINISH_REASON: first_of_list(text(found.texts(conventions.FINISH_REASON))),
        },
        counts={column: count(found.texts(column)) for column in conventions.TOKEN_COLUMNS},
        contents={column: content.text for column, content in contents.items()},
        evaluation_score=score(found.texts(conventions.EVALUATION_SCORE)),
        content_derived=sum(1 << bit for bit, one in enumerate(contents.values()) if one.text and not one.home),
        span_attributes=kept,
        content_attributes=moved,
        unmapped=frozenset(content.unmapped for content in contents.values() if content.unmapped),
    )


def _divided(attributes: Attributes, contents: Mapping[str, Content]) -> tuple[Attributes, Attributes]:
    """What stays in the map, and what leaves it without being in a column of its own."""
    homes = {conventions.CONTENT_COLUMNS[column] for column, content in contents.items() if content.home}
    kept: list[tuple[str, str]] = []
    moved: list[tuple[str, str]] = []
    for key, value in attributes:
        # An empty content attribute stays in the map: an empty column could not say that it was there.
        if not value or not (key in CONTENT_KEYS or key.startswith(CONTENT_PREFIXES)):
            kept.append((key, value))
        elif key in homes:
            homes.remove(key)  # sent twice, the second is not in the column
        else:
            moved.append((key, value))
    return kept, moved
