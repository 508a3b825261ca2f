"""Sending OTLP requests as the bytes they are."""

from __future__ import annotations

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceResponse,
)

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

Metadata = tuple[tuple[str, str], ...]


def export(
    channel: grpc.Channel, data: bytes, metadata: Metadata = (), *, seconds: float = 60.0
) -> ExportTraceServiceResponse:
    """Send `data` as it is, whatever it is. Raises `grpc.RpcError`."""
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(EXPORT)
    answer = call(data, metadata=metadata, timeout=seconds)
    return ExportTraceServiceResponse.FromString(answer)
