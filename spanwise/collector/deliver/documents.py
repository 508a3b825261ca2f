"""A record as downstream stores hold it: flat, by the names that an application queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from spanwise.collector.context.render import ID
from spanwise.collector.model import Record

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
