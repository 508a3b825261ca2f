"""What plugins give, checked whole before it leaves the worker: a stranger's value must not stop the collector."""

from __future__ import annotations

from dataclasses import replace

from spanwise.collector.model import (
    ContextUpdate,
    Evidence,
    Intent,
    Mode,
    Operation,
    Origin,
    RecordKind,
    Scope,
    Signal,
    Status,
)
from spanwise.collector.unicode import sound


def attested(seen: Signal, org: str) -> Signal:
    """A processor does not decide whose a signal is. Raises for one that the store could not hold."""
    return replace(
        seen,
        id=sound(seen.id),
        kind=sound(seen.kind),
        scope=_scope(seen.scope, org),
        evidence=_evidence(seen.evidence),
        confidence=_confidence(seen.confidence),
        detector=sound(seen.detector),
        version=sound(seen.version),
        details={sound(name): sound(value) for name, value in seen.details.items()},
    )


def attributed(update: ContextUpdate, learner: str, org: str) -> ContextUpdate:
    """A learner speaks in its own name, for the organisation whose signals it read.

    Raises for an update that the log could not hold: one that nobody can read would hide every record of its scope.
    """
    return replace(
        update,
        id=sound(update.id),
        operation=Operation(update.operation),
        record_id=sound(update.record_id),
        kind=RecordKind(update.kind),
        scope=_scope(update.scope, org),
        content=sound(update.content),
        status=Status(update.status),
        intent=Intent(update.intent),
        mode=Mode(update.mode),
        confidence=_confidence(update.confidence),
        evidence=tuple(_evidence(item) for item in update.evidence),
        producer=f"learner:{learner}",
        version=sound(update.version),
        reason=sound(update.reason),
    )


def _scope(scope: Scope, org: str) -> Scope:
    return Scope(sound(scope.agent), org, sound(scope.user))


def _evidence(evidence: Evidence) -> Evidence:
    if not 0 <= evidence.at < 2**63:
        raise ValueError("evidence is from no time that the store can hold")
    return Evidence(
        quote=sound(evidence.quote),
        said_by=Origin(evidence.said_by),
        conversation=sound(evidence.conversation),
        trace_id=sound(evidence.trace_id),
        span_id=sound(evidence.span_id),
        at=int(evidence.at),
    )


def _confidence(confidence: float) -> float:
    if not 0 <= confidence <= 1:
        raise ValueError("confidence is not between 0 and 1")
    return float(confidence)
