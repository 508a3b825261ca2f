"""Nouns to `context.proto` and back. What does not fit the contract is Rejected, with the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from spanwise.collector.context.policy import Consent
from spanwise.collector.context.reviewing import ReviewItem, Verdict
from spanwise.collector.errors import Rejected
from spanwise.collector.model import (
    ContextUpdate,
    Evidence,
    Intent,
    Mode,
    Operation,
    Origin,
    Record,
    RecordKind,
    Recurrence,
    Scope,
    Status,
)
from spanwise.v1 import context_pb2 as wire

Member = TypeVar("Member")

ORIGINS = {member: wire.Origin.Value(f"ORIGIN_{member.name}") for member in Origin}
OPERATIONS = {member: wire.Operation.Value(f"OPERATION_{member.name}") for member in Operation}
KINDS = {member: wire.RecordKind.Value(f"RECORD_KIND_{member.name}") for member in RecordKind}
STATUSES = {member: wire.Status.Value(f"STATUS_{member.name}") for member in Status}
INTENTS = {member: wire.Intent.Value(f"INTENT_{member.name}") for member in Intent}
VERDICTS = {member: wire.Verdict.Value(f"VERDICT_{member.name}") for member in Verdict}
CONSENTS = {member: wire.Consent.Value(f"CONSENT_{member.name}") for member in Consent}
MODES = {member: wire.Mode.Value(f"MODE_{member.name}") for member in Mode}


def scope_to_wire(scope: Scope) -> wire.Scope:
    return wire.Scope(agent=scope.agent, org=scope.org, user=scope.user)


def scope_from_wire(scope: wire.Scope) -> Scope:
    return Scope(scope.agent, scope.org, scope.user)


def position_to_wire(position: int) -> str:
    return str(position)


def position_from_wire(position: str) -> int:
    """0, the beginning of the log, for the empty one."""
    if position and not (position.isascii() and position.isdigit() and len(position) < 20):
        raise Rejected(f"position: {position!r} is none that this service gave out")
    return int(position or 0)


def status_from_wire(status: int) -> Status:
    return _member(STATUSES, status, "status")


def evidence_to_wire(evidence: Evidence) -> wire.Evidence:
    message = wire.Evidence(
        quote=evidence.quote,
        said_by=ORIGINS[evidence.said_by],
        conversation=evidence.conversation,
        trace_id=evidence.trace_id,
        span_id=evidence.span_id,
        user=evidence.user,
        signal=evidence.signal,
        detector=evidence.detector,
    )
    if evidence.at:
        message.said_at.FromNanoseconds(evidence.at)
    return message


def evidence_from_wire(evidence: wire.Evidence) -> Evidence:
    said_by = _member(ORIGINS, evidence.said_by, "evidence.said_by")
    at = evidence.said_at.ToNanoseconds()
    place = (evidence.conversation, evidence.trace_id, evidence.span_id)
    return Evidence(evidence.quote, said_by, *place, at, evidence.user, evidence.signal, evidence.detector)


def update_to_wire(update: ContextUpdate) -> wire.ContextUpdate:
    """An update that is not in the log has neither time nor position."""
    return wire.ContextUpdate(
        id=update.id,
        operation=OPERATIONS[update.operation],
        record_id=update.record_id,
        kind=KINDS[update.kind],
        scope=scope_to_wire(update.scope),
        content=update.content,
        status=STATUSES[update.status],
        intent=INTENTS[update.intent],
        mode=MODES[update.mode],
        confidence=update.confidence,
        evidence=[evidence_to_wire(item) for item in update.evidence],
        producer=update.producer,
        version=update.version,
        reason=update.reason,
        at=timestamp(update.at) if update.at else None,
        position=position_to_wire(update.position) if update.position else "",
        subject=update.subject,
        superseded_by=update.superseded_by,
        policy=update.policy,
        granted=STATUSES[update.granted] if update.granted else wire.STATUS_UNSPECIFIED,
        needs_users=update.recurrence.users,
        needs_conversations=update.recurrence.conversations,
        valid_from=timestamp(update.valid_from) if update.valid_from else None,
    )


def update_from_wire(update: wire.ContextUpdate) -> ContextUpdate:
    return ContextUpdate(
        id=update.id,
        operation=_member(OPERATIONS, update.operation, "operation"),
        record_id=update.record_id,
        kind=_member(KINDS, update.kind, "kind"),
        scope=scope_from_wire(update.scope),
        content=update.content,
        status=_member(STATUSES, update.status, "status"),
        intent=_member(INTENTS, update.intent, "intent"),
        mode=_member(MODES, update.mode, "mode"),
        confidence=update.confidence,
        evidence=tuple(evidence_from_wire(item) for item in update.evidence),
        producer=update.producer,
        version=update.version,
        reason=update.reason,
        at=time_from_wire(update.at) if update.HasField("at") else None,
        position=position_from_wire(update.position),
        subject=update.subject,
        superseded_by=update.superseded_by,
        policy=update.policy,
        granted=_member(STATUSES, update.granted, "granted") if update.granted else None,
        recurrence=Recurrence(update.needs_users or 1, update.needs_conversations or 1),
        valid_from=time_from_wire(update.valid_from) if update.HasField("valid_from") else None,
    )


def record_to_wire(record: Record) -> wire.Record:
    return wire.Record(
        id=record.id,
        kind=KINDS[record.kind],
        scope=scope_to_wire(record.scope),
        content=record.content,
        status=STATUSES[record.status],
        intent=INTENTS[record.intent],
        mode=MODES[record.mode],
        confidence=record.confidence,
        evidence=[evidence_to_wire(item) for item in record.evidence],
        producer=record.producer,
        version=record.version,
        created=timestamp(record.created),
        changed=timestamp(record.changed),
        position=position_to_wire(record.position),
        subject=record.subject,
        superseded_by=record.superseded_by,
        policy=record.policy,
        valid_from=timestamp(record.valid_from or record.created),
        valid_to=timestamp(record.valid_to) if record.valid_to else None,
    )


def record_from_wire(record: wire.Record) -> Record:
    return Record(
        id=record.id,
        kind=_member(KINDS, record.kind, "kind"),
        scope=scope_from_wire(record.scope),
        content=record.content,
        status=_member(STATUSES, record.status, "status"),
        intent=_member(INTENTS, record.intent, "intent"),
        mode=_member(MODES, record.mode, "mode"),
        confidence=record.confidence,
        evidence=tuple(evidence_from_wire(item) for item in record.evidence),
        producer=record.producer,
        version=record.version,
        created=time_from_wire(record.created),
        changed=time_from_wire(record.changed),
        position=position_from_wire(record.position),
        subject=record.subject,
        superseded_by=record.superseded_by,
        policy=record.policy,
        valid_from=time_from_wire(record.valid_from),
        valid_to=time_from_wire(record.valid_to) if record.HasField("valid_to") else None,
    )


def review_to_wire(item: ReviewItem) -> wire.ReviewItem:
    return wire.ReviewItem(
        record=record_to_wire(item.record),
        section_before=item.before,
        section_after=item.after,
        supersedes=record_to_wire(item.supersedes) if item.supersedes else None,
    )


def verdict_from_wire(verdict: int) -> Verdict:
    return _member(VERDICTS, verdict, "verdict")


def consent_from_wire(consent: int) -> Consent:
    return _member(CONSENTS, consent, "consent")


def target_from_wire(request: wire.EraseRequest) -> tuple[str, str]:
    """What (`record`, `user`, `trace`, `organisation`), and its id."""
    match request.WhichOneof("what"):
        case "organisation" if request.organisation:
            return "organisation", ""
        case "record_id" | "user" | "trace_id" as what if getattr(request, what):
            return what.removesuffix("_id"), getattr(request, what)
    raise Rejected("what: one of record_id, user, trace_id and organisation = true must say what is to be erased")


def _member(table: Mapping[Member, int], number: int, field: str) -> Member:
    for member, value in table.items():
        if value == number:
            return member
    raise Rejected(f"{field}: {number} is not one of the values of context.proto")


def timestamp(time: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


def time_from_wire(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(UTC)
