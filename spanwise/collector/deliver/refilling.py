"""A store that cannot say what it holds is told everything once more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from spanwise.collector.deliver import Change, DownstreamStore, Key
from spanwise.collector.deliver.following import Follower
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.deliver.waiting import BusyFor
from spanwise.collector.errors import Busy, Rejected

CHUNK = 64
"""Records between which the store may be told what is new."""
ATTEMPTS, FIRST_PAUSE_SECONDS = 6, 0.5


async def refill(follower: Follower, log: LogReader, org: str) -> AsyncIterator[int]:
    """Tell the store of each record the last that a new store would be told; gives how many, as it goes on.

    Of one organisation, or of all if `org` is empty. Every change has a new id, or a receiver that knows those it had
    would drop it. What is refused is a dead letter. Raises `Busy` if the store or the log cannot be reached for long,
    and `Rejected` if the store can be compared, and so needs no more than what differs.
    """
    async with follower.open_store() as store:
        if hasattr(store, "mend"):
            better = f"'spanwise deliver verify {follower.name}' finds what differs, and mends it"
            raise Rejected(f"store {follower.name} can say what it holds; {better}")
        fenced = follower.selection.within(org)
        telling = _Telling(follower, log, fenced, store, uuid4().hex)
        async for keys in log.keys(fenced):
            for start in range(0, len(keys), CHUNK):
                yield await telling.told(keys[start : start + CHUNK])


@dataclass(frozen=True, slots=True)
class _Telling:
    follower: Follower
    log: LogReader
    selection: Selection
    store: DownstreamStore
    run: str

    async def told(self, keys: Sequence[Key]) -> int:
        """Of how many of these records. What another process told of them meanwhile is told after that once more."""
        position, told = -1, set[Key]()
        while True:
            async with self.follower.turn:
                reached = await self.store.position()
                changes = await self.log.last_told(keys, reached, self.selection)
                new = [change for change in changes.values() if change.position > position]
                for change in new:
                    await self._again(change)
            told.update(change.key for change in new)
            if not new:
                return len(told)
            position = reached

    async def _again(self, change: Change) -> None:
        named = replace(change, update=replace(change.update, id=f"{change.update.id}-{self.run}"))
        for attempt in range(ATTEMPTS):
            try:
                await self.store.again(named, self.follower.refuse)
            except Busy as error:
                if attempt == ATTEMPTS - 1:
                    raise
                asked = error.seconds if isinstance(error, BusyFor) else 0.0
                await asyncio.sleep(max(asked, FIRST_PAUSE_SECONDS * 2**attempt))
            else:
                return
