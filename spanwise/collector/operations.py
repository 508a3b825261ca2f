"""What operators ask of a running collector: `CollectorService`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC
from typing import Any, TypeAlias

import grpc

from spanwise.collector.context.policy_file import parse_policy
from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.roles.processing import Processing
from spanwise.collector.roles.rehearsal import Outcome, Rehearsal
from spanwise.v1 import collector_pb2 as wire
from spanwise.v1.collector_pb2_grpc import CollectorServiceServicer

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class OperationsDoor(CollectorServiceServicer):
    """`org_of` says with which organisation's credential a call came."""

    def __init__(
        self, processing: Processing, rehearse: Callable[..., Awaitable[Rehearsal]], org_of: Callable[[Call], str]
    ) -> None:
        self._processing = processing
        self._rehearse = rehearse
        self._org_of = org_of

    async def TestPolicy(self, request: wire.TestPolicyRequest, context: Call) -> wire.TestPolicyResponse:  # noqa: N802
        try:
            since = request.since.ToDatetime(UTC)
            rehearsal = await self._rehearse(parse_policy(request.policy), self._org_of(context), since)
        except Rejected as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except Busy as error:
            await context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        return _rehearsal_to_wire(rehearsal)

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


def _rehearsal_to_wire(rehearsal: Rehearsal) -> wire.TestPolicyResponse:
    return wire.TestPolicyResponse(
        signals=rehearsal.signals,
        records=len({*rehearsal.now, *rehearsal.then}),
        differences=[_difference(key, *pair) for key, pair in rehearsal.differences().items()],
        now=rehearsal.count(rehearsal.now),
        then=rehearsal.count(rehearsal.then),
    )


def _difference(record_id: str, now: Outcome, then: Outcome) -> wire.Difference:
    return wire.Difference(
        record_id=record_id,
        content=then.content or now.content,
        agent=then.scope.agent,
        user=then.scope.user,
        now=now.status,
        then=then.status,
        rule_now=now.rule,
        rule_then=then.rule,
    )
