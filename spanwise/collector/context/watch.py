"""Following the log: every update of a scope from a position on, first the old ones, then the new ones."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from itertools import islice

from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.reach import Reach
from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.model import ContextUpdate, Scope

PAGE = 500
RECENT = 1_000


class Watchers:
    """Those who follow the log. Each reads on from its own position when it is ready.

    So none misses an update or gets one twice, and a slow one costs no memory. The newest updates are kept once for
    all, bounded: otherwise a thousand watchers would ask the store a thousand times for each update.
    """

    def __init__(self, log: ContextLog) -> None:
        self._log = log
        self._recent = _Recent()
        self._bell = asyncio.Event()
        self._closed = False

    def wake(self, appended: Sequence[ContextUpdate] = ()) -> None:
        """Let everybody read on. To be called after every append, in the thread of the event loop.

        With what was appended, in order of position; with nothing if that is not known. Once more does no harm.
        """
        self._recent.take(appended)
        self._bell.set()
        self._bell = asyncio.Event()

    async def follow(self, poll_seconds: float) -> None:
        """Wake everybody when another process has appended: look for it so often, until cancelled."""
        seen = 0
        while True:
            with suppress(Busy):  # those who watch read as well, and are told
                end = await self._log.position()
                if end > max(seen, self._recent.end):
                    self.wake()
                seen = end
            await asyncio.sleep(poll_seconds)

    def close(self) -> None:
        """End every `watch`, after the page that it is reading."""
        self._closed = True
        self.wake()

    async def check(self, after: int) -> None:
        """Raise Rejected if the log has not come to the position: it is another log's, and would wait for ever."""
        if after > (end := await self._log.position()):
            raise Rejected(f"position: {after} is not in this log, which ends at {end}; begin again with Get")

    async def watch(self, scope: Scope, after: int = 0, reach: Reach = Reach.COVERING) -> AsyncIterator[ContextUpdate]:
        """Every update that concerns `scope` after the position, in order, until `close`. Raises as `check` does."""
        await self.check(after)
        while not self._closed:
            bell = self._bell  # taken before reading: what is appended meanwhile rings this one
            updates, reached = self._recent.page(scope, after, reach) or await self._page(scope, after, reach)
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


class _Recent:
    """The newest updates of the log without a gap, whomever they concern; none if it is not sure that they are."""

    def __init__(self) -> None:
        self._updates: deque[ContextUpdate] = deque(maxlen=RECENT)

    @property
    def end(self) -> int:
        """The position of the newest; 0 if there are none."""
        return self._updates[-1].position if self._updates else 0

    def take(self, appended: Sequence[ContextUpdate]) -> None:
        if not appended:
            self._updates.clear()
        for update in appended:
            if self._updates and update.position != self._updates[-1].position + 1:
                self._updates.clear()
            self._updates.append(update)

    def page(self, scope: Scope, after: int, reach: Reach) -> tuple[Sequence[ContextUpdate], int] | None:
        """As from the log, or None if `after` is further back than what is kept."""
        known = after + 1 - self._updates[0].position if self._updates else -1
        if known < 0:
            return None
        new = [update for update in islice(self._updates, known, None) if reach.reaches(scope, update.scope)]
        return new, max(after, self.end)
