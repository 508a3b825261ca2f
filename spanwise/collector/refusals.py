"""What is refused, in the words of the protocols: one table, so that every door says the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

from spanwise.collector.access import Denied, Unauthenticated
from spanwise.collector.errors import Busy, Conflict, NotFound, Rejected

RETRY_AFTER_SECONDS = 1
"""What a client is told that should try again."""


@dataclass(frozen=True, slots=True)
class Refusal:
    error: type[Exception]
    grpc: grpc.StatusCode
    http: HTTPStatus


REFUSALS = (  # the narrower class before the wider one
    Refusal(Unauthenticated, grpc.StatusCode.UNAUTHENTICATED, HTTPStatus.UNAUTHORIZED),
    Refusal(Denied, grpc.StatusCode.PERMISSION_DENIED, HTTPStatus.FORBIDDEN),
    Refusal(NotFound, grpc.StatusCode.NOT_FOUND, HTTPStatus.NOT_FOUND),
    Refusal(Conflict, grpc.StatusCode.FAILED_PRECONDITION, HTTPStatus.CONFLICT),
    Refusal(Rejected, grpc.StatusCode.INVALID_ARGUMENT, HTTPStatus.UNPROCESSABLE_ENTITY),
    Refusal(Busy, grpc.StatusCode.UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE),
)
REFUSED = tuple(refusal.error for refusal in REFUSALS)


def refusal_of(error: Exception) -> Refusal:
    """How `error`, which is one of `REFUSED`, is told."""
    return next(refusal for refusal in REFUSALS if isinstance(error, refusal.error))


@asynccontextmanager
async def refusing(context: grpc.aio.ServicerContext[Any, Any]) -> AsyncIterator[None]:
    """What is refused within ends the call with the status that tells the client whether to try again."""
    try:
        yield
    except Busy as error:
        context.set_trailing_metadata((("grpc-status-details-bin", _retry_details(str(error))),))
        await context.abort(refusal_of(error).grpc, str(error))
    except REFUSED as error:
        await context.abort(refusal_of(error).grpc, str(error))


def _retry_details(message: str) -> bytes:
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromSeconds(RETRY_AFTER_SECONDS)
    status = status_pb2.Status(code=grpc.StatusCode.UNAVAILABLE.value[0], message=message)
    status.details.add().Pack(retry)
    return bytes(status.SerializeToString())
