"""A record as downstream stores hold it: flat, by the names that an application queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from spanwise.collector.context.render import ID
from spanwise.collector.model import Intent, Mode, Record, RecordKind, Scope, Status

Document: TypeAlias = "Mapping[str, str | int | float]"


def document(record: Record) -> dict[str, str | int | float]:
    """Times are ISO 8601 in UTC, with microseconds; what is not known is empty."""
    return {
        "org": record.scope.org,
        "record_id": record.id,
        "short_id": record.id[:ID],
        "agent": record.scope.agent,
        "user_id": record.scope.user,
        "kind": record.kind.value,
        "content": record.content,
        "status": record.status.value,
        "intent": record.intent.value,
        "confidence": record.confidence,
        "subject": record.subject,
        "producer": record.producer,
        "superseded_by": record.superseded_by,
        "valid_from": written(record.valid_from),
        "valid_to": written(record.valid_to),
        "created": written(record.created),
        "changed": written(record.changed),
        "position": record.position,
    }


def written(time: datetime | None) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds") if time else ""


def parse_document(flat: Mapping[str, Any]) -> Record:
    """The opposite of `document`, without evidence, mode and version. Raises `KeyError` or `ValueError`."""
    return Record(
        id=flat["record_id"],
        kind=RecordKind(flat["kind"]),
        scope=Scope(flat["agent"], flat["org"], flat["user_id"]),
        content=flat["content"],
        status=Status(flat["status"]),
        intent=Intent(flat["intent"]),
        mode=Mode.ONLINE,
        confidence=flat["confidence"],
        evidence=(),
        producer=flat["producer"],
        version="",
        created=datetime.fromisoformat(flat["created"]),
        changed=datetime.fromisoformat(flat["changed"]),
        position=flat["position"],
        valid_from=_parsed(flat["valid_from"]),
        valid_to=_parsed(flat["valid_to"]),
        subject=flat["subject"],
        superseded_by=flat["superseded_by"],
    )


def _parsed(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
