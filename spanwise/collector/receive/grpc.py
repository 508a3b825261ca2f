"""OTLP over gRPC: `TraceService/Export`, on raw bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import grpc
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.otlp.admit import Admission
from spanwise.collector.receive.credentials import Credentials, Unauthenticated
from spanwise.collector.receive.ingest import Ingest

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"
RETRY_AFTER_SECONDS = 1

Context = grpc.aio.ServicerContext[bytes, bytes]
Export = Callable[[bytes, Context], Awaitable[bytes]]


def trace_service(ingest: Ingest, credentials: Credentials) -> grpc.GenericRpcHandler:
    """OK is answered once the rows are durable; spans that cannot be stored are named in a partial success."""

    async def export(request: bytes, context: Context) -> bytes:
        try:
            org = credentials.org(context.invocation_metadata() or ())
            return _response(await ingest(request, org))
        except Unauthenticated as error:
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, str(error))
        except Rejected as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except Busy as error:
            context.set_trailing_metadata((("grpc-status-details-bin", _retry_details(str(error))),))
            await context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
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


def _retry_details(message: str) -> bytes:
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromSeconds(RETRY_AFTER_SECONDS)
    status = status_pb2.Status(code=grpc.StatusCode.UNAVAILABLE.value[0], message=message)
    status.details.add().Pack(retry)
    return bytes(status.SerializeToString())
