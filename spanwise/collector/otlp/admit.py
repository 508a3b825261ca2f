"""What a request must be for its spans to be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spanwise.collector.otlp import reading
from spanwise.collector.otlp.faults import faulty
from spanwise.collector.otlp.scan import scan
from spanwise.collector.otlp.subset import subset
from spanwise.collector.otlp.tape import Tape

LATEST = 2**63 - 1
"""Nanoseconds since 1970 that a `DateTime64(9)` can hold: April 2262."""
NAMED = 5
"""Of the spans that are left out, so many are named."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The part of a request that can be stored, as OTLP bytes, and what had to be left out."""

    data: bytes
    spans: int
    rejected: int = 0
    message: str = ""
    """Names the first spans that were left out, and why; empty if there were none."""
    refused: bytes = b""
    """The spans that were left out, as OTLP bytes."""


def admit(data: bytes) -> Admission:
    """Check a request; the bytes of one without fault are passed on unchanged.

    Raises `Malformed` if they cannot be decoded. Spans that cannot be stored are left out, their neighbours are not.
    """
    tape = scan([data])
    bad = faulty(tape)
    if not bad:
        return Admission(data, len(tape))
    left_out = frozenset(bad)
    keep = [row for row in range(len(tape)) if row not in left_out]
    layout = reading.layout(tape)
    kept, refused = subset(tape.data[0], layout, frozenset(keep)), subset(tape.data[0], layout, left_out)
    return Admission(kept, len(keep), len(bad), _message(tape, bad), refused)


def _message(tape: Tape, bad: Sequence[int]) -> str:
    shown = "; ".join(_complaint(tape, row) for row in bad[:NAMED])
    more = f"; and {len(bad) - NAMED:,} more" if len(bad) > NAMED else ""
    return f"{len(bad):,} spans were not stored: {shown}{more}"


def _complaint(tape: Tape, row: int) -> str:
    name, span_id, trace_id, parent_id, start = reading.identity(tape, row)
    fault = (
        _id_fault("trace_id", trace_id, 16)
        or _id_fault("span_id", span_id, 8)
        or (_id_fault("parent_span_id", parent_id, 8) if any(parent_id) else "")
        or ("start_time_unix_nano is after the year 2262" if start > LATEST else "")
        or "an event's time_unix_nano is after the year 2262"
    )
    return f"{name[:100]!r}: {fault}"


def _id_fault(name: str, value: bytes, length: int) -> str:
    if len(value) != length:
        return f"{name} has {len(value)} bytes instead of {length}"
    return "" if any(value) else f"{name} is all zeros"
