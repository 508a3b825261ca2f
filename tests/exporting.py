"""OTLP requests: built from a few words, and sent as the bytes they are."""

from __future__ import annotations

import json
import os
import time

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

Metadata = tuple[tuple[str, str], ...]


def span(name: str = "work", *attributes: KeyValue, trace_id: bytes = b"", start: int = 0) -> Span:
    """A span of a millisecond, by default of a new trace and now."""
    begin = start or time.time_ns()
    return Span(
        trace_id=trace_id or os.urandom(16),
        span_id=os.urandom(8),
        name=name,
        start_time_unix_nano=begin,
        end_time_unix_nano=begin + 1_000_000,
        attributes=attributes,
    )


def text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def chat(user: str, sentence: str, *attributes: KeyValue) -> Span:
    """A model call in which `user` says `sentence`, in a conversation of their own."""
    messages = [{"role": "user", "parts": [{"type": "text", "content": sentence}]}]
    return span(
        "chat model",
        text("gen_ai.operation.name", "chat"),
        text("gen_ai.conversation.id", f"conversation of {user}"),
        text("user.id", user),
        text("gen_ai.input.messages", json.dumps(messages)),
        *attributes,
    )


def request(*spans: Span, service: str = "test") -> ExportTraceServiceRequest:
    built = ExportTraceServiceRequest()
    resource = built.resource_spans.add()
    resource.resource.attributes.append(text("service.name", service))
    resource.scope_spans.add().spans.extend(spans)
    return built


def request_bytes(*spans: Span) -> bytes:
    return request(*spans).SerializeToString()


def export(
    channel: grpc.Channel, data: bytes, metadata: Metadata = (), *, seconds: float = 60.0
) -> ExportTraceServiceResponse:
    """Send `data` as it is, whatever it is. Raises `grpc.RpcError`."""
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(EXPORT)
    answer = call(data, metadata=metadata, timeout=seconds)
    return ExportTraceServiceResponse.FromString(answer)
