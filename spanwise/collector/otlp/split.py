"""One request as several that are small enough for a record of the bus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from spanwise.collector.otlp.decode import decode

FRAME = 6
"""The most bytes that the tag and the length of an embedded message take."""


@dataclass(frozen=True, slots=True)
class Split:
    parts: Sequence[bytes]
    """Requests of at most the limit, with all spans that fit, in their order."""
    spans: int
    """In the parts."""
    faults: Sequence[str]
    """Of each span that fits nowhere, its name and size."""


def split(data: bytes, limit: int) -> Split:
    """Cut a request between spans; each part has the resource and the scope of its spans. The same data, the same cut.

    Raises `Rejected` if it cannot be decoded.
    """
    parts: list[bytes] = []
    faults: list[str] = []
    spans = size = 0
    open_part = _Part()
    for resource, scope, span in _spans(decode(data)):
        alone = _frame(resource.ByteSize()) + _frame(scope.ByteSize()) + _frame(span.ByteSize())
        if alone > limit:
            faults.append(f"{span.name[:100]!r}: {alone:,} bytes with its resource, and a record takes {limit:,}")
            continue
        spans += 1
        size += open_part.cost(resource, scope, span)
        if size > limit:
            parts.append(open_part.request.SerializeToString())
            open_part, size = _Part(), alone
        open_part.add(resource, scope, span)
    if open_part.request.resource_spans:
        parts.append(open_part.request.SerializeToString())
    return Split(parts, spans, faults)


class _Part:
    """A request that grows."""

    def __init__(self) -> None:
        self.request = ExportTraceServiceRequest()
        self._resource: ResourceSpans | None = None
        self._scope: ScopeSpans | None = None

    def cost(self, resource: ResourceSpans, scope: ScopeSpans, span: Span) -> int:
        """How many bytes the span adds, at most."""
        again = 0 if resource is self._resource else _frame(resource.ByteSize())
        again += 0 if scope is self._scope else _frame(scope.ByteSize())
        return again + _frame(span.ByteSize())

    def add(self, resource: ResourceSpans, scope: ScopeSpans, span: Span) -> None:
        if resource is not self._resource:
            self.request.resource_spans.add().CopyFrom(resource)
            self._resource = resource
        target = self.request.resource_spans[-1]
        if scope is not self._scope:
            target.scope_spans.add().CopyFrom(scope)
            self._scope = scope
        target.scope_spans[-1].spans.add().CopyFrom(span)


def _spans(request: ExportTraceServiceRequest) -> Iterator[tuple[ResourceSpans, ScopeSpans, Span]]:
    """Every span, with its resource and its scope without what is in them."""
    for resource_spans in request.resource_spans:
        resource = ResourceSpans(resource=resource_spans.resource, schema_url=resource_spans.schema_url)
        for scope_spans in resource_spans.scope_spans:
            scope = ScopeSpans(scope=scope_spans.scope, schema_url=scope_spans.schema_url)
            for span in scope_spans.spans:
                yield resource, scope, span


def _frame(size: int) -> int:
    return FRAME + size
