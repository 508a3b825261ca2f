"""The gRPC door to the context: `ContextService`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeAlias

import grpc

from spanwise.collector.context import wire as translate
from spanwise.collector.context.fenced import FencedDesk, Forgetting
from spanwise.collector.context.reviewing import Verdict
from spanwise.collector.errors import Rejected
from spanwise.collector.model import Record
from spanwise.collector.refusals import refusing
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceServicer

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class ContextDoor(ContextServiceServicer):
    """`desk_of` gives the desk as the caller may use it; raises Unauthenticated."""

    def __init__(self, desk_of: Callable[[Call], FencedDesk]) -> None:
        self._desk_of = desk_of

    async def Get(self, request: wire.GetRequest, context: Call) -> wire.GetResponse:
        async with refusing(context):
            answer = await self._desk_of(context).get(
                translate.scope_from_wire(request.scope),
                include_proposed=request.include_proposed,
                as_of=translate.time_from_wire(request.as_of) if request.HasField("as_of") else None,
            )
            return wire.GetResponse(
                records=_records(answer.records),
                prompt_section=answer.prompt_section,
                position=translate.position_to_wire(answer.position),
                overridden=[
                    wire.Overridden(record=translate.record_to_wire(one.record), by=one.by.id)
                    for one in answer.overridden
                ],
                left_out=[record.id for record in answer.left_out],
            )

    async def Watch(self, request: wire.WatchRequest, context: Call) -> AsyncIterator[wire.ContextUpdate]:
        async with refusing(context):
            updates = self._desk_of(context).watch(
                translate.scope_from_wire(request.scope),
                translate.position_from_wire(request.after_position),
                include_narrower=request.include_narrower,
            )
            await context.send_initial_metadata(())  # a client need not wait for an update to know that it is served
            async for update in updates:
                yield translate.update_to_wire(update)

    async def Remember(self, request: wire.RememberRequest, context: Call) -> wire.RememberResponse:
        async with refusing(context):
            scope = translate.scope_from_wire(request.scope)
            desk = self._desk_of(context)
            record = await desk.remember(scope, request.content, request.person, request.reason)
            return wire.RememberResponse(record=translate.record_to_wire(record))

    async def Forget(self, request: wire.ForgetRequest, context: Call) -> wire.ForgetResponse:
        async with refusing(context):
            scope = translate.scope_from_wire(request.scope)
            what = Forgetting(request.record_id, request.content, request.everything)
            forgotten = await self._desk_of(context).forget(scope, what, request.person, request.reason)
            return wire.ForgetResponse(records=_records(forgotten))

    async def List(self, request: wire.ListRequest, context: Call) -> wire.ListResponse:
        async with refusing(context):
            statuses = {translate.status_from_wire(status) for status in request.statuses}
            scope = translate.scope_from_wire(request.scope)
            return wire.ListResponse(
                records=_records(await self._desk_of(context).records(scope, statuses, request.limit))
            )

    async def History(self, request: wire.HistoryRequest, context: Call) -> wire.HistoryResponse:
        async with refusing(context):
            updates = await self._desk_of(context).history(request.record_id)
            return wire.HistoryResponse(updates=map(translate.update_to_wire, updates))

    async def Explain(self, request: wire.ExplainRequest, context: Call) -> wire.ExplainResponse:
        async with refusing(context):
            explanation = await self._desk_of(context).explain(request.record_id)
            return wire.ExplainResponse(
                record=translate.record_to_wire(explanation.record),
                updates=map(translate.update_to_wire, explanation.updates),
                evidence=map(translate.evidence_to_wire, explanation.evidence),
            )

    async def Approve(self, request: wire.ApproveRequest, context: Call) -> wire.ApproveResponse:
        async with refusing(context):
            desk, who = self._desk_of(context), (request.person, request.reason)
            record = await desk.decide(request.record_id, Verdict.APPROVE, "", *who)
            return wire.ApproveResponse(record=translate.record_to_wire(record))

    async def Reject(self, request: wire.RejectRequest, context: Call) -> wire.RejectResponse:
        async with refusing(context):
            desk, who = self._desk_of(context), (request.person, request.reason)
            record = await desk.decide(request.record_id, Verdict.REJECT, "", *who)
            return wire.RejectResponse(record=translate.record_to_wire(record))

    async def Edit(self, request: wire.EditRequest, context: Call) -> wire.EditResponse:
        async with refusing(context):
            desk, who = self._desk_of(context), (request.person, request.reason)
            record = await desk.decide(request.record_id, Verdict.EDIT, request.content, *who)
            return wire.EditResponse(record=translate.record_to_wire(record))

    async def Review(self, request: wire.ReviewRequest, context: Call) -> wire.ReviewResponse:
        async with refusing(context):
            queue = await self._desk_of(context).queue(translate.scope_from_wire(request.scope), request.limit)
            return wire.ReviewResponse(items=map(translate.review_to_wire, queue.items), waiting=queue.waiting)

    async def Decide(self, request: wire.DecideRequest, context: Call) -> wire.DecideResponse:
        async with refusing(context):
            desk = self._desk_of(context)
            return wire.DecideResponse(decided=[await _decided(desk, one, request.person) for one in request.decisions])

    async def Rates(self, request: wire.RatesRequest, context: Call) -> wire.RatesResponse:  # noqa: ARG002
        async with refusing(context):
            found = await self._desk_of(context).rates()
            rates = [
                wire.Rate(detector=one.detector, approved=one.approved, edited=one.edited, rejected=one.rejected)
                for one in found
            ]
            return wire.RatesResponse(rates=rates)

    async def SetConsent(self, request: wire.SetConsentRequest, context: Call) -> wire.SetConsentResponse:
        async with refusing(context):
            consent = translate.consent_from_wire(request.consent)
            await self._desk_of(context).set_consent(request.user, consent, request.person)
            return wire.SetConsentResponse(consent=request.consent)

    async def GetConsent(self, request: wire.GetConsentRequest, context: Call) -> wire.GetConsentResponse:
        async with refusing(context):
            consent, since = await self._desk_of(context).consent(request.user)
            stamp = translate.timestamp(since) if since else None
            return wire.GetConsentResponse(consent=translate.CONSENTS[consent], since=stamp)

    async def Erase(self, request: wire.EraseRequest, context: Call) -> wire.EraseResponse:
        async with refusing(context):
            what, id_ = translate.target_from_wire(request)
            receipt = await self._desk_of(context).erase(what, id_, request.person, request.reason)
            return wire.EraseResponse(receipt=receipt)

    async def VerifyErasure(self, request: wire.VerifyErasureRequest, context: Call) -> wire.VerifyErasureResponse:
        async with refusing(context):
            findings = await self._desk_of(context).verify(request.receipt)
            return wire.VerifyErasureResponse(verified=not findings, findings=findings)


async def _decided(desk: FencedDesk, decision: wire.Decision, person: str) -> wire.Decided:
    try:
        verdict = translate.verdict_from_wire(decision.verdict)
        record = await desk.decide(decision.record_id, verdict, decision.content, person, decision.reason)
    except Rejected as error:
        return wire.Decided(record_id=decision.record_id, refused=str(error))
    return wire.Decided(record_id=decision.record_id, record=translate.record_to_wire(record))


def _records(records: Sequence[Record]) -> Sequence[wire.Record]:
    return [translate.record_to_wire(record) for record in records]
