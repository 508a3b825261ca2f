"""OTLP requests to rows, through protobuf's own parser."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import starmap

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.block import Request, SpanRows
from spanwise.collector.otlp.lookup import Attributes, Event, Sent
from spanwise.collector.otlp.traces import ENTRY, Traces
from tests.otlp.oracle.resolve import Columns, resolve
from tests.otlp.oracle.rowbinary import (
    INT64,
    UINT32,
    UINT64,
    put_map,
    put_maps,
    put_numbers,
    put_optional_float,
    put_text,
    put_texts,
    put_times,
)
from tests.otlp.oracle.values import json_object, pairs

SPAN_KINDS = ("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer")
STATUS_CODES = ("Unset", "Ok", "Error")

COLUMNS = (
    *("Timestamp", "Duration", "TraceId", "SpanId", "ParentSpanId", "TraceState"),
    *("SpanName", "SpanKind", "ServiceName", "ResourceAttributes", "ResourceDroppedAttrCount", "ResourceSchemaUrl"),
    *("ScopeName", "ScopeVersion", "ScopeAttributes", "ScopeDroppedAttrCount", "ScopeSchemaUrl"),
    *("StatusCode", "StatusMessage", "SpanAttributes"),
    *("Events.Timestamp", "Events.Name", "Events.Attributes"),
    *("Links.TraceId", "Links.SpanId", "Links.TraceState", "Links.Attributes"),
    *("Events.DroppedAttrCount", "Links.DroppedAttrCount", "Links.TraceFlags"),
    *("TraceFlags", "DroppedAttrCount", "DroppedEventsCount", "DroppedLinksCount"),
    *("Org", "StoredAt", "RequestHash"),
    *conventions.TEXT_COLUMNS,
    *conventions.TOKEN_COLUMNS,
    *conventions.CONTENT_COLUMNS,
    *("ContentAttributes", "ContentDerived", conventions.FINISH_REASON, conventions.EVALUATION_SCORE),
)
"""In the order in which `_put_span` writes them."""


def oracle_rows(requests: Sequence[Request], stored_at: datetime) -> SpanRows:
    """All spans of `requests` as rows. Raises `DecodeError` if one of them cannot be decoded."""
    buffer = bytearray()
    traces: dict[str, Counter[bytes]] = defaultdict(Counter)
    unmapped: Counter[str] = Counter()
    stored = INT64.pack(int(stored_at.timestamp() * 1_000_000))
    for request in requests:
        origin = _text(request.org) + stored + request.hash
        for resource, shared, span in _spans(ExportTraceServiceRequest.FromString(request.data)):
            columns = resolve(Sent(pairs(span.attributes), _events(span), resource))
            _put_span(buffer, span, shared, origin, columns)
            traces[request.org][span.trace_id] += 1
            unmapped.update(columns.unmapped)
    packed = [Traces(org, b"".join(starmap(ENTRY.pack, counts.items()))) for org, counts in traces.items()]
    return SpanRows(COLUMNS, "RowBinary", bytes(buffer), sum(map(Counter.total, traces.values())), packed, unmapped)


def _spans(request: ExportTraceServiceRequest) -> Iterator[tuple[Attributes, bytes, Span]]:
    """Every span, with the attributes of its resource and the columns that it shares with its scope."""
    for resource in request.resource_spans:
        attributes = pairs(resource.resource.attributes)
        for scope in resource.scope_spans:
            shared = _shared(attributes, resource, scope)
            for span in scope.spans:
                yield attributes, shared, span


def _events(span: Span) -> Sequence[Event]:
    return [Event(event.name, pairs(event.attributes), json_object(event.attributes)) for event in span.events]


def _shared(attributes: Attributes, resource: ResourceSpans, scope: ScopeSpans) -> bytes:
    """The columns that all spans of a scope have in common."""
    buffer = bytearray()
    put_text(buffer, next((text for key, text in attributes if key == "service.name"), ""))
    put_map(buffer, attributes)
    buffer += UINT32.pack(resource.resource.dropped_attributes_count)
    put_text(buffer, resource.schema_url)
    put_text(buffer, scope.scope.name)
    put_text(buffer, scope.scope.version)
    put_map(buffer, pairs(scope.scope.attributes))
    buffer += UINT32.pack(scope.scope.dropped_attributes_count)
    put_text(buffer, scope.schema_url)
    return bytes(buffer)


def _put_span(buffer: bytearray, span: Span, shared: bytes, origin: bytes, columns: Columns) -> None:
    buffer += INT64.pack(span.start_time_unix_nano)
    buffer += UINT64.pack(max(span.end_time_unix_nano - span.start_time_unix_nano, 0))
    put_text(buffer, span.trace_id.hex())
    put_text(buffer, span.span_id.hex())
    put_text(buffer, span.parent_span_id.hex() if any(span.parent_span_id) else "")
    put_text(buffer, span.trace_state)
    put_text(buffer, span.name)
    put_text(buffer, _name(SPAN_KINDS, span.kind))
    buffer += shared
    put_text(buffer, _name(STATUS_CODES, span.status.code))
    put_text(buffer, span.status.message)
    put_map(buffer, columns.span_attributes)
    _put_events(buffer, span)
    _put_links(buffer, span)
    put_numbers(buffer, [event.dropped_attributes_count for event in span.events])
    put_numbers(buffer, [link.dropped_attributes_count for link in span.links])
    put_numbers(buffer, [link.flags for link in span.links])
    for number in (span.flags, span.dropped_attributes_count, span.dropped_events_count, span.dropped_links_count):
        buffer += UINT32.pack(number)
    buffer += origin
    _put_columns(buffer, columns)


def _put_columns(buffer: bytearray, columns: Columns) -> None:
    for column in conventions.TEXT_COLUMNS:
        put_text(buffer, columns.texts[column])
    for column in conventions.TOKEN_COLUMNS:
        buffer += UINT64.pack(columns.counts[column])
    for column in conventions.CONTENT_COLUMNS:
        put_text(buffer, columns.contents[column])
    put_map(buffer, columns.content_attributes)
    buffer.append(columns.content_derived)
    put_text(buffer, columns.texts[conventions.FINISH_REASON])
    put_optional_float(buffer, columns.evaluation_score)


def _put_events(buffer: bytearray, span: Span) -> None:
    put_times(buffer, [event.time_unix_nano for event in span.events])
    put_texts(buffer, [event.name for event in span.events])
    put_maps(buffer, [pairs(event.attributes) for event in span.events])


def _put_links(buffer: bytearray, span: Span) -> None:
    put_texts(buffer, [link.trace_id.hex() for link in span.links])
    put_texts(buffer, [link.span_id.hex() for link in span.links])
    put_texts(buffer, [link.trace_state for link in span.links])
    put_maps(buffer, [pairs(link.attributes) for link in span.links])


def _text(value: str) -> bytes:
    buffer = bytearray()
    put_text(buffer, value)
    return bytes(buffer)


def _name(names: Sequence[str], number: int) -> str:
    return names[number] if 0 <= number < len(names) else names[0]
