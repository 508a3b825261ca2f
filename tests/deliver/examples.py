"""A log to deliver from, and what a store should hold of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.reach import Reach
from spanwise.collector.deliver import DownstreamStore, Key, Refusal
from spanwise.collector.deliver.documents import Document, document
from spanwise.collector.deliver.following import Follower
from spanwise.collector.deliver.letters import Letters
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.deliver.tail import Tail
from spanwise.collector.model import ContextUpdate, Operation, Scope, Status
from spanwise.collector.store import Store
from tests.context.examples import learned

SECONDS = 20.0
OpenStore = Callable[[], AbstractAsyncContextManager[DownstreamStore]]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Told:
    """What followers refused, by store."""

    refusals: list[tuple[str, Refusal]] = field(default_factory=list)

    async def refuse(self, store: str, refusals: Sequence[Refusal]) -> None:
        self.refusals += [(store, one) for one in refusals]


class History:
    """The log of one organisation on a shared store. What is before it in the log concerns nobody here."""

    def __init__(self, store: Store, org: str) -> None:
        self.org = org
        self.reader = LogReader(store)
        self.tail = Tail(self.reader, 0.05)
        self.letters = Letters(store, now)
        self.log = ContextLog(store, now, self._wake)
        self.selection = Selection(orgs=frozenset({org}))

    async def _wake(self, updates: Sequence[ContextUpdate]) -> None:
        self.tail.wake(updates)

    async def say(self, content: str, user: str = "ada", **more: object) -> str:
        """An update that makes a record active; gives the record's id."""
        made = self.update(content, user, **more)
        await self.log.append([made])
        return made.record_id

    def update(self, content: str, user: str = "ada", **more: object) -> ContextUpdate:
        scope = Scope(agent=str(more.pop("agent", "")), org=self.org, user=user)
        given = {"producer": "application", "evidence": (), **more}
        made = learned(content, scope=scope, **given)  # type: ignore[arg-type]  # a test says what it means
        return replace(made, id=f"{made.id}-{time.monotonic_ns()}")

    async def retract(self, record: str) -> None:
        await self._decide(record, Operation.RETRACT, "")

    async def erase(self, record: str) -> None:
        await self._decide(record, Operation.ERASE, "")

    async def reword(self, record: str, content: str) -> None:
        await self._decide(record, Operation.UPDATE, content)

    async def _decide(self, record: str, operation: Operation, content: str) -> None:
        (known,) = await self.log.record(self.org, record)
        status = Status.RETIRED if operation in (Operation.RETRACT, Operation.ERASE) else Status.ACTIVE
        decided = learned(
            content,
            operation,
            scope=known.scope,
            kind=known.kind,
            record_id=record,
            producer="application",
            evidence=(),
            status=status,
        )
        await self.log.append([replace(decided, id=f"{decided.id}-{time.monotonic_ns()}")])

    async def truth(self, selection: Selection | None = None) -> Mapping[Key, Document]:
        """What a store with the selection should hold."""
        records = await self.log.records(Scope(org=self.org), Reach.WITHIN)
        chosen = selection or self.selection
        return {Key(one.scope.org, one.id): document(one) for one in records if chosen.holds(one)}

    def follower(self, name: str, open_store: OpenStore, selection: Selection | None = None) -> Follower:
        return Follower(
            name, open_store, selection or self.selection, self.reader, self.tail, self.letters.refuse, now, 0.5
        )

    @asynccontextmanager
    async def following(self, *followers: Follower) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work()) for work in (self.tail.run, *(one.run for one in followers))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def until(condition: Callable[[], Awaitable[object]], seconds: float = SECONDS) -> None:
    """Return once the condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 (stores tell nobody)
            await asyncio.sleep(0.02)
