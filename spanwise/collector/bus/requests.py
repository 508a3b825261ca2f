"""How an OTLP request travels on `spans`: its exact bytes, and beside them whose it is, when it came, and its name.

Other programs may write requests there, too, and then nothing is beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import xxhash

from spanwise.collector.bus import Record

ORG, HASH, ARRIVED = "spanwise.org", "spanwise.hash", "spanwise.arrived"
HASH_BYTES = 16


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a request beside its bytes."""

    org: str
    hash: bytes
    """Names the request: a client that repeats one whose answer was lost sends the same bytes again."""
    arrived_at: datetime | None
    """None: nobody wrote it down."""
    ours: bool
    """Whether our receiver has checked it."""


def to_record(data: bytes, org: str, arrived_at: datetime) -> Record:
    """The key is the request's name, so that its repetition goes the same way."""
    name = request_hash(data, org)
    headers = {ORG: org.encode(), HASH: name, ARRIVED: arrived_at.isoformat().encode()}
    return Record(data, name, headers)


def origin(record: Record, default_org: str) -> Origin:
    """Of a record on `spans`, whoever wrote it; what it does not say, or says in another way, is made up for."""
    org = record.headers.get(ORG, b"").decode("utf-8", "replace") or default_org
    name = record.headers.get(HASH, b"")
    ours = len(name) == HASH_BYTES
    return Origin(org, name if ours else request_hash(record.value, org), _arrived_at(record), ours)


def _arrived_at(record: Record) -> datetime | None:
    try:
        return datetime.fromisoformat(record.headers[ARRIVED].decode()).astimezone(UTC)
    except (KeyError, ValueError):
        return None


def request_hash(data: bytes, org: str) -> bytes:
    digest = xxhash.xxh3_128(org.encode() + b"\0")
    digest.update(data)
    return digest.digest()
