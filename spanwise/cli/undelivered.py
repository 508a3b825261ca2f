"""Dead letters of downstream stores: updates that a store could never take."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from spanwise.cli.connection import doors
from spanwise.collector.settings import Settings
from spanwise.v1 import delivery_pb2 as wire
from spanwise.v1.delivery_pb2_grpc import DeliveryServiceStub


def undelivered(settings: Settings) -> Sequence[wire.Undelivered]:
    """Of every organisation; none if there are no downstream stores."""
    return asyncio.run(_undelivered(settings)) if settings.deliver.stores else ()


def redelivered(settings: Settings, ids: Sequence[str]) -> Sequence[str]:
    """Deliver these once more; the ids of those that were taken."""
    return asyncio.run(_redelivered(settings, ids))


def undelivered_row(one: wire.Undelivered) -> dict[str, Any]:
    """With the keys of every dead letter's row."""
    return {"id": one.id, "part": one.record_id, "bytes": 0, "group": f"deliver {one.store}", "reason": one.reason}


async def _undelivered(settings: Settings) -> Sequence[wire.Undelivered]:
    found: list[wire.Undelivered] = []
    for org in _organisations(settings):
        async with doors(settings, org) as opened:
            service = DeliveryServiceStub(opened.channel)
            answer = await service.ListUndelivered(wire.ListUndeliveredRequest(), metadata=opened.metadata)
            found += answer.undelivered
    return found


async def _redelivered(settings: Settings, ids: Sequence[str]) -> Sequence[str]:
    taken: list[str] = []
    for org in _organisations(settings):
        mine = [one.id for one in await _undelivered(settings) if one.id in ids and org in ("", one.organisation)]
        async with doors(settings, org) as opened:
            service = DeliveryServiceStub(opened.channel)
            if mine:
                answer = await service.Redeliver(wire.RedeliverRequest(ids=mine), metadata=opened.metadata)
                taken += answer.delivered
    return taken


def _organisations(settings: Settings) -> Sequence[str]:
    """Where credentials are configured, each sees its own; without any, one sees all."""
    return sorted({one.org for one in settings.receive.every_credential}) or [""]
