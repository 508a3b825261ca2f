"""What a request must be for its spans to be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.collector.otlp.decode import decode

LATEST = 2**63 - 1
"""Nanoseconds since 1970 that a `DateTime64(9)` can hold: April 2262."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The part of a request that can be stored, as OTLP bytes, and what had to be left out."""

    data: bytes
    spans: int
    faults: Sequence[str] = ()
    """Of each span that was left out, its name and why."""
    refused: bytes = b""
    """The spans that were left out, as OTLP bytes."""

    @property
    def rejected(self) -> int:
        return len(self.faults)

    @property
    def message(self) -> str:
        """Names the first spans that were left out, and why; empty if there were none."""
        return _message(self.faults)


def admit(data: bytes) -> Admission:
    """Check a request; the bytes of one without fault are passed on unchanged.

    Raises `Rejected` if they cannot be decoded. Spans that cannot be stored are left out, their neighbours are not.
    """
    request = decode(data)
    scopes = [scope for resource in request.resource_spans for scope in resource.scope_spans]
    spans = [span for scope in scopes for span in scope.spans]
    faults = [f"{span.name[:100]!r}: {fault}" for span in spans if (fault := _fault(span))]
    if not faults:
        return Admission(data, len(spans))
    kept, refused = _only(request, bad=False), _only(request, bad=True)
    return Admission(kept, len(spans) - len(faults), tuple(faults), refused)


def _only(request: ExportTraceServiceRequest, *, bad: bool) -> bytes:
    chosen = ExportTraceServiceRequest()
    chosen.CopyFrom(request)
    for resource in chosen.resource_spans:
        for scope in resource.scope_spans:
            for index in reversed(range(len(scope.spans))):
                if bool(_fault(scope.spans[index])) is not bad:
                    del scope.spans[index]
    return chosen.SerializeToString()


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


def _message(faults: Sequence[str]) -> str:
    if not faults:
        return ""
    shown = "; ".join(faults[:5])
    more = f"; and {len(faults) - 5:,} more" if len(faults) > 5 else ""
    return f"{len(faults):,} spans were not stored: {shown}{more}"
