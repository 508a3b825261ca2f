"""The gRPC door to the context: `ContextService`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import grpc

from spanwise.collector.context import wire as translate
from spanwise.collector.context.desk import ContextDesk, NotFound
from spanwise.collector.context.people import People
from spanwise.collector.context.reach import Reach
from spanwise.collector.context.story import APPLICATION, PERSON
from spanwise.collector.context.watch import Watchers
from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.model import Record, Scope
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceServicer

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
LIMIT = 1_000
QUEUE = 100


class ContextDoor(ContextServiceServicer):
    """`org_of` says with which organisation's credential a call came."""

    def __init__(
        self, desk: ContextDesk, watchers: Watchers, org_of: Callable[[Call], str], people: People | None = None
    ) -> None:
        self._desk = desk
        self._watchers = watchers
        self._org_of = org_of
        self._others = people

    async def Get(self, request: wire.GetRequest, context: Call) -> wire.GetResponse:
        async with _refusing(context):
            scope = self._scope(request.scope, context)
            as_of = translate.time_from_wire(request.as_of) if request.HasField("as_of") else None
            answer = await self._desk.get(scope, include_proposed=request.include_proposed, as_of=as_of)
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
        async with _refusing(context):
            scope = self._scope(request.scope, context)
            after = translate.position_from_wire(request.after_position)
            reach = Reach.AROUND if request.include_narrower else Reach.COVERING
            await context.send_initial_metadata(())  # a client need not wait for an update to know that it is served
            async for update in self._watchers.watch(scope, after, reach):
                yield translate.update_to_wire(update)

    async def Remember(self, request: wire.RememberRequest, context: Call) -> wire.RememberResponse:
        async with _refusing(context):
            scope = self._scope(request.scope, context)
            producer = _producer(request.person, APPLICATION)
            record = await self._desk.remember(scope, request.content, producer=producer, reason=request.reason)
            return wire.RememberResponse(record=translate.record_to_wire(record))

    async def Forget(self, request: wire.ForgetRequest, context: Call) -> wire.ForgetResponse:
        async with _refusing(context):
            return wire.ForgetResponse(records=_records(await self._forget(request, context)))

    async def List(self, request: wire.ListRequest, context: Call) -> wire.ListResponse:
        async with _refusing(context):
            scope = self._scope(request.scope, context)
            statuses = {translate.status_from_wire(status) for status in request.statuses}
            records = await self._desk.records(scope, statuses, request.limit or LIMIT)
            return wire.ListResponse(records=_records(records))

    async def History(self, request: wire.HistoryRequest, context: Call) -> wire.HistoryResponse:
        async with _refusing(context):
            updates = await self._desk.history(self._org_of(context), request.record_id)
            return wire.HistoryResponse(updates=[translate.update_to_wire(update) for update in updates])

    async def Explain(self, request: wire.ExplainRequest, context: Call) -> wire.ExplainResponse:
        async with _refusing(context):
            explanation = await self._desk.explain(self._org_of(context), request.record_id)
            return wire.ExplainResponse(
                record=translate.record_to_wire(explanation.record),
                updates=[translate.update_to_wire(update) for update in explanation.updates],
                evidence=[translate.evidence_to_wire(item) for item in explanation.evidence],
            )

    async def Approve(self, request: wire.ApproveRequest, context: Call) -> wire.ApproveResponse:
        async with _refusing(context):
            org, producer = self._org_of(context), _producer(request.person, PERSON)
            record = await self._desk.approve(org, request.record_id, producer=producer, reason=request.reason)
            return wire.ApproveResponse(record=translate.record_to_wire(record))

    async def Reject(self, request: wire.RejectRequest, context: Call) -> wire.RejectResponse:
        async with _refusing(context):
            org, producer = self._org_of(context), _producer(request.person, PERSON)
            record = await self._desk.reject(org, request.record_id, producer=producer, reason=request.reason)
            return wire.RejectResponse(record=translate.record_to_wire(record))

    async def Edit(self, request: wire.EditRequest, context: Call) -> wire.EditResponse:
        async with _refusing(context):
            org, who = self._org_of(context), _producer(request.person, PERSON)
            record = await self._desk.edit(org, request.record_id, request.content, producer=who, reason=request.reason)
            return wire.EditResponse(record=translate.record_to_wire(record))

    async def Review(self, request: wire.ReviewRequest, context: Call) -> wire.ReviewResponse:
        async with _refusing(context):
            queue = await self._desk.queue(self._scope(request.scope, context), request.limit or QUEUE)
            return wire.ReviewResponse(items=map(translate.review_to_wire, queue.items), waiting=queue.waiting)

    async def Decide(self, request: wire.DecideRequest, context: Call) -> wire.DecideResponse:
        async with _refusing(context):
            org, who = self._org_of(context), _producer(request.person, PERSON)
            return wire.DecideResponse(decided=[await self._decide(org, who, one) for one in request.decisions])

    async def Rates(self, request: wire.RatesRequest, context: Call) -> wire.RatesResponse:  # noqa: ARG002
        async with _refusing(context):
            found = await self._people.rates(self._org_of(context))
            rates = [
                wire.Rate(detector=one.detector, approved=one.approved, edited=one.edited, rejected=one.rejected)
                for one in found
            ]
            return wire.RatesResponse(rates=rates)

    async def SetConsent(self, request: wire.SetConsentRequest, context: Call) -> wire.SetConsentResponse:
        async with _refusing(context):
            consent = translate.consent_from_wire(request.consent)
            who = _producer(request.person, APPLICATION)
            await self._people.set_consent(self._org_of(context), request.user, consent, who)
            return wire.SetConsentResponse(consent=request.consent)

    async def GetConsent(self, request: wire.GetConsentRequest, context: Call) -> wire.GetConsentResponse:
        async with _refusing(context):
            consent, since = await self._people.consent(self._org_of(context), request.user)
            stamp = translate.timestamp(since) if since else None
            return wire.GetConsentResponse(consent=translate.CONSENTS[consent], since=stamp)

    async def Erase(self, request: wire.EraseRequest, context: Call) -> wire.EraseResponse:
        async with _refusing(context):
            target = translate.target_from_wire(request, self._org_of(context))
            receipt = await self._people.erase(target, _producer(request.person, APPLICATION), request.reason)
            return wire.EraseResponse(receipt=receipt)

    async def VerifyErasure(self, request: wire.VerifyErasureRequest, context: Call) -> wire.VerifyErasureResponse:
        async with _refusing(context):
            findings = await self._people.verify(self._org_of(context), request.receipt)
            return wire.VerifyErasureResponse(verified=not findings, findings=findings)

    @property
    def _people(self) -> People:
        if self._others is None:
            raise Rejected("this server has no store to erase from, and keeps neither consents nor reviews")
        return self._others

    async def _decide(self, org: str, who: str, decision: wire.Decision) -> wire.Decided:
        try:
            record = await self._desk.decide(
                *(org, decision.record_id, translate.verdict_from_wire(decision.verdict), decision.content),
                producer=who,
                reason=decision.reason,
            )
        except Rejected as error:
            return wire.Decided(record_id=decision.record_id, refused=str(error))
        return wire.Decided(record_id=decision.record_id, record=translate.record_to_wire(record))

    async def _forget(self, request: wire.ForgetRequest, context: Call) -> Sequence[Record]:
        scope, who, why = self._scope(request.scope, context), _producer(request.person, APPLICATION), request.reason
        match request.WhichOneof("what"):
            case "record_id":
                return await self._desk.forget_record(scope, request.record_id, producer=who, reason=why)
            case "content":
                return await self._desk.forget_content(scope, request.content, producer=who, reason=why)
            case "everything" if request.everything:
                return await self._desk.forget_user(scope, producer=who, reason=why)
        raise Rejected("what: one of record_id, content and everything = true must say what is to be forgotten")

    def _scope(self, scope: wire.Scope, context: Call) -> Scope:
        """The scope of the request, in the caller's organisation."""
        org = self._org_of(context)
        if scope.org not in ("", org):
            raise PermissionError(f"scope.org: {scope.org!r} is not the organisation of this call's credential")
        return Scope(scope.agent, org, scope.user)


@asynccontextmanager
async def _refusing(context: Call) -> AsyncIterator[None]:
    """What is refused within ends the call with the status that tells the client whether to try again."""
    try:
        yield
    except PermissionError as error:
        await context.abort(grpc.StatusCode.PERMISSION_DENIED, str(error))
    except NotFound as error:
        await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
    except Rejected as error:
        await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
    except Busy as error:
        await context.abort(grpc.StatusCode.UNAVAILABLE, str(error))


def _producer(person: str, otherwise: str) -> str:
    return f"{PERSON}:{person}" if person else otherwise


def _records(records: Sequence[Record]) -> Sequence[wire.Record]:
    return [translate.record_to_wire(record) for record in records]
