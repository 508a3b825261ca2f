"""What operators ask of a running collector: `CollectorService`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC
from typing import Any, TypeAlias

import grpc

from spanwise.collector.access import Caller
from spanwise.collector.context.policy_file import parse_policy
from spanwise.collector.refusals import refusing
from spanwise.collector.roles.processing import Processing
from spanwise.collector.roles.rehearsal import Outcome, Rehearsal
from spanwise.v1 import collector_pb2 as wire
from spanwise.v1.collector_pb2_grpc import CollectorServiceServicer

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class OperationsDoor(CollectorServiceServicer):
    """`caller_of` says whose credential a call carries: one that is bound to a user or an agent operates nothing."""

    def __init__(
        self, processing: Processing, rehearse: Callable[..., Awaitable[Rehearsal]], caller_of: Callable[[Call], Caller]
    ) -> None:
        self._processing = processing
        self._rehearse = rehearse
        self._caller_of = caller_of

    async def TestPolicy(self, request: wire.TestPolicyRequest, context: Call) -> wire.TestPolicyResponse:  # noqa: N802
        async with refusing(context):
            org = self._caller_of(context).unbound("trying a policy")
            rehearsal = await self._rehearse(parse_policy(request.policy), org, request.since.ToDatetime(UTC))
            return _rehearsal_to_wire(rehearsal)

    async def Replay(self, request: wire.ReplayRequest, context: Call) -> AsyncIterator[wire.ReplayProgress]:  # noqa: N802 (gRPC names it)
        async with refusing(context):
            org = self._caller_of(context).unbound("replaying")
            async for progress in self._processing.replay(org, request.since.ToDatetime()):
                yield wire.ReplayProgress(
                    traces_total=progress.traces_total,
                    traces_done=progress.traces_done,
                    signals_new=progress.signals_new,
                    updates_new=progress.updates_new,
                )


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
