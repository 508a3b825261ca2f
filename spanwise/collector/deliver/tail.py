"""The end of the log, and waiting for it to move."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.errors import Busy
from spanwise.collector.model import ContextUpdate

logger = logging.getLogger(__name__)


class Tail:
    """What is known of the log's end in this process, for all who follow.

    Whoever appends in this process says so at once. What other processes append is seen by looking, a few times a
    second and once for all stores: the topic `context` cannot tell, since it is itself filled from the log.
    """

    def __init__(self, log: LogReader, poll_seconds: float) -> None:
        self.end = 0
        self._log = log
        self._poll_seconds = poll_seconds
        self._moved = asyncio.Event()
        self._look = asyncio.Event()

    def wake(self, appended: Sequence[ContextUpdate] = ()) -> None:
        """There is more to read: these updates, or it is not known which. In the thread of the event loop."""
        if appended:
            self._reach(appended[-1].position)
        else:
            self._look.set()

    async def beyond(self, position: int) -> int:
        """Return the end once it is behind the position."""
        while self.end <= position:
            await self._moved.wait()
        return self.end

    async def run(self) -> None:
        """Look, until cancelled."""
        while True:
            self._look.clear()
            try:
                self._reach(await self._log.end())
            except Busy as error:
                logger.warning("the end of the log is not known: %s", error)
            try:
                await asyncio.wait_for(self._look.wait(), self._poll_seconds)
            except TimeoutError:
                continue

    def _reach(self, position: int) -> None:
        if position > self.end:
            self.end = position
            self._moved.set()
            self._moved = asyncio.Event()
