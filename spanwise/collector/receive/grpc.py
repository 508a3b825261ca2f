"""OTLP over gRPC: `TraceService/Export`, on raw bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from spanwise.collector.access import Caller
from spanwise.collector.otlp.admit import Admission
from spanwise.collector.receive.ingest import Ingest
from spanwise.collector.refusals import refusing

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"

Context = grpc.aio.ServicerContext[bytes, bytes]
Export = Callable[[bytes, Context], Awaitable[bytes]]


def trace_service(ingest: Ingest, caller_of: Callable[[Context], Caller]) -> grpc.GenericRpcHandler:
    """OK is answered once the rows are durable; spans that cannot be stored are named in a partial success.

    A credential that is bound to a user or an agent sends none: whose a span is stands in its attributes, which are
    stored as they come.
    """

    async def export(request: bytes, context: Context) -> bytes:
        async with refusing(context):
            return _response(await ingest(request, caller_of(context).unbound("sending spans")))
        raise AssertionError("abort returned")

    return _handler(export)


def _handler(export: Export) -> grpc.GenericRpcHandler:
    # Without serializers grpcio hands the bytes over as they are.
    return grpc.method_handlers_generic_handler(SERVICE, {"Export": grpc.unary_unary_rpc_method_handler(export)})


def _response(admission: Admission) -> bytes:
    response = ExportTraceServiceResponse()
    if admission.rejected:
        response.partial_success.rejected_spans = admission.rejected
        response.partial_success.error_message = admission.message
    return response.SerializeToString()
