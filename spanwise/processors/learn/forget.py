"""Withdraws the memories that users ask to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from spanwise.processors import Context, ContextUpdate, Evidence, Origin, Record, RecordKind, Signal
from spanwise.processors.learn.matching import means, place
from spanwise.processors.learn.remember import is_live, retraction

PRODUCER = "forget"
_VERSION = "1"


def forget(signals: Sequence[Signal], context: Context) -> Iterable[ContextUpdate]:
    """Retract the live memories in the user's own scope that a `memory.forget` is about, if they were given before it.

    A user's word never retracts what holds for an agent or an organisation. What is remembered and taken back within
    the same signals was never added: see `remember`.
    """
    for signal in signals:
        if signal.kind != "memory.forget" or signal.evidence.said_by is not Origin.USER:
            continue
        for record in context.records:
            if (
                _is_users(record, signal)
                and means(signal, record.content)
                and _was_given_before(record, signal, signals)
            ):
                yield retraction(record, signal, PRODUCER, _VERSION, "The user asked for it to be forgotten.")


def _is_users(record: Record, signal: Signal) -> bool:
    theirs = bool(signal.scope.user) and record.scope.user == signal.scope.user and record.scope.covers(signal.scope)
    return theirs and record.kind is RecordKind.MEMORY and is_live(record)


def _was_given_before(record: Record, request: Signal, signals: Sequence[Signal]) -> bool:
    """True if all that the memory rests on was said before the request to forget it.

    Within the conversation the order of the turns decides, and what is no longer among the signals is earlier than they
    are. Elsewhere only the time at which the memory was last learned is known: if that is later than the request, the
    memory was perhaps given again, and an old request that is processed once more must leave it alone.
    """
    places = {item.evidence.source: place(item.details) for item in signals if item.kind == "memory.explicit"}
    here = [evidence for evidence in record.evidence if _same_conversation(evidence, request.evidence)]
    if any(places.get(evidence.source, (-1, -1)) > place(request.details) for evidence in here):
        return False
    return len(here) == len(record.evidence) > 0 or not _learned_after(record, request)


def _same_conversation(left: Evidence, right: Evidence) -> bool:
    return left.source[0] == right.source[0]


def _learned_after(record: Record, request: Signal) -> bool:
    said = request.details.get("said", "")
    return said.isdecimal() and record.changed > datetime.fromtimestamp(int(said) / 1e9, UTC)
