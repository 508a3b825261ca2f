"""One store follows the log: from its own position, in order, for as long as it takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from random import uniform

from spanwise.collector.deliver import DownstreamStore, Refusal
from spanwise.collector.deliver.reading import LogReader, Page
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.deliver.tail import Tail
from spanwise.collector.deliver.waiting import BusyFor
from spanwise.collector.errors import Busy, Rejected

logger = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 0.2
MOST_SECONDS_ASKED = 3600.0
"""A store may ask for a pause, but not for ever."""
PASSED_OVER = 10_000
"""Positions without a change for the store, after which its position is recorded even so."""


@dataclass(slots=True)
class Progress:
    """How a store is doing. Changes while it follows."""

    position: int = 0
    delivered: int = 0
    """Changes, since the start."""
    oldest: datetime | None = None
    """When the first change that it does not have yet was learned; None if it has everything, as far as is known."""
    error: str = ""
    """Why it stands still; empty if it does not."""


class Follower:
    """`open_store` opens the store anew after each failure. Nothing that a store raises gets out of here.

    `turn` is held while the store is written to, so that whoever compares it meets no half of a page.
    """

    def __init__(
        self,
        name: str,
        open_store: Callable[[], AbstractAsyncContextManager[DownstreamStore]],
        selection: Selection,
        log: LogReader,
        tail: Tail,
        refuse: Callable[[str, Sequence[Refusal]], Awaitable[None]],
        clock: Callable[[], datetime],
        longest_retry_seconds: float = 60.0,
    ) -> None:
        self.name = name
        self.open_store = open_store
        self.selection = selection
        self.progress = Progress()
        self.turn = asyncio.Lock()
        self._log = log
        self._tail = tail
        self._refuse = refuse
        self._clock = clock
        self._longest = longest_retry_seconds
        self._failures = 0
        self._not_before = 0.0

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                async with self.open_store() as store:
                    await self._follow(store)
            except Busy as error:
                self._failed(str(error), error.seconds if isinstance(error, BusyFor) else 0.0)
            except Rejected as error:
                self._failures = 32  # nothing but a change of the settings or of the store will help
                self._failed(str(error))
            except Exception as error:
                logger.exception("store %s failed in a way that is not foreseen", self.name)
                self._failed(f"{type(error).__name__}, which is not foreseen: see the log")
            await asyncio.sleep(self._pause())

    async def refuse(self, refusals: Sequence[Refusal]) -> None:
        """To the dead letters."""
        await self._refuse(self.name, refusals)

    @property
    def behind(self) -> int:
        """Positions of the log that the store has not come to."""
        return max(self._tail.end - self.progress.position, 0)

    @property
    def seconds_behind(self) -> float:
        """Age of the oldest change that it does not have; 0 if it has everything."""
        oldest = self.progress.oldest
        return max((self._clock() - oldest).total_seconds(), 0.0) if oldest else 0.0

    async def _follow(self, store: DownstreamStore) -> None:
        position = recorded = await store.position()
        if position > (end := await self._log.end()):
            other = f"it has come to position {position}, and the log ends at {end}: it was filled from another log"
            raise Rejected(f"{other}; empty it, or 'spanwise deliver verify {self.name}' and give it this position")
        self.progress.position = position
        async with self.turn:  # what a store needs before it can be written to is not to be waited for later
            await store.apply((), position, self.refuse)
        while True:
            page = await self._log.page(position, await self._tail.beyond(position), self.selection)
            if page.changes or page.reached - recorded >= PASSED_OVER:
                await self._apply(store, page)
                recorded = page.reached
            position = page.reached
            self._arrived(position, len(page.changes))

    async def _apply(self, store: DownstreamStore, page: Page) -> None:
        self.progress.oldest = page.oldest
        async with self.turn:
            await store.apply(page.changes, page.reached, self.refuse)

    def _arrived(self, position: int, changes: int) -> None:
        self._failures = 0
        self.progress.position, self.progress.oldest, self.progress.error = position, None, ""
        self.progress.delivered += changes

    def _failed(self, error: str, seconds: float = 0.0) -> None:
        if error != self.progress.error:
            logger.warning("store %s waits: %s", self.name, error)
        self.progress.error = error
        self._failures += 1
        self._not_before = min(seconds, MOST_SECONDS_ASKED)

    def _pause(self) -> float:
        longest = min(FIRST_RETRY_SECONDS * 2 ** min(self._failures - 1, 30), self._longest)
        return max(uniform(longest / 2, longest), self._not_before)  # noqa: S311 (no secret: so that not all come back at once)
