"""What operators ask of a running collector: `CollectorService`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

import grpc

from spanwise.collector.errors import Busy
from spanwise.collector.roles.processing import Processing
from spanwise.v1 import collector_pb2 as wire
from spanwise.v1.collector_pb2_grpc import CollectorServiceServicer

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class OperationsDoor(CollectorServiceServicer):
    """`org_of` says with which organisation's credential a call came."""

    def __init__(self, processing: Processing, org_of: Callable[[Call], str]) -> None:
        self._processing = processing
        self._org_of = org_of

    async def Replay(self, request: wire.ReplayRequest, context: Call) -> AsyncIterator[wire.ReplayProgress]:  # noqa: N802 (gRPC names it)
        try:
            async for progress in self._processing.replay(self._org_of(context), request.since.ToDatetime()):
                yield wire.ReplayProgress(
                    traces_total=progress.traces_total,
                    traces_done=progress.traces_done,
                    signals_new=progress.signals_new,
                    updates_new=progress.updates_new,
                )
        except Busy as error:
            await context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
