"""All downstream stores of the settings together: they follow, each for itself, and are looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points

from spanwise.collector.deliver import Destination, DownstreamStore, Open, Positions
from spanwise.collector.deliver.following import Follower, Progress
from spanwise.collector.deliver.letters import Letter, Letters
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.deliver.settings import DeliverSettings, StoreSettings
from spanwise.collector.deliver.tail import Tail
from spanwise.collector.deliver.verifying import Compared, verify
from spanwise.collector.errors import Rejected

GROUP = "spanwise.stores"


@dataclass(frozen=True, slots=True)
class Standing:
    """One store, for people to look at."""

    name: str
    kind: str
    progress: Progress
    behind: int
    seconds_behind: float


class Delivery:
    """Every store follows in a task of its own, so that none delays another."""

    def __init__(
        self,
        settings: DeliverSettings,
        log: LogReader,
        letters: Letters,
        positions: Positions,
        clock: Callable[[], datetime],
    ) -> None:
        self.tail = Tail(log, settings.poll_seconds)
        self.letters = letters
        self._log = log
        self._kinds = {name: one.scheme for name, one in settings.stores.items()}
        self._followers: Mapping[str, Follower] = {
            name: Follower(
                name,
                opener(destination_of(name, chosen, positions), chosen.scheme),
                selection_of(chosen),
                log,
                self.tail,
                letters.refuse,
                clock,
                settings.retry_seconds,
            )
            for name, chosen in settings.stores.items()
        }

    async def run(self) -> None:
        """Follow until cancelled. Without stores, there is nothing to do."""
        if not self._followers:
            await asyncio.Event().wait()
        async with asyncio.TaskGroup() as group:
            for work in (self.tail.run, *(follower.run for follower in self._followers.values())):
                group.create_task(work())

    def standings(self) -> Sequence[Standing]:
        """In the order of the settings."""
        return [
            Standing(name, self._kinds[name], one.progress, one.behind, one.seconds_behind)
            for name, one in self._followers.items()
        ]

    def verify(self, name: str, *, mend: bool) -> AsyncIterator[Compared]:
        """As `verifying.verify`; raises `Rejected` if there is no such store."""
        return verify(self._follower(name), self._log, mend=mend)

    async def replay(self, letters: Sequence[Letter]) -> None:
        """Deliver what was refused, as it is by now. Raises `Busy`; what is refused again stays a dead letter."""
        for letter in letters:
            await self._replay(self._follower(letter.store), letter)

    async def _replay(self, follower: Follower, letter: Letter) -> None:
        async with follower.open_store() as store, follower.turn:
            position = await store.position()
            changes = await self._log.newest([letter.key], position, follower.selection)
            refused: list[object] = []

            async def refuse(refusals: Sequence[object]) -> None:
                refused.extend(refusals)

            for change in changes.values():
                await store.again(change, refuse)
        if not refused:
            await self.letters.settle([letter])

    def _follower(self, name: str) -> Follower:
        if name not in self._followers:
            known = ", ".join(self._followers) or "none"
            raise Rejected(f"there is no store {name!r} in deliver.stores; there are: {known}")
        return self._followers[name]


def selection_of(settings: StoreSettings) -> Selection:
    return Selection(
        frozenset(settings.orgs),
        frozenset(settings.agents),
        frozenset(settings.users),
        frozenset(settings.kinds),
        frozenset(settings.statuses),
    )


def destination_of(name: str, settings: StoreSettings, positions: Positions) -> Destination:
    url, secret = settings.url.get_secret_value(), settings.secret.get_secret_value()
    return Destination(name, url, secret, settings.options, positions)


def opener(destination: Destination, scheme: str) -> Callable[[], AbstractAsyncContextManager[DownstreamStore]]:
    """Opens the store when it is called. Raises `Rejected` then, if no installed package offers such a store."""

    def open_store() -> AbstractAsyncContextManager[DownstreamStore]:
        return find(scheme)(destination)

    return open_store


def find(scheme: str) -> Open:
    """What opens stores whose URLs begin so. Raises `Rejected` if nothing does."""
    for entry in entry_points(group=GROUP, name=scheme):
        found: Open = entry.load()
        return found
    known = ", ".join(sorted({entry.name for entry in entry_points(group=GROUP)}))
    raise Rejected(f"no installed package offers stores with URLs that begin {scheme}:; there are {known}")
