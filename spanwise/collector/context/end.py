"""The end of the log, where several processes may want to append at once: compare and set, with the engine as judge."""

from __future__ import annotations

from collections.abc import Sequence

from spanwise.collector.context.rows import COLUMNS, TABLE, to_row
from spanwise.collector.model import ContextUpdate
from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of

POSITION = f"SELECT max(Position) FROM {TABLE} WHERE Position >= {{known:UInt64}}"
PLACED = f"""
    SELECT Id FROM {TABLE}
    WHERE Position > {{after:UInt64}} AND Position <= {{until:UInt64}} ORDER BY Position
"""
ENGINE = f"SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = '{TABLE}'"
ONE_SERVER = "MergeTree"


class LogEnd:
    """What is placed after a position has the position as its token, and the engine takes each token once.

    So of two processes that have read the same end one comes to stand behind it, and the other learns that it was
    overtaken. Rejected: an epoch that every process checks before it appends, since one that is stopped between
    checking and appending writes all the same.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = 0
        """The log has come so far at least: what is older need not be read to find its end."""

    async def position(self) -> int:
        """The position of the last update that is durable; 0 if the log is empty."""
        ((position,),) = await self._store.query(POSITION, {"known": self._known})
        self._known = max(self._known, int(position))
        return self._known

    async def place(self, updates: Sequence[ContextUpdate], after: int) -> bool:
        """Return once the update directly after the position is durable: whether these are, or others came before.

        The engine remembers the last ten thousand tokens, so `after` must not be older than that.
        """
        if not updates:
            return True
        block = block_of(TABLE, COLUMNS, [to_row(update) for update in updates])
        placed = {"after": after, "until": after + len(updates)}
        attempt = 0
        while True:
            await self._store.insert(block, f"{TABLE}:{after}:{attempt}")
            found = [id_ for (id_,) in await self._store.query(PLACED, placed)]
            if found or await self._replicated():
                return found == [update.id for update in updates]
            # An engine that was killed in the middle of an insert keeps its token and not its rows: the next token is
            # as good then. Where tables are replicated, this replica does not have the rows of somebody else yet.
            attempt += 1

    async def _replicated(self) -> bool:
        ((engine,),) = await self._store.query(ENGINE)
        return bool(engine != ONE_SERVER)
