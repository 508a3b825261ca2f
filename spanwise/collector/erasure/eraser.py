"""Erases: first nothing new may come of it, then it is taken out everywhere, then that is looked at again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from spanwise.collector.bus import Kept
from spanwise.collector.context.admission import evidence_id
from spanwise.collector.context.decisions import erasing
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.records import fold
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.erasure.receipt import Receipt, parse_receipt
from spanwise.collector.erasure.remove import (
    DELETES,
    files_removed,
    leave_tombstones,
    mark_traces,
    outdated_parts,
    remove_evidence,
    remove_lines,
    remove_rows,
)
from spanwise.collector.erasure.retelling import retold
from spanwise.collector.erasure.targets import Target, What, concerns, traces_of
from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.model import ContextUpdate, Evidence, Origin
from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of

COLUMNS = ("Org", "What", "Id", "Receipt", "At")
ERASED_TRACES = "SELECT Id FROM erased WHERE Receipt = {receipt:String} AND What = 'trace'"
SIGNALS = f"SELECT ConversationId, TraceId, Quote FROM signals FINAL WHERE {DELETES['signals']}"
CONCERNED = f"""
SELECT DISTINCT RecordId FROM context_updates WHERE Org = {{org:String}} AND (
    ({{user:String}} != '' AND (UserId = {{user:String}} OR position(Evidence, {{user:String}}) > 0)) OR {{all:Bool}}
    OR hasAny(extractAll(Evidence, '"trace_id": ?"([0-9a-f]+)"'), (SELECT groupArray(Id) FROM ({ERASED_TRACES}))))
"""
LEFT = """
SELECT count() FROM context_updates
WHERE Org = {org:String} AND RecordId IN {records:Array(String)} AND Operation = 'erase'
  AND (Content != '' OR Evidence != '[]')
"""
ROUNDS = 3
"""What is being processed meanwhile may still write; it finds what is erased the next time it looks."""


class Eraser:
    """`after` is called when something was erased, so that no cache goes on telling it.

    `retention` says for how long topics of the bus keep what was sent: there nothing can be erased, only waited for.
    """

    def __init__(
        self,
        store: Store,
        log: ContextLog,
        erased: ErasedTraces,
        clock: Callable[[], datetime],
        after: Callable[[], None],
        retention: Callable[[], Awaitable[Mapping[str, Kept]]],
    ) -> None:
        self._store = store
        self._log = log
        self._erased = erased
        self._clock = clock
        self._after = after
        self._retention = retention

    async def erase(self, target: Target, *, by: str, reason: str = "") -> Receipt:
        """Return once nothing of the target is left in the store or its files. May be asked for again after Busy."""
        history = await self._log.history(target.org, target.id) if target.what is What.RECORD else ()
        if target.what is What.RECORD and not history:
            raise Rejected(f"organisation {target.org!r} has no record {target.id!r}")
        condition, selection = traces_of(target, history)
        user = target.id if target.what is What.USER else ""
        every = target.what is What.ORGANISATION
        parameters = {**selection, "receipt": uuid4().hex, "user": user, "all": every}
        traces = await mark_traces(self._store, condition, parameters)
        await self._erased.refresh(now=True)
        records, evidence = await self._records(target, parameters, by, reason)
        told = await remove_lines(self._store, parameters, records)
        removed = await self._rows(parameters)
        await files_removed(self._store)
        counts = {
            "traces": traces,
            "spans": removed["otel_traces"],
            "signals": removed["signals"],
            "records": len(records),
            "evidence": evidence,
            "told": told,
        }
        return await self._receipt(target, parameters["receipt"], counts, records, by, reason)

    async def verify(self, org: str, text: str) -> Sequence[str]:
        """What is not as the receipt says; empty if all is. Raises Rejected for what is no receipt of `org`."""
        receipt = parse_receipt(text)
        if receipt.organisation != org:
            raise Rejected("receipt: it is another organisation's")
        return [finding async for finding in self._findings(receipt)]

    async def _records(
        self, target: Target, parameters: dict[str, Any], by: str, reason: str
    ) -> tuple[Sequence[str], int]:
        """Tombstones for the records that are the target's or rest on nothing else; less evidence for the others."""
        ids = {record for (record,) in await self._store.query(CONCERNED, parameters)}
        if target.what is What.RECORD:
            ids.add(target.id)
        histories = {record: await self._log.history(target.org, record) for record in sorted(ids)}
        erased_traces = {trace for (trace,) in await self._store.query(ERASED_TRACES, parameters)}

        def is_erased(item: Evidence) -> bool:
            return item.trace_id in erased_traces or (target.what is What.USER and item.user == target.id)

        whole = [
            record
            for record, updates in histories.items()
            if any(concerns(target, one) for one in updates) or _rests_on(updates, is_erased)
        ]
        gone = [item for record in whole for one in histories[record] for item in one.evidence]
        partly = [one for record, updates in histories.items() if record not in whole for one in updates]
        lessened = [one for one in partly if any(map(is_erased, one.evidence))]
        gone += [item for one in lessened for item in one.evidence if is_erased(item)]
        gone += await self._of_signals(parameters)
        await self._remember(target.org, whole, gone, parameters["receipt"])
        tombstones = [erasing(one, by, reason) for record in whole for one in fold(histories[record])]
        await self._log.append(tombstones)
        if whole:
            await leave_tombstones(self._store, parameters)
        shared = sorted({one.record_id for one in lessened})
        told = [one for record in shared for one in retold(histories[record], is_erased, by, reason)]
        await self._log.append(told)
        told_now = {record: await self._log.history(target.org, record) for record in shared}
        await remove_evidence(self._store, target.org, lessened, erased_traces, parameters["user"])
        # What no decision says, such as the confidence, is different only now.
        await self._log.append([one for history in told_now.values() for one in retold(history, is_erased, by, reason)])
        self._after()
        return whole, sum(is_erased(item) for one in lessened for item in one.evidence)

    async def _of_signals(self, parameters: dict[str, Any]) -> Sequence[Evidence]:
        rows = await self._store.query(SIGNALS, parameters)
        return [Evidence(quote, Origin.USER, conversation, trace, "") for conversation, trace, quote in rows]

    async def _remember(self, org: str, records: Iterable[str], evidence: Iterable[Evidence], receipt: str) -> None:
        now = self._clock()
        digests = sorted({evidence_id(org, item) for item in evidence})
        rows = [(org, "record", one, receipt, now) for one in records]
        rows += [(org, "evidence", one, receipt, now) for one in digests]
        if rows:
            await self._store.insert(block_of("erased", COLUMNS, rows), f"erased:{receipt}")
            await self._log.known.knowledge(now=True)

    async def _rows(self, parameters: dict[str, Any]) -> dict[str, int]:
        total = dict.fromkeys(DELETES, 0)
        for _ in range(ROUNDS):
            removed = await remove_rows(self._store, parameters)
            if not any(removed.values()):
                return total
            total = {table: total[table] + rows for table, rows in removed.items()}
        raise Busy("what is erased is being written again; ask again in a moment")

    async def _receipt(
        self, target: Target, receipt_id: str, counts: dict[str, int], records: Sequence[str], by: str, reason: str
    ) -> Receipt:
        now = self._clock()
        places = {
            "store": "rows deleted, the files that held them removed",
            "log": "updates of the records replaced by tombstones without content",
            "downstream stores": f"{len(records)} tombstones in the log, which each of them follows",
        }
        for topic, kept in (await self._retention()).items():
            places[f"topic {topic} of the bus"] = _told(kept, now)
        receipt = Receipt(
            receipt_id, target.org, target.what, target.id, now.isoformat(), by, reason, counts, tuple(records), places
        )
        row = (receipt.id, target.org, receipt.digest, now)
        await self._store.insert(block_of("receipts", ("Id", "Org", "Digest", "At"), [row]), f"receipt:{receipt.id}")
        return receipt

    async def _findings(self, receipt: Receipt) -> Any:
        parameters: dict[str, Any] = {"org": receipt.organisation, "receipt": receipt.id, "user": "", "all": False}
        known = await self._store.query(
            "SELECT Digest FROM receipts FINAL WHERE Org = {org:String} AND Id = {receipt:String}", parameters
        )
        if not known:
            yield "this store never gave out such a receipt"
        elif known != [(receipt.digest,)]:
            yield "the receipt was changed after it was given out"
        for table, condition in DELETES.items():
            ((rows,),) = await self._store.query(f"SELECT count() FROM {table} WHERE {condition}", parameters)
            if rows:
                yield f"{table} has {rows:,} rows of erased traces"
        ((left,),) = await self._store.query(LEFT, {**parameters, "records": list(receipt.records)})
        if left:
            yield f"context_updates has {left:,} updates of erased records with content"
        if await outdated_parts(self._store):
            await files_removed(self._store)


def _told(kept: Kept, now: datetime) -> str:
    if kept.longest is None:
        return "may have it for ever: its retention is not limited"
    end = (now + kept.longest).isoformat(timespec="seconds")
    then = ", then drops it once its partition is written to" if kept.until_written else ", then drops it"
    return f"may have it until {end}{then}"


def _rests_on(updates: Sequence[ContextUpdate], is_erased: Callable[[Evidence], bool]) -> bool:
    """True if there was evidence for the record, and none is left."""
    evidence = [item for one in updates for item in one.evidence if not one.superseded_by]
    return bool(evidence) and all(map(is_erased, evidence))
