"""The gRPC server that all doors share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from spanwise.collector.access import Unauthenticated
from spanwise.collector.receive.credentials import Credentials
from spanwise.v1 import collector_pb2, context_pb2, delivery_pb2

OPEN_SERVICES = ("grpc.health.", "grpc.reflection.")
"""Probes and tools ask these, without a credential."""
RECEIVING = tuple(service.full_name for service in trace_service_pb2.DESCRIPTOR.services_by_name.values())
ANSWERING = tuple(
    service.full_name
    for file in (context_pb2, collector_pb2, delivery_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
)
"""The services of the two kinds of server: for those who send spans, and for those who ask."""

Details = grpc.HandlerCallDetails
Continuation = Callable[[Details], Awaitable[Any]]


def grpc_server(credentials: Credentials, max_request_bytes: int) -> grpc.aio.Server:
    """A server that refuses calls without a known credential, and larger requests with RESOURCE_EXHAUSTED."""
    options = [
        ("grpc.max_receive_message_length", max_request_bytes),
        ("grpc.max_send_message_length", max_request_bytes),
        ("grpc.so_reuseport", 0),  # a second collector on the port is an error, not a lottery
    ]
    return grpc.aio.server(interceptors=[_Doorkeeper(credentials)], options=options)


async def add_health_and_reflection(server: grpc.aio.Server, services: Sequence[str]) -> None:
    """Probes may ask for the whole server or for each of its services; tools may ask what there is."""
    servicer = health.aio.HealthServicer()
    for service in ("", *services):
        await servicer.set(service, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    reflection.enable_server_reflection([*services, health.SERVICE_NAME, reflection.SERVICE_NAME], server)


class _Doorkeeper(grpc.aio.ServerInterceptor):
    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def intercept_service(self, continuation: Continuation, details: Details) -> Any:
        if details.method.lstrip("/").startswith(OPEN_SERVICES):
            return await continuation(details)
        try:
            self._credentials.caller(details.invocation_metadata or ())
        except Unauthenticated as error:
            return _refusal(str(error))
        return await continuation(details)


def _refusal(message: str) -> grpc.RpcMethodHandler[Any, Any]:
    async def refuse(_: Any, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, message)

    return grpc.unary_unary_rpc_method_handler(refuse)
