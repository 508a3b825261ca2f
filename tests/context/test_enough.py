"""A lesson that every conversation teaches again must not make each further one dearer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from spanwise.collector.context.records import fold, settle
from spanwise.collector.context.story import ENOUGH
from spanwise.collector.model import ContextUpdate, Evidence, Intent, Operation, Origin, RecordKind, Scope, Status
from spanwise.processors import update

MINUTE = 60 * 10**9


def lesson(number: int, operation: Operation = Operation.ADD, producer: str = "lesson") -> ContextUpdate:
    """Taught by a conversation of its own, in the minute of this number."""
    said = update(
        operation,
        kind=RecordKind.INSTRUCTION,
        scope=Scope(agent="travel", org="acme"),
        content="When calling the tool search, use one word.",
        status=Status.PROPOSED,
        intent=Intent.IMPLICIT,
        confidence=0.5,
        evidence=[Evidence("one word", Origin.TOOL, f"conversation-{number}", "1" * 32, "2" * 16, number * MINUTE)],
        producer=producer,
        version="1",
    )
    return replace(said, at=datetime.fromtimestamp(number * 60, UTC))


def test_a_record_takes_no_more_evidence_than_enough() -> None:
    said = settle((), [lesson(number) for number in range(1, 3 * ENOUGH)])
    assert len(said) == ENOUGH
    (record,) = fold(said)
    assert len(record.evidence) == ENOUGH


def test_what_was_put_away_stays_so_when_traces_of_before_are_read_again() -> None:
    known = settle((), [lesson(number) for number in range(1, ENOUGH + 1)])
    put_away = lesson(2 * ENOUGH, Operation.RETRACT, "person")
    assert settle([*known, put_away], [lesson(ENOUGH + 5)]) == []


def test_what_was_put_away_returns_for_what_was_said_since() -> None:
    known = settle((), [lesson(number) for number in range(1, ENOUGH + 1)])
    put_away = lesson(2 * ENOUGH, Operation.RETRACT, "person")
    (back,) = settle([*known, put_away], [lesson(3 * ENOUGH)])
    assert back.status is Status.PROPOSED
