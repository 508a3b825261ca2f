"""Following the log: every update of a scope from a position on, first the old ones, then the new ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.reach import Reach
from spanwise.collector.model import ContextUpdate, Scope

PAGE = 500


class Watchers:
    """Those who follow the log. A wake-up carries nothing: each reads on from its own position when it is ready.

    So none misses an update or gets one twice, and a slow one costs no memory.
    """

    def __init__(self, log: ContextLog) -> None:
        self._log = log
        self._bell = asyncio.Event()
        self._closed = False

    def wake(self) -> None:
        """Let everybody look into the log again. To be called after every append; once more does no harm."""
        self._bell.set()
        self._bell = asyncio.Event()

    def close(self) -> None:
        """End every `watch`, after the page that it is reading."""
        self._closed = True
        self.wake()

    async def watch(self, scope: Scope, after: int = 0, reach: Reach = Reach.COVERING) -> AsyncIterator[ContextUpdate]:
        """Every update that concerns `scope` after the position, in order, until `close`."""
        while not self._closed:
            bell = self._bell  # taken before reading: what is appended meanwhile rings this one
            updates, reached = await self._page(scope, after, reach)
            for update in updates:
                yield update
            if reached == after:
                await bell.wait()
            after = reached

    async def _page(self, scope: Scope, after: int, reach: Reach) -> tuple[Sequence[ContextUpdate], int]:
        """Some updates, and how far in the log they reach: also past those that do not concern the scope."""
        end = await self._log.position()
        updates = await self._log.updates(scope, reach, after=after, until=end, limit=PAGE) if end > after else ()
        return updates, updates[-1].position if len(updates) == PAGE else max(after, end)
