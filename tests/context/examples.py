"""Updates to test with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from spanwise.collector.model import (
    ContextUpdate,
    Evidence,
    Intent,
    Operation,
    Origin,
    RecordKind,
    Scope,
    Status,
)
from spanwise.processors import update

START = datetime(2026, 1, 1, tzinfo=UTC)
ALICE = Scope(org="acme", user="alice")


def quote(words: str = "please remember it", conversation: str = "c1") -> Evidence:
    return Evidence(words, Origin.USER, conversation, "0" * 31 + "1", "0" * 15 + "1")


def learned(
    content: str = "The user prefers metric units.",
    operation: Operation = Operation.ADD,
    *,
    scope: Scope = ALICE,
    status: Status = Status.ACTIVE,
    kind: RecordKind = RecordKind.MEMORY,
    evidence: Iterable[Evidence] = (quote(),),
    producer: str = "remember",
    version: str = "1",
    record_id: str = "",
) -> ContextUpdate:
    return update(
        operation,
        kind=kind,
        scope=scope,
        content=content,
        status=Status.RETIRED if operation is Operation.RETRACT else status,
        intent=Intent.EXPLICIT,
        confidence=0.9,
        evidence=tuple(evidence),
        producer=producer,
        version=version,
        record_id=record_id,
    )


def logged(updates: Iterable[ContextUpdate]) -> list[ContextUpdate]:
    """As they come back from a log."""
    return [
        replace(item, position=position, at=START + timedelta(seconds=position))
        for position, item in enumerate(updates, 1)
    ]
