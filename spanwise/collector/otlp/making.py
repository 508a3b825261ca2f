"""What no attribute says just as a column needs it: made in Python, for the spans that need it.

These are the messages of dialects other than OpenTelemetry's, and numbers that were sent as text.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from spanwise.collector.otlp import reading
from spanwise.collector.otlp.conventions import CONTENT_COLUMNS, EVALUATION_SCORE, TOKEN_COLUMNS, Kind
from spanwise.collector.otlp.memory import Kind as ValueKind
from spanwise.collector.otlp.memory import Numbers
from spanwise.collector.otlp.plan import KINDS_BY_BIT
from spanwise.collector.otlp.resolve import Event, Reader, Sent
from spanwise.collector.otlp.selection import Selection
from spanwise.collector.otlp.tape import Tape

Answer: TypeAlias = tuple[int, bytes]
"""The kind and payload of a value, as `Selection.make` takes them."""

NOTHING: Answer = (ValueKind.NOTHING, b"")
HOME: Answer = (99, b"")  # as in selection.pxd


@dataclass(slots=True)
class Maker:
    """Answers the questions of selections from one tape."""

    tape: Tape
    kinds: Numbers
    """The bit of each span's kind."""
    unmapped: set[tuple[int, str]] = field(default_factory=set)
    """The rows with content that could not be mapped, each with its dialect."""

    def answer(self, selection: Selection, columns: Sequence[str]) -> None:
        """Make every value that `selection` asks for; `columns` are those of its plan."""
        questions = selection.questions()
        answers = []
        last, reader = -1, None
        for row, column in questions:
            if reader is None or row != last:
                last, reader = row, self._reader(row)
            answers.append(self._value(reader, row, columns[column]))
        selection.make(answers)

    def unmapped_by_dialect(self) -> Mapping[str, int]:
        return Counter(dialect for _, dialect in self.unmapped)

    def _reader(self, row: int) -> Reader:
        return Reader(sent(self.tape, row), KINDS_BY_BIT.get(self.kinds[row]))

    def _value(self, reader: Reader, row: int, column: str) -> Answer:
        if column in CONTENT_COLUMNS:
            return self._content(reader, row, column)
        if column in TOKEN_COLUMNS:
            return ValueKind.INTEGER, struct.pack("<Q", reader.count(column))
        if column == EVALUATION_SCORE:
            score = reader.score(column)
            return NOTHING if score is None else (ValueKind.DOUBLE, struct.pack("<d", score))
        return _text(reader.text(column))

    def _content(self, reader: Reader, row: int, column: str) -> Answer:
        content = reader.content(column)
        if content.unmapped:
            self.unmapped.add((row, content.unmapped))
        return HOME if content.home else _text(content.text)


def sent(tape: Tape, row: int) -> Sent:
    """What the client said about a span."""
    events = [Event(*event) for event in reading.events(tape, row)]
    return Sent(reading.span_attributes(tape, row), events, reading.resource_attributes(tape, row))


def _text(text: str) -> Answer:
    return (ValueKind.STRING, text.encode()) if text else NOTHING
