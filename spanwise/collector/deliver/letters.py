"""What stores can never take. The log still has it, so a letter only says which update it was, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from spanwise.collector.deliver import Key, Refusal
from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of, utc

COLUMNS = ("Store", "Org", "RecordId", "UpdateId", "Position", "Reason", "Settled", "At")
UNSETTLED = "SELECT Store, Org, RecordId, UpdateId, Position, Reason, At FROM undelivered FINAL WHERE NOT Settled"
MOST_CHARACTERS = 500
"""Of a reason."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A change that a store refused."""

    store: str
    key: Key
    update: str
    """The id of the update."""
    position: int
    reason: str
    at: datetime

    @property
    def id(self) -> str:
        return f"{self.store}/{self.position}"


class Letters:
    """On the store, so that they outlast the process whatever the bus is. Every call may raise `Busy`."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def refuse(self, store: str, refusals: Sequence[Refusal]) -> None:
        """Return once the letters are durable. The same refusal again is one letter."""
        if refusals:
            now = self._clock()
            letters = [_letter(store, one, now) for one in refusals]
            await self._write(letters, settled=False)

    async def unsettled(self) -> Sequence[Letter]:
        """By store, and in order of position."""
        rows = await self._store.query(f"{UNSETTLED} ORDER BY Store, Position")
        return [
            Letter(store, Key(org, record), update, int(position), reason, utc(at))
            for store, org, record, update, position, reason, at in rows
        ]

    async def settle(self, letters: Sequence[Letter]) -> None:
        """They are delivered now."""
        await self._write(letters, settled=True)

    async def _write(self, letters: Sequence[Letter], *, settled: bool) -> None:
        now = self._clock()
        rows = [
            (one.store, one.key.org, one.key.record, one.update, one.position, one.reason, settled, now)
            for one in letters
        ]
        if rows:
            await self._store.insert(block_of("undelivered", COLUMNS, rows), f"undelivered:{letters[0].id}:{now}")


def _letter(store: str, refusal: Refusal, now: datetime) -> Letter:
    change = refusal.change
    return Letter(store, change.key, change.update.id, change.position, refusal.reason[:MOST_CHARACTERS], now)
