"""Turns what users ask to be remembered into memories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from spanwise.processors import (
    Context,
    ContextUpdate,
    Intent,
    Operation,
    Origin,
    Record,
    RecordKind,
    Scope,
    Signal,
    Status,
    update,
)
from spanwise.processors.learn.matching import taken_back
from spanwise.processors.learn.subject import subject_of

PRODUCER = "learner:remember"
_VERSION = "1"

_SHORT_ID = re.compile(r" \[[0-9a-f]{8}\]$")
"""Ends each line of the prompt section that agents are given."""
_LIVE = (Status.ACTIVE, Status.PROPOSED)


def remember(signals: Sequence[Signal], context: Context) -> Iterable[ContextUpdate]:
    """Add a memory for each `memory.explicit` that a user said and did not take back later in the conversation.

    What concerns the user alone holds at once; what concerns others is proposed, for people to decide. What had to be
    proposed because the user was unknown gives way once they are known.
    """
    for signal in signals:
        if signal.kind != "memory.explicit" or signal.evidence.said_by is not Origin.USER:
            continue
        if _is_recited(signal, context) or taken_back(signal, signals):
            continue
        yield _memory(signal)
        yield from _superseded(signal, context)


def _memory(signal: Signal) -> ContextUpdate:
    scope, status, reason = _placement(signal)
    return update(
        Operation.ADD,
        kind=RecordKind.MEMORY,
        scope=scope,
        content=signal.details["about"],
        status=status,
        intent=Intent.EXPLICIT,
        confidence=signal.confidence,
        evidence=[signal.evidence],
        producer=PRODUCER,
        version=_VERSION,
        reason=reason,
        subject=subject_of(signal.details["about"]),
    )


def _placement(signal: Signal) -> tuple[Scope, Status, str]:
    """Where a memory belongs, whether it holds at once, and why."""
    said_in = signal.scope
    match signal.details.get("scope", "user"):
        case "org":
            return Scope(org=said_in.org), Status.PROPOSED, "It concerns the whole organisation, so a person decides."
        case "agent":
            where = Scope(agent=said_in.agent, org=said_in.org)
            return where, Status.PROPOSED, "It concerns everybody whom the agent serves, so a person decides."
        case _ if said_in.user:
            return Scope(org=said_in.org, user=said_in.user), Status.ACTIVE, "The user asked for it."
        case _:
            where = Scope(agent=said_in.agent, org=said_in.org)
            return where, Status.PROPOSED, "The user asked for it, but the trace does not say who they are."


def _superseded(signal: Signal, context: Context) -> Iterator[ContextUpdate]:
    """Withdraw what was proposed for the agent from the very same words, before their speaker was known."""
    if not signal.scope.user or signal.details.get("scope", "user") != "user":
        return
    for record in context.records:
        if _is_ours_for_nobody(record) and any(item.source == signal.evidence.source for item in record.evidence):
            yield retraction(record, signal, PRODUCER, _VERSION, "The user who asked for it is known now.")


def _is_ours_for_nobody(record: Record) -> bool:
    """What a person decided about is theirs: only this learner's own proposals are withdrawn."""
    return (
        record.kind is RecordKind.MEMORY and not record.scope.user and record.producer == PRODUCER and is_live(record)
    )


def _is_recited(signal: Signal, context: Context) -> bool:
    """True if the words are those of a memory that is held already, and that somebody learned from other words.

    Agents get their memories as lines of a prompt, so such a line in a user's turn comes from us.
    """
    said = _line(signal.evidence.quote)
    return any(
        is_live(record)
        and _line(record.content) == said
        and said not in {_line(item.quote) for item in record.evidence}
        for record in context.records
    )


def _line(text: str) -> str:
    return _SHORT_ID.sub("", " ".join(text.split()).lstrip("-*•0123456789.) "))


def is_live(record: Record) -> bool:
    return record.status in _LIVE


def retraction(record: Record, signal: Signal, producer: str, version: str, reason: str) -> ContextUpdate:
    """Withdraw `record` because of `signal`; the same every time it is made."""
    return update(
        Operation.RETRACT,
        record_id=record.id,
        kind=record.kind,
        scope=record.scope,
        content=record.content,
        status=Status.RETIRED,
        intent=Intent.EXPLICIT,
        confidence=signal.confidence,
        evidence=[signal.evidence],
        producer=producer,
        version=version,
        reason=reason,
    )
