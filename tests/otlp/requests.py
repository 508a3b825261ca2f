"""Short ways to make OTLP requests."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

NO_ATTRIBUTES: Mapping[str, Any] = {}


def any_value(value: Any) -> AnyValue:
    """A Python value as OTLP has it."""
    message = AnyValue()
    match value:
        case bool():
            message.bool_value = value
        case int():
            message.int_value = value
        case float():
            message.double_value = value
        case str():
            message.string_value = value
        case bytes():
            message.bytes_value = value
        case list():
            message.array_value.values.extend(map(any_value, value))
        case dict():
            for key, item in value.items():
                message.kvlist_value.values.add(key=key, value=any_value(item))
    return message


def span(name: str = "chat", attributes: Mapping[str, Any] = NO_ATTRIBUTES, **fields: Any) -> Span:
    """A valid span that has just ended, with ids of its own unless given."""
    now = time.time_ns()
    message = Span(
        name=name,
        trace_id=fields.pop("trace_id", os.urandom(16)),
        span_id=fields.pop("span_id", os.urandom(8)),
        start_time_unix_nano=fields.pop("start", now - 1_000_000),
        end_time_unix_nano=fields.pop("end", now),
        **fields,
    )
    for key, value in attributes.items():
        message.attributes.add(key=key, value=any_value(value))
    return message


def request(*spans: Span, resource: Mapping[str, Any] = NO_ATTRIBUTES) -> ExportTraceServiceRequest:
    """A request with one resource and one scope."""
    message = ExportTraceServiceRequest()
    resource_spans = message.resource_spans.add()
    for key, value in {"service.name": "tests", **resource}.items():
        resource_spans.resource.attributes.add(key=key, value=any_value(value))
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name, scope_spans.scope.version = "tests.scope", "1.0"
    scope_spans.spans.extend(spans)
    return message
