"""Updates as rows of `context_updates`, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

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
    Status,
)
from spanwise.collector.store import Row
from spanwise.collector.store.rows import utc
from spanwise.collector.unicode import sound

TABLE = "context_updates"
COLUMNS = (
    "Position",
    "Id",
    "Operation",
    "RecordId",
    "Kind",
    "Org",
    "AgentName",
    "UserId",
    "Content",
    "Status",
    "Intent",
    "Mode",
    "Confidence",
    "Evidence",
    "Producer",
    "Version",
    "Reason",
    "Subject",
    "SupersededBy",
    "Granted",
    "Policy",
    "NeedsUsers",
    "NeedsConversations",
    "ValidFrom",
    "At",
)


def sound_update(update: ContextUpdate) -> ContextUpdate:
    """The update as the store and the wire can carry it."""
    evidence = tuple(dataclasses.replace(item, quote=sound(item.quote)) for item in update.evidence)
    return dataclasses.replace(update, content=sound(update.content), reason=sound(update.reason), evidence=evidence)


def to_row(update: ContextUpdate) -> Row:
    return (
        update.position,
        update.id,
        update.operation,
        update.record_id,
        update.kind,
        update.scope.org,
        update.scope.agent,
        update.scope.user,
        update.content,
        update.status,
        update.intent,
        update.mode,
        update.confidence,
        evidence_text(update.evidence),
        update.producer,
        update.version,
        update.reason,
        update.subject,
        update.superseded_by,
        update.granted or "",
        update.policy,
        update.recurrence.users,
        update.recurrence.conversations,
        update.valid_from,
        update.at,
    )


def from_row(row: Row) -> ContextUpdate:
    position, id_, operation, record_id, kind, org, agent, user, content, status, intent, mode, *rest = row
    confidence, evidence, producer, version, reason, subject, superseded_by, granted, *given = rest
    policy, users, conversations, valid_from, at = given
    return ContextUpdate(
        id=id_,
        operation=Operation(operation),
        record_id=record_id,
        kind=RecordKind(kind),
        scope=Scope(agent, org, user),
        content=content,
        status=Status(status),
        intent=Intent(intent),
        mode=Mode(mode),
        confidence=round(confidence, 6),  # the column is a Float32: 0.9 would come back as 0.8999999761581421
        evidence=parse_evidence(evidence),
        producer=producer,
        version=version,
        reason=reason,
        subject=subject,
        superseded_by=superseded_by,
        granted=Status(granted) if granted else None,
        policy=policy,
        recurrence=Recurrence(users, conversations),
        valid_from=utc(valid_from),
        at=utc(at),
        position=position,
    )


def evidence_text(evidence: Sequence[Evidence]) -> str:
    return json.dumps([dataclasses.asdict(item) for item in evidence], ensure_ascii=False)


def parse_evidence(text: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(**{**item, "said_by": Origin(item["said_by"])}) for item in json.loads(text or "[]"))
