"""Short ways to make OTLP requests."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
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


def attribute(key: str, value: Any) -> KeyValue:
    return KeyValue(key=key, value=any_value(value))


def attributes(values: Mapping[str, Any]) -> list[KeyValue]:
    return [attribute(key, value) for key, value in values.items()]


def span(name: str = "work", *attributes: KeyValue, **fields: Any) -> Span:
    """A valid span of a millisecond that has just ended, of a trace of its own; any field can be given."""
    start = fields.pop("start", time.time_ns() - 1_000_000)
    return Span(
        name=name,
        trace_id=fields.pop("trace_id", os.urandom(16)),
        span_id=fields.pop("span_id", os.urandom(8)),
        start_time_unix_nano=start,
        end_time_unix_nano=fields.pop("end", min(start + 1_000_000, 2**64 - 1)),
        attributes=attributes,
        **fields,
    )


def chat(user: str, sentence: str, *attributes: KeyValue) -> Span:
    """A model call in which `user` says `sentence`, in a conversation of their own."""
    messages = [{"role": "user", "parts": [{"type": "text", "content": sentence}]}]
    return span(
        "chat model",
        attribute("gen_ai.operation.name", "chat"),
        attribute("gen_ai.conversation.id", f"conversation of {user}"),
        attribute("user.id", user),
        attribute("gen_ai.input.messages", json.dumps(messages)),
        *attributes,
    )


def request(*spans: Span, resource: Mapping[str, Any] = NO_ATTRIBUTES) -> ExportTraceServiceRequest:
    """A request with one resource and one scope."""
    message = ExportTraceServiceRequest()
    resource_spans = message.resource_spans.add()
    resource_spans.resource.attributes.extend(attributes({"service.name": "test", **resource}))
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name, scope_spans.scope.version = "tests.scope", "1.0"
    scope_spans.spans.extend(spans)
    return message


def request_bytes(*spans: Span) -> bytes:
    return request(*spans).SerializeToString()
