"""What plugins give, checked whole before it leaves the worker: a stranger's value must not stop the collector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from spanwise.collector.model import (
    ContextUpdate,
    Evidence,
    Intent,
    Mode,
    Operation,
    Origin,
    RecordKind,
    Recurrence,
    Scope,
    Signal,
    Status,
    Trace,
)
from spanwise.collector.plugins.speaker import speaker
from spanwise.collector.unicode import sound


def attested(seen: Signal, trace: Trace) -> Signal:
    """A processor decides neither whose a signal is nor who said it. Raises for one that the store could not hold."""
    org = trace.scope.org
    kind, detector = sound(seen.kind), sound(seen.detector)
    evidence = replace(_evidence(seen.evidence), user=sound(seen.scope.user), signal=kind, detector=detector)
    return replace(
        seen,
        id=sound(seen.id),
        kind=kind,
        scope=_scope(seen.scope, org),
        evidence=replace(evidence, said_by=speaker(evidence, trace)),
        confidence=_confidence(seen.confidence),
        detector=detector,
        version=sound(seen.version),
        details={sound(name): sound(value) for name, value in seen.details.items()},
    )


def attributed(update: ContextUpdate, learner: str, signals: Sequence[Signal]) -> ContextUpdate:
    """A learner speaks in its own name, for the organisation whose signals it read, and of what they saw.

    Raises for an update that the log could not hold: one that nobody can read would hide every record of its scope.
    """
    org = signals[0].scope.org
    seen = {signal.evidence.source: signal.evidence for signal in signals}
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
        evidence=tuple(_grounded(_evidence(item), seen) for item in update.evidence),
        producer=f"learner:{learner}",
        version=sound(update.version),
        reason=sound(update.reason),
        subject=sound(update.subject),
        superseded_by=sound(update.superseded_by),
        granted=None,
        policy="",
        recurrence=Recurrence(),
        valid_from=_moment(update.valid_from),
    )


def _grounded(evidence: Evidence, seen: Mapping[tuple[str, str], Evidence]) -> Evidence:
    """As the signal has it; what no signal saw is a model's word, whoever is said to have said it."""
    return seen.get(evidence.source) or replace(evidence, said_by=Origin.AGENT, user="", signal="", detector="")


def _moment(time: datetime | None) -> datetime | None:
    if time is not None and (time.tzinfo is None or not 1970 <= time.year < 2262):
        raise ValueError("valid_from has no time zone, or is a time that the store cannot hold")
    return time


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
