"""Short ways to say what a test's conversation was, and what was learned from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from spanwise.processors import (
    Context,
    ContextUpdate,
    Evidence,
    Intent,
    Mode,
    Origin,
    Record,
    RecordKind,
    Scope,
    Signal,
    Status,
    Trace,
    Turn,
)
from spanwise.processors.user.forget import forget_requests
from spanwise.processors.user.memory import explicit_memories

ADA = Scope(agent="concierge", org="acme", user="ada")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def conversation(*said: str | tuple[Origin, str], id: str = "c1", scope: Scope = ADA, at: datetime = NOON) -> Trace:  # noqa: A002
    """A trace of one conversation; a plain text is the user's, and all of it is said at `at`."""
    turns = tuple(
        Turn(origin.value, text, origin, f"trace-{id}", f"span-{number}", _nanoseconds(at))
        for number, (origin, text) in enumerate(
            item if isinstance(item, tuple) else (Origin.USER, item) for item in said
        )
    )
    return Trace(f"trace-{id}", scope, id, (), turns, ())


def _nanoseconds(time: datetime) -> int:
    return int(time.timestamp()) * 10**9


def remembered(*said: str | tuple[Origin, str]) -> list[str]:
    """What the user asked to be remembered, as it would be noted."""
    return [signal.details["about"] for signal in explicit_memories(conversation(*said))]


def forgotten(*said: str | tuple[Origin, str]) -> list[str]:
    """What the user asked to be forgotten, as it was noted."""
    return [signal.details["about"] for signal in forget_requests(conversation(*said))]


def signals(trace: Trace) -> list[Signal]:
    return [*explicit_memories(trace), *forget_requests(trace)]


def record(update: ContextUpdate, *, changed: datetime = NOON) -> Record:
    """The record that one update leaves behind."""
    return Record(
        id=update.record_id, kind=update.kind, scope=update.scope, content=update.content, status=update.status,
        intent=update.intent, mode=update.mode, confidence=update.confidence, evidence=update.evidence,
        producer=update.producer, version=update.version, created=changed, changed=changed, position=1,
    )  # fmt: skip


def held(
    content: str, *, scope: Scope, quote: str = "said elsewhere", conversation: str = "c0", said: datetime = NOON
) -> Record:
    """A live memory that is there already."""
    evidence = Evidence(quote, Origin.USER, conversation, "trace-0", "span-0", _nanoseconds(said))
    return Record(
        id=f"id of {content}", kind=RecordKind.MEMORY, scope=scope, content=content, status=Status.ACTIVE,
        intent=Intent.EXPLICIT, mode=Mode.ONLINE, confidence=0.9, evidence=(evidence,), producer="learner:remember",
        version="1", created=said, changed=said, position=1,
    )  # fmt: skip


def context(*records: Record) -> Context:
    return Context(records)


def said_by(signal: Signal, origin: Origin) -> Signal:
    return replace(signal, evidence=replace(signal.evidence, said_by=origin))


def contents(updates: Sequence[ContextUpdate]) -> list[str]:
    return [update.content for update in updates]
