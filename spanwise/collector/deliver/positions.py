"""Positions of stores that cannot keep them: in ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of


class StorePositions:
    """`deliver.Positions` on a store."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def get(self, store: str) -> int:
        rows = await self._store.query(
            "SELECT max(Position) FROM delivered WHERE Store = {store:String}", {"store": store}
        )
        return int(rows[0][0])

    async def set(self, store: str, position: int) -> None:
        row = (store, position, self._clock())
        await self._store.insert(
            block_of("delivered", ("Store", "Position", "At"), [row]), f"delivered:{store}:{position}"
        )
