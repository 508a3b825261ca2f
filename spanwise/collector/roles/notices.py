"""What travels on `stored`: which trace has new rows, how many, and when they were stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from spanwise.collector.bus import Record
from spanwise.collector.model import TraceKey


@dataclass(frozen=True, slots=True)
class Notice:
    trace: TraceKey
    spans: int
    """New rows."""
    stored_at: datetime
    arrived_at: datetime | None = None
    """When the oldest request of the insert came to a receiver, if that is known."""


def notices(
    traces: Mapping[tuple[str, str], int], stored_at: datetime, arrived_at: datetime | None
) -> Sequence[Notice]:
    return [Notice(TraceKey(org, trace_id), spans, stored_at, arrived_at) for (org, trace_id), spans in traces.items()]


def to_record(notice: Notice) -> Record:
    headers = {
        "org": notice.trace.org.encode(),
        "spans": str(notice.spans).encode(),
        "stored_at": notice.stored_at.isoformat().encode(),
    }
    if notice.arrived_at:
        headers["arrived_at"] = notice.arrived_at.isoformat().encode()
    return Record(notice.trace.trace_id.encode(), notice.trace.trace_id.encode(), headers)


def from_record(record: Record) -> Notice:
    return Notice(
        TraceKey(record.headers["org"].decode(), record.value.decode()),
        int(record.headers["spans"]),
        _time(record.headers["stored_at"]),
        _time(record.headers["arrived_at"]) if "arrived_at" in record.headers else None,
    )


def _time(text: bytes) -> datetime:
    return datetime.fromisoformat(text.decode()).astimezone(UTC)
