"""What travels on `stored`: which traces have new rows, how many, and when they were stored.

A record is about many traces of one organisation, packed as the block left them, so that announcing costs nothing for
each of them. Whoever processes them unpacks them into notices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from spanwise.collector.bus import Record
from spanwise.collector.model import TraceKey
from spanwise.collector.otlp.traces import ENTRY, Traces

PAGE = 4_096
"""The most traces in a record: 80 kB, which any bus takes."""


@dataclass(frozen=True, slots=True)
class Notice:
    trace: TraceKey
    spans: int
    """New rows."""
    stored_at: datetime
    arrived_at: datetime | None = None
    """When the oldest request of the insert came to a receiver, if that is known."""


def to_records(traces: Sequence[Traces], stored_at: datetime, arrived_at: datetime | None) -> Sequence[Record]:
    times = {"stored_at": stored_at.isoformat().encode()}
    if arrived_at:
        times["arrived_at"] = arrived_at.isoformat().encode()
    return [_record(page, times) for of_org in traces for page in of_org.pages(PAGE)]


def _record(traces: Traces, times: Mapping[str, bytes]) -> Record:
    org = traces.org.encode()
    return Record(traces.packed, org, {"org": org, **times})


def from_record(record: Record) -> Iterator[Notice]:
    """The notices of a record. Raises `KeyError` or `ValueError` before the first if it is none."""
    org = record.headers["org"].decode()
    stored_at = _time(record.headers["stored_at"])
    arrived_at = _time(record.headers["arrived_at"]) if "arrived_at" in record.headers else None
    if len(record.value) % ENTRY.size:
        raise ValueError(f"{len(record.value):,} bytes are no whole number of traces")
    return (Notice(TraceKey(org, id_.hex()), spans, stored_at, arrived_at) for id_, spans in Traces(org, record.value))


def _time(text: bytes) -> datetime:
    return datetime.fromisoformat(text.decode()).astimezone(UTC)
