"""What no attribute says just as a column needs it: made in Python, for the spans that need it.

These are the messages of dialects other than OpenTelemetry's, and numbers that were sent as text.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from spanwise.collector.otlp import reading
from spanwise.collector.otlp.conventions import CONTENT_COLUMNS, EVALUATION_SCORE, TOKEN_COLUMNS
from spanwise.collector.otlp.lookup import Event, Lookup, Sent
from spanwise.collector.otlp.memory import Kind
from spanwise.collector.otlp.resolve import content, count, score, text
from spanwise.collector.otlp.selection import Selection
from spanwise.collector.otlp.tape import Tape

Answer: TypeAlias = tuple[int, bytes]
"""The kind and payload of a value, as `Selection.make` takes them."""

NOTHING: Answer = (Kind.NOTHING, b"")
HOME: Answer = (99, b"")  # as in selection.pxd


@dataclass(slots=True)
class Maker:
    """Answers the questions of selections from one tape."""

    tape: Tape
    unmapped: set[tuple[int, str]] = field(default_factory=set)
    """The rows with content that could not be mapped, each with its dialect."""

    def answer(self, selection: Selection, columns: Sequence[str]) -> None:
        """Make every value that `selection` asks for; `columns` are those of its plan."""
        answers = []
        for row, questions in groupby(selection.questions(), key=itemgetter(0)):
            found = Lookup(sent(self.tape, row))
            answers += [self._value(found, row, columns[column]) for _, column in questions]
        selection.make(answers)

    def unmapped_by_dialect(self) -> Mapping[str, int]:
        return Counter(dialect for _, dialect in self.unmapped)

    def _value(self, found: Lookup, row: int, column: str) -> Answer:
        if column in CONTENT_COLUMNS:
            return self._content(found, row, column)
        if column in TOKEN_COLUMNS:
            return Kind.INTEGER, struct.pack("<Q", count(found.texts(column)))
        if column == EVALUATION_SCORE:
            number = score(found.texts(column))
            return NOTHING if number is None else (Kind.DOUBLE, struct.pack("<d", number))
        return _text(text(found.texts(column)))

    def _content(self, found: Lookup, row: int, column: str) -> Answer:
        made = content(column, found)
        if made.unmapped:
            self.unmapped.add((row, made.unmapped))
        return HOME if made.home else _text(made.text)


def sent(tape: Tape, row: int) -> Sent:
    """What the client said about a span."""
    events = [Event(*event) for event in reading.events(tape, row)]
    return Sent(reading.span_attributes(tape, row), events, reading.resource_attributes(tape, row))


def _text(value: str) -> Answer:
    return (Kind.STRING, value.encode()) if value else NOTHING
