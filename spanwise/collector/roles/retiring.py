"""Retires the records that the policy keeps no longer, because nothing confirmed them for so long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policy import Policy
from spanwise.collector.errors import Busy
from spanwise.collector.model import ContextUpdate, Operation, Record, RecordKind, Status
from spanwise.collector.store import Store
from spanwise.processors import derive_id, update

PRODUCER = "retention"
VERSION = "1"
OLD = """
SELECT RecordId, any(Org) FROM context_updates WHERE Kind = {kind:String} GROUP BY RecordId
HAVING max(At) < {before:DateTime64(6, 'UTC')} AND argMax(Status, Position) IN ('active', 'proposed', 'noted')
LIMIT 1000
"""


async def retiring(store: Store, log: ContextLog, seconds: float, clock: Callable[[], datetime]) -> None:
    """Look every so many seconds, until cancelled."""
    while True:
        try:
            while await retire(store, log, clock()):
                pass
        except Busy:
            pass
        await asyncio.sleep(seconds)


async def retire(store: Store, log: ContextLog, now: datetime) -> Sequence[ContextUpdate]:
    """Return, once they are in the log, retractions of records past their retention, at most some thousand."""
    old = [record for kind in RecordKind for record in await _past(store, log, kind, now)]
    return await log.append([_retraction(record, log.policy, now) for record in old])


async def _past(store: Store, log: ContextLog, kind: RecordKind, now: datetime) -> Sequence[Record]:
    kept = log.policy.retention_of(kind)
    if kept is None:
        return ()
    rows = await store.query(OLD, {"kind": kind, "before": now - kept})
    return [record for record_id, org in rows for record in await log.record(org, record_id)]


def _retraction(record: Record, policy: Policy, now: datetime) -> ContextUpdate:
    retraction = update(
        Operation.RETRACT,
        record_id=record.id,
        kind=record.kind,
        scope=record.scope,
        content=record.content,
        status=Status.RETIRED,
        intent=record.intent,
        confidence=1.0,
        evidence=(),
        producer=PRODUCER,
        version=VERSION,
        reason=f"nothing confirmed it for {policy.retention_of(record.kind)}, as long as {policy.id} keeps it",
        subject=record.subject,
        valid_from=now,
    )
    return replace(retraction, id=derive_id(retraction.id, str(record.position)))
