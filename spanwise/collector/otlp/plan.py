"""The table of conventions for the names that occur in one tape: look-ups for each name, none for a span."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from spanwise.collector.otlp.conventions import (
    CONTENT_COLUMNS,
    EVALUATION_SCORE,
    TABLE,
    TOKEN_COLUMNS,
    Kind,
    Place,
    Source,
)
from spanwise.collector.otlp.resolve import CONTENT_KEYS, CONTENT_PREFIXES
from spanwise.collector.otlp.selection import Plan

Use: TypeAlias = tuple[int, int, int, int, int]
"""Column, rank, kinds, shape and event, as `selection.Uses` takes them."""
Ranked: TypeAlias = tuple[int, Source]
"""A row of the table, and its place there."""

AS_TEXT, AS_COUNT, AS_SCORE = range(3)  # as in selection.pxd
PLAIN, SHAPED, INDEXED, MESSAGES, INSTRUCTIONS = range(5)
NO_EVENT = -1

KIND_BITS: Mapping[Kind, int] = {kind: 1 << bit for bit, kind in enumerate(Kind)}
ALL_KINDS = sum(KIND_BITS.values())


@lru_cache(maxsize=16)
def plan_for(names: tuple[str, ...], columns: frozenset[str]) -> Plan:
    """What `names`, those of a tape, mean for `columns`. The plan has only the columns that one of them may fill."""
    found = [
        (number, rank, row) for number, name in enumerate(names) for rank, row in rows(name) if row.column in columns
    ]
    active = {column: number for number, column in enumerate(sorted({row.column for _, _, row in found}))}
    events = {name: number for number, name in enumerate(names)}

    def uses(*places: Place) -> list[list[Use]]:
        of_names: list[list[Use]] = [[] for _ in names]
        for number, rank, row in found:
            if row.place in places:
                of_names[number] += _uses(rank, row, active, events)
        return of_names

    return Plan(
        list(active),
        [_check(column) for column in active],
        uses(Place.ATTRIBUTE, Place.INDEXED),
        uses(Place.EVENT),
        uses(Place.EVENTS),
        uses(Place.RESOURCE),
    )


def moving(names: Iterable[str]) -> Sequence[bool]:
    """For each name whether its attributes leave `SpanAttributes`."""
    return [name in CONTENT_KEYS or name.startswith(CONTENT_PREFIXES) for name in names]


@lru_cache(maxsize=20_000)
def rows(name: str) -> Sequence[Ranked]:
    """The rows that an attribute, or an event, of this name is for."""
    return tuple(
        (rank, row)
        for rank, row in enumerate(TABLE)
        if row.key == name or (row.place is Place.INDEXED and name.startswith(row.key))
    )


def _uses(rank: int, source: Source, columns: Mapping[str, int], events: Mapping[str, int]) -> Iterator[Use]:
    column = columns[source.column]
    if source.place is Place.EVENTS:
        for kind in source.when or Kind:
            yield column, _assembly_rank(source.column, kind), KIND_BITS[kind], SHAPED, NO_EVENT
    elif source.place is not Place.EVENT:
        yield column, rank, _bits(source), _shape(source), NO_EVENT
    elif source.event in events:
        yield column, rank, _bits(source), _shape(source), events[source.event]


def _assembly_rank(column: str, kind: Kind) -> int:
    """All rows for events of a column are one source, at the place of the first that holds."""
    return next(
        rank
        for rank, row in enumerate(TABLE)
        if row.place is Place.EVENTS and row.column == column and (not row.when or kind in row.when)
    )


def _bits(source: Source) -> int:
    return sum(KIND_BITS[kind] for kind in source.when) or ALL_KINDS


def _shape(source: Source) -> int:
    if source.shape is None:
        return PLAIN
    if source.place is Place.INDEXED:
        return INDEXED
    if source.place is Place.ATTRIBUTE and source.key == CONTENT_COLUMNS.get(source.column):
        return INSTRUCTIONS if source.column == "SystemInstructions" else MESSAGES
    return SHAPED


def _check(column: str) -> int:
    if column in TOKEN_COLUMNS:
        return AS_COUNT
    return AS_SCORE if column == EVALUATION_SCORE else AS_TEXT
