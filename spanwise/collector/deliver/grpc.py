"""What operators ask about downstream stores: `DeliveryService`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

import grpc

from spanwise.collector.access import Caller
from spanwise.collector.deliver.delivery import Deliveries, Standing
from spanwise.collector.deliver.letters import Letter
from spanwise.collector.deliver.verifying import Compared
from spanwise.collector.refusals import refusing
from spanwise.v1 import delivery_pb2 as wire
from spanwise.v1.delivery_pb2_grpc import DeliveryServiceServicer

Call: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DeliveryDoor(DeliveryServiceServicer):
    """`fenced`: a call sees the records of its own organisation alone, because credentials tell them apart."""

    def __init__(self, deliveries: Deliveries, caller_of: Callable[[Call], Caller], *, fenced: bool) -> None:
        self._deliveries = deliveries
        self._caller_of = caller_of
        self._fenced = fenced

    async def ListStores(self, request: wire.ListStoresRequest, context: Call) -> wire.ListStoresResponse:  # noqa: ARG002
        async with refusing(context):
            self._fence(context)
            return wire.ListStoresResponse(stores=[_store(one) for one in await self._deliveries.standings()])

    async def VerifyStore(
        self, request: wire.VerifyStoreRequest, context: Call
    ) -> AsyncIterator[wire.VerifyStoreProgress]:
        async with refusing(context):
            fence = self._fence(context)
            async for compared in self._deliveries.verify(request.name, fence, mend=request.mend):
                yield _progress(compared)

    async def RefillStore(
        self, request: wire.RefillStoreRequest, context: Call
    ) -> AsyncIterator[wire.RefillStoreProgress]:
        async with refusing(context):
            async for told in self._deliveries.refill(request.name, self._fence(context)):
                yield wire.RefillStoreProgress(records=told)

    async def ListUndelivered(
        self,
        request: wire.ListUndeliveredRequest,  # noqa: ARG002
        context: Call,
    ) -> wire.ListUndeliveredResponse:
        async with refusing(context):
            letters = await self._deliveries.undelivered(self._fence(context))
            return wire.ListUndeliveredResponse(undelivered=map(_undelivered, letters))

    async def Redeliver(self, request: wire.RedeliverRequest, context: Call) -> wire.RedeliverResponse:
        async with refusing(context):
            delivered = await self._deliveries.redeliver(request.ids, self._fence(context))
            return wire.RedeliverResponse(delivered=[letter.id for letter in delivered])

    def _fence(self, context: Call) -> str:
        org = self._caller_of(context).unbound("looking after downstream stores")
        return org if self._fenced else ""


def _store(standing: Standing) -> wire.Store:
    return wire.Store(
        name=standing.name,
        kind=standing.kind,
        position=standing.position,
        behind=standing.behind,
        seconds_behind=standing.seconds_behind,
        error=standing.error,
    )


def _progress(compared: Compared) -> wire.VerifyStoreProgress:
    differences = [
        wire.StoreDifference(organisation=one.key.org, record_id=one.key.record, what=one.what, fields=one.fields)
        for one in compared.differences
    ]
    return wire.VerifyStoreProgress(records=compared.records, differences=differences)


def _undelivered(letter: Letter) -> wire.Undelivered:
    message = wire.Undelivered(
        id=letter.id,
        store=letter.store,
        organisation=letter.key.org,
        record_id=letter.key.record,
        update_id=letter.update,
        reason=letter.reason,
    )
    message.at.FromDatetime(letter.at)
    return message
