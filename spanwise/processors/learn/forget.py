"""Withdraws the memories that users ask to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from spanwise.processors import Context, ContextUpdate, Evidence, Origin, Record, RecordKind, Signal
from spanwise.processors.learn.matching import means, place
from spanwise.processors.learn.remember import is_live, retraction

PRODUCER = "learner:forget"
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
    """True if all that the memory rests on was said, or decided, before the request to forget it.

    Where both were said in turns at hand, their order decides; otherwise the times do.
    """
    places = {item.evidence.source: place(item.details) for item in signals if item.kind == "memory.explicit"}
    if not record.evidence:
        return record.changed <= datetime.fromtimestamp(request.evidence.at / 1e9, UTC)
    return not any(_said_after(evidence, request, places) for evidence in record.evidence)


def _said_after(evidence: Evidence, request: Signal, places: Mapping[tuple[str, str], tuple[int, int]]) -> bool:
    if evidence.source in places and evidence.source[0] == request.evidence.source[0]:
        return places[evidence.source] > place(request.details)
    return evidence.at > request.evidence.at
