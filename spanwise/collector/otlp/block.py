"""OTLP requests to rows of `otel_traces`: the one place where spans become columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.decode import decode
from spanwise.collector.otlp.rowbinary import (
    INT64,
    UINT64,
    put_map,
    put_maps,
    put_optional_float,
    put_text,
    put_texts,
    put_times,
)
from spanwise.collector.otlp.values import texts

SPAN_KINDS = ("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer")
STATUS_CODES = ("Unset", "Ok", "Error")

COLUMNS = (
    *("Timestamp", "Duration", "TraceId", "SpanId", "ParentSpanId", "TraceState"),
    *("SpanName", "SpanKind", "ServiceName", "ResourceAttributes", "ScopeName", "ScopeVersion"),
    *("StatusCode", "StatusMessage", "SpanAttributes"),
    *("Events.Timestamp", "Events.Name", "Events.Attributes"),
    *("Links.TraceId", "Links.SpanId", "Links.TraceState", "Links.Attributes"),
    *("Org", "StoredAt", "RequestHash"),
    *conventions.TEXT_COLUMNS,
    *conventions.TOKEN_COLUMNS,
    *conventions.CONTENT_COLUMNS,
    *("FinishReason", "EvaluationScore"),
)
"""In the order in which `_put_span` writes them."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: its OTLP bytes, the tenant that sent it, and the hash that names it (16 bytes)."""

    data: bytes
    org: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class SpanRows:
    """Rows of `otel_traces` in ClickHouse's `format`."""

    columns: Sequence[str]
    format: str
    data: bytes
    rows: int
    traces: Mapping[tuple[str, str], int]
    """New rows by (org, trace id)."""


def span_rows(requests: Sequence[Request], stored_at: datetime) -> SpanRows:
    """All spans of `requests` as rows. Raises `Rejected` if one of them cannot be decoded."""
    buffer = bytearray()
    traces: Counter[tuple[str, str]] = Counter()
    stored = INT64.pack(int(stored_at.timestamp() * 1_000_000))
    for request in requests:
        origin = _text(request.org) + stored + request.hash
        for resource in decode(request.data).resource_spans:
            traces.update(_put_resource(buffer, resource, request.org, origin))
    return SpanRows(COLUMNS, "RowBinary", bytes(buffer), traces.total(), traces)


def _put_resource(buffer: bytearray, resource: ResourceSpans, org: str, origin: bytes) -> Counter[tuple[str, str]]:
    attributes = texts(resource.resource.attributes)
    traces: Counter[tuple[str, str]] = Counter()
    for scope in resource.scope_spans:
        shared = _shared(attributes, scope)
        for span in scope.spans:
            _put_span(buffer, span, shared, origin, attributes)
            traces[org, span.trace_id.hex()] += 1
    return traces


def _shared(resource: Mapping[str, str], scope: ScopeSpans) -> bytes:
    """The columns that all spans of a scope have in common."""
    buffer = bytearray()
    put_text(buffer, resource.get("service.name", ""))
    put_map(buffer, resource)
    put_text(buffer, scope.scope.name)
    put_text(buffer, scope.scope.version)
    return bytes(buffer)


def _put_span(buffer: bytearray, span: Span, shared: bytes, origin: bytes, resource: Mapping[str, str]) -> None:
    attributes = texts(span.attributes)
    content = {column: attributes.get(key, "") for column, key in conventions.CONTENT_COLUMNS.items()}
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
    put_map(buffer, _without_content(attributes))
    _put_events(buffer, span)
    _put_links(buffer, span)
    buffer += origin
    evaluated = _evaluated(span, attributes)
    for column, keys in conventions.TEXT_COLUMNS.items():
        put_text(
            buffer, _first(keys, evaluated) or (column in conventions.FROM_RESOURCE and _first(keys, resource)) or ""
        )
    for keys in conventions.TOKEN_COLUMNS.values():
        buffer += UINT64.pack(_count(_first(keys, attributes)))
    for value in content.values():
        put_text(buffer, value)
    put_text(buffer, _first_of_list(attributes.get(conventions.FINISH_REASONS, "")))
    put_optional_float(buffer, _number(evaluated.get(conventions.EVALUATION_SCORE, "")))


def _put_events(buffer: bytearray, span: Span) -> None:
    put_times(buffer, [event.time_unix_nano for event in span.events])
    put_texts(buffer, [event.name for event in span.events])
    put_maps(buffer, [texts(event.attributes) for event in span.events])


def _put_links(buffer: bytearray, span: Span) -> None:
    put_texts(buffer, [link.trace_id.hex() for link in span.links])
    put_texts(buffer, [link.span_id.hex() for link in span.links])
    put_texts(buffer, [link.trace_state for link in span.links])
    put_maps(buffer, [texts(link.attributes) for link in span.links])


def _without_content(attributes: Mapping[str, str]) -> Mapping[str, str]:
    moved = conventions.CONTENT_COLUMNS.values()
    # An empty content attribute stays in the map: an empty column could not say that it was there.
    return {key: value for key, value in attributes.items() if not (value and key in moved)}


def _evaluated(span: Span, attributes: dict[str, str]) -> Mapping[str, str]:
    """The attributes, with those of the first evaluation event where there is one."""
    for event in span.events:
        if event.name == conventions.EVALUATION_EVENT:
            return texts(event.attributes) | attributes
    return attributes


def _text(value: str) -> bytes:
    buffer = bytearray()
    put_text(buffer, value)
    return bytes(buffer)


def _first(keys: Sequence[str], attributes: Mapping[str, str]) -> str:
    for key in keys:  # asked twenty times a span: a generator costs three times as much
        if value := attributes.get(key):
            return value
    return ""


def _name(names: Sequence[str], number: int) -> str:
    return names[number] if 0 <= number < len(names) else names[0]


def _count(value: str) -> int:
    number = _number(value)
    return int(number) if number is not None and 0 <= number < 2**64 else 0


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _first_of_list(value: str) -> str:
    """The first of a JSON list of texts; a text that is none stands for itself."""
    try:
        reasons = json.loads(value)
    except (ValueError, RecursionError):
        return value
    first = reasons[0] if isinstance(reasons, list) and reasons else ""
    # JSON can name half of a character, which no column can hold.
    return first.encode("utf-8", "replace").decode() if isinstance(first, str) else value
