"""Decisions of people and applications as updates, and whom and what they concern."""

from __future__ import annotations

import re
from dataclasses import replace

from spanwise.collector.context.policy import NOTE, OWN_NOTE
from spanwise.collector.context.story import MODEL
from spanwise.collector.model import (
    ContextUpdate,
    Evidence,
    Intent,
    Operation,
    Origin,
    Record,
    RecordKind,
    Scope,
    Status,
)
from spanwise.processors import derive_id, update
from spanwise.processors.learn.subject import subject_of

VERSION = "1"
NOTE_CONFIDENCE = 0.5


def remember(scope: Scope, content: str, producer: str, reason: str) -> ContextUpdate:
    return update(
        Operation.ADD,
        kind=RecordKind.MEMORY,
        scope=scope,
        content=content,
        status=Status.ACTIVE,
        intent=Intent.EXPLICIT,
        confidence=1.0,
        evidence=(),
        producer=producer,
        version=VERSION,
        reason=reason,
        subject=subject_of(content),
    )


def note(scope: Scope, content: str, reason: str, *, own: bool, before: Record | None) -> ContextUpdate:
    """A memory of the scope's user that a model asks for; `own`: with that user's credential.

    A model cannot tell what its user said from what it has read, so the words are the model's, and inferred. However
    often it asks, that is one piece of evidence, until what it asked for was forgotten.
    """
    again = f":{before.position}" if before and before.status is Status.RETIRED else ""
    conversation = f"{MODEL}:{scope.user}{again}"
    signal = OWN_NOTE if own else NOTE
    evidence = Evidence(content, Origin.AGENT, conversation, "", "", user=scope.user, signal=signal, detector=MODEL)
    return update(
        Operation.ADD,
        kind=RecordKind.MEMORY,
        scope=scope,
        content=content,
        status=Status.PROPOSED,
        intent=Intent.IMPLICIT,
        confidence=NOTE_CONFIDENCE,
        evidence=(evidence,),
        producer=MODEL,
        version=VERSION,
        reason=reason,
        subject=subject_of(content),
    )


def decide(
    operation: Operation, record: Record, status: Status, producer: str, reason: str, content: str = ""
) -> ContextUpdate:
    """The record's status becomes `status`; its content stands unless another one is given."""
    decision = update(
        operation,
        kind=record.kind,
        scope=record.scope,
        content=content or record.content,
        status=status,
        intent=Intent.EXPLICIT,
        confidence=1.0,
        evidence=(),
        producer=producer,
        version=VERSION,
        record_id=record.id,
        mode=record.mode,
        reason=reason,
        subject=subject_of(content, record.kind) if content else record.subject,
    )
    return about(record, decision)


def erasing(record: Record, producer: str, reason: str) -> ContextUpdate:
    """The tombstone of the record: it has its id and scope, and nothing of what it said."""
    tombstone = decide(Operation.ERASE, record, Status.RETIRED, producer, reason)
    return replace(tombstone, content="", subject="")


def about(record: Record | None, decision: ContextUpdate) -> ContextUpdate:
    """The decision on the record as it is now.

    Decided again in the same state, it is the same update: a repeated request. Decided once more after the record has
    changed (forgotten, remembered again), it is another one.
    """
    return replace(decision, id=derive_id(decision.id, str(record.position))) if record else decision


def belongs(record: Record, scope: Scope) -> bool:
    """True if `scope` may speak for the record: a user for what is the user's own, not for what holds for everybody."""
    own_agent = record.scope.agent == scope.agent or (bool(scope.user) and "" in (record.scope.agent, scope.agent))
    return record.scope.org == scope.org and record.scope.user == scope.user and own_agent


def same_words(text: str, other: str) -> bool:
    return _words(text) == _words(other)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
