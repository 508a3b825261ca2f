"""The log as a store is told it: changes of records, in order, page by page."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spanwise.collector.context.end import LogEnd
from spanwise.collector.context.log import SELECT
from spanwise.collector.context.records import fold
from spanwise.collector.context.rows import TABLE, from_row
from spanwise.collector.deliver import Change, Key
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.model import ContextUpdate, Operation, Record
from spanwise.collector.store import Store

PAGE = 1_000
"""Positions of the log that are read at once."""

# One reading has the page and what its records were before: whoever reads twice may meet an erasure in between.
HISTORIES = f"""
{SELECT} WHERE Position <= {{until:UInt64}} AND (Org, RecordId) IN (
    SELECT Org, RecordId FROM {TABLE}
    WHERE Position > {{after:UInt64}} AND Position <= {{until:UInt64}} AND {{condition}}
) ORDER BY Position
"""
KEYS = f"""
SELECT DISTINCT Org, RecordId FROM {TABLE}
WHERE (Org, RecordId) > ({{org:String}}, {{record:String}}) AND {{condition}}
ORDER BY Org, RecordId LIMIT {{limit:UInt64}}
"""
OF_KEYS = f"{SELECT} WHERE (Org, RecordId) IN {{keys:Array(Tuple(String, String))}} AND Position <= {{until:UInt64}}"


@dataclass(frozen=True, slots=True)
class Page:
    changes: Sequence[Change]
    """In order of position."""
    reached: int
    """The position up to which the log was read."""
    oldest: datetime | None
    """When the first of the changes was learned."""


class LogReader:
    """Reads the log in any process. Every call may raise `Busy`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._end = LogEnd(store)

    async def end(self) -> int:
        """The position of the last update; 0 if the log is empty."""
        return await self._end.position()

    async def page(self, after: int, until: int, selection: Selection) -> Page:
        """The changes after one position and at most up to another; at most `PAGE` positions."""
        reached = min(until, after + PAGE)
        condition, values = selection.condition()
        updates = await self._updates(
            HISTORIES.replace("{condition}", condition), {**values, "after": after, "until": reached}
        )
        changes = await asyncio.to_thread(_changes, updates, after, selection)
        return Page(changes, reached, changes[0].update.at if changes else None)

    async def keys(self, selection: Selection) -> AsyncIterator[Sequence[Key]]:
        """All keys of the log in their order, in pages, whatever became of their records."""
        condition, values = selection.condition()
        sql, after = KEYS.replace("{condition}", condition), Key("", "")
        while rows := await self._store.query(sql, {**values, "org": after.org, "record": after.record, "limit": PAGE}):
            page = [Key(*row) for row in rows]
            yield page
            after = page[-1]

    async def newest(self, keys: Sequence[Key], until: int, selection: Selection) -> Mapping[Key, Change]:
        """The last change of each of these records up to a position, whether or not it is one for the store."""
        return await asyncio.to_thread(_newest, await self._of_keys(keys, until), selection)

    async def last_told(self, keys: Sequence[Key], until: int, selection: Selection) -> Mapping[Key, Change]:
        """The same of the changes that a new store would get; nothing of records that it would never hear of."""
        return await asyncio.to_thread(_last_told, await self._of_keys(keys, until), selection)

    async def _of_keys(self, keys: Sequence[Key], until: int) -> Sequence[ContextUpdate]:
        if not keys:
            return ()
        return await self._updates(f"{OF_KEYS} ORDER BY Position", {"keys": list(keys), "until": until})

    async def _updates(self, sql: str, values: Mapping[str, object]) -> Sequence[ContextUpdate]:
        rows = await self._store.query(sql, values)
        return await asyncio.to_thread(lambda: [from_row(row) for row in rows])


def _changes(updates: Iterable[ContextUpdate], after: int, selection: Selection) -> Sequence[Change]:
    found = [change for history in _histories(updates).values() for change in _of_record(history, after, selection)]
    return sorted(found, key=lambda change: change.position)


def _newest(updates: Iterable[ContextUpdate], selection: Selection) -> Mapping[Key, Change]:
    return {key: _change(history[-1], _held(history, selection)) for key, history in _histories(updates).items()}


def _last_told(updates: Iterable[ContextUpdate], selection: Selection) -> Mapping[Key, Change]:
    told = {key: list(_of_record(history, 0, selection)) for key, history in _histories(updates).items()}
    return {key: changes[-1] for key, changes in told.items() if changes}


def _histories(updates: Iterable[ContextUpdate]) -> Mapping[Key, list[ContextUpdate]]:
    histories: dict[Key, list[ContextUpdate]] = defaultdict(list)
    for update in updates:
        histories[Key(update.scope.org, update.record_id)].append(update)
    return histories


def _of_record(history: Sequence[ContextUpdate], after: int, selection: Selection) -> Iterable[Change]:
    """What the page's updates of one record make of it, as far as the store has, or had, to do with it."""
    known = sum(update.position <= after for update in history)
    before = _held(history[:known], selection)
    for number in range(known, len(history)):
        update, held = history[number], _held(history[: number + 1], selection)
        if held or before or _last_tombstone(history, number):
            yield _change(update, held)
        before = held


def _held(history: Sequence[ContextUpdate], selection: Selection) -> Record | None:
    return next((record for record in fold(history) if selection.holds(record)), None)


def _last_tombstone(history: Sequence[ContextUpdate], number: int) -> bool:
    """All updates of an erased record are tombstones, and one tells the store enough."""
    erased = history[number].operation is Operation.ERASE
    return erased and not any(later.operation is Operation.ERASE for later in history[number + 1 :])


def _change(update: ContextUpdate, record: Record | None) -> Change:
    return Change(replace(update, evidence=()), replace(record, evidence=()) if record else None)
