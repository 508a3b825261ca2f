"""An OTLP receiver that keeps what it receives, byte for byte: gRPC, and HTTP with or without gzip."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import DESCRIPTOR, ExportTraceServiceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spanwise.collector.servers import serving_grpc, serving_http
from tests.golden import fake_models

TRACE_SERVICE = DESCRIPTOR.services_by_name["TraceService"].full_name
PROTOBUF = "application/x-protobuf"


@dataclass
class Receiver:
    """`requests` are the bytes of the trace requests so far, in the order of their arrival."""

    grpc: str
    http: str
    requests: list[bytes] = field(default_factory=list)

    def take(self) -> Sequence[bytes]:
        """The requests since the last call."""
        taken = tuple(self.requests)
        self.requests.clear()
        return taken


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on free ports of this machine; its HTTP port also answers as the model providers do."""
    receiver = Receiver("", "")
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([_traces(receiver.requests.append)])
    app = Starlette(routes=[*fake_models.ROUTES, Route("/{path:path}", _http(receiver), methods=["POST"])])
    async with (
        serving_grpc(server, "127.0.0.1:0", 0) as receiver.grpc,
        serving_http(app, "127.0.0.1:0", "a free port") as address,
    ):
        receiver.http = f"http://{address}"
        yield receiver


def _traces(keep: Callable[[bytes], None]) -> grpc.GenericRpcHandler:
    async def export(request: bytes, _: Any) -> bytes:
        keep(request)
        return ExportTraceServiceResponse().SerializeToString()

    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(export)
    return grpc.method_handlers_generic_handler(TRACE_SERVICE, {"Export": handler})


def _http(receiver: Receiver) -> Callable[[Request], Any]:
    async def export(request: Request) -> Response:
        """Metrics, logs and whatever else a client sends are answered, and forgotten."""
        if request.url.path.endswith("/v1/traces"):
            if request.headers["content-type"] != PROTOBUF:
                return Response(f"only {PROTOBUF} can be recorded", status_code=415)
            receiver.requests.append(await _body(request))
        return Response(b"", media_type=PROTOBUF)

    return export


async def _body(request: Request) -> bytes:
    body = await request.body()
    return gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body
