"""What a request must be for its spans to be taken in."""

from __future__ import annotations

from dataclasses import dataclass

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.collector.otlp.decode import decode

LATEST = 2**63 - 1
"""Nanoseconds since 1970 that a `DateTime64(9)` can hold: April 2262."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The part of a request that can be stored, as OTLP bytes, and what had to be left out."""

    data: bytes
    spans: int
    rejected: int
    message: str
    """Names the first spans that were left out, and why; empty if there were none."""


def admit(data: bytes) -> Admission:
    """Check a request; the bytes of one without fault are passed on unchanged.

    Raises `Rejected` if they cannot be decoded. Spans that cannot be stored are left out, their neighbours are not.
    """
    request = decode(data)
    faults: list[str] = []
    spans = 0
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            bad = [(index, fault) for index, span in enumerate(scope.spans) if (fault := _fault(span))]
            faults += [f"{scope.spans[index].name[:100]!r}: {fault}" for index, fault in bad]
            for index, _ in reversed(bad):
                del scope.spans[index]
            spans += len(scope.spans)
    kept = request.SerializeToString() if faults else data
    return Admission(kept, spans, len(faults), _message(faults))


def _fault(span: Span) -> str:
    return (
        _id_fault("trace_id", span.trace_id, 16)
        or _id_fault("span_id", span.span_id, 8)
        or (_id_fault("parent_span_id", span.parent_span_id, 8) if any(span.parent_span_id) else "")
        or ("start_time_unix_nano is after the year 2262" if span.start_time_unix_nano > LATEST else "")
        or ("an event's time_unix_nano is after the year 2262" if _late_event(span) else "")
    )


def _id_fault(name: str, value: bytes, length: int) -> str:
    if len(value) != length:
        return f"{name} has {len(value)} bytes instead of {length}"
    return "" if any(value) else f"{name} is all zeros"


def _late_event(span: Span) -> bool:
    return any(event.time_unix_nano > LATEST for event in span.events)


def _message(faults: list[str]) -> str:
    if not faults:
        return ""
    shown = "; ".join(faults[:5])
    more = f"; and {len(faults) - 5:,} more" if len(faults) > 5 else ""
    return f"{len(faults):,} spans were not stored: {shown}{more}"
