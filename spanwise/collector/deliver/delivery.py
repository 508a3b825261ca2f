"""All downstream stores of the settings together: they follow, each for itself, and are looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points

from spanwise.collector.deliver import Destination, DownstreamStore, Open, OpenJournal, Positions, Refusal
from spanwise.collector.deliver.following import Follower
from spanwise.collector.deliver.letters import Letter, Letters
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.deliver.refilling import refill
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.deliver.settings import DeliverSettings, StoreSettings
from spanwise.collector.deliver.tail import Tail
from spanwise.collector.deliver.verifying import Compared, verify
from spanwise.collector.errors import Busy, Rejected

GROUP = "spanwise.stores"
ASKED_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How one store is doing."""

    name: str
    kind: str
    """The scheme of its URL."""
    position: int
    behind: int
    """Positions of the log that it has not come to."""
    seconds_behind: float
    """The age of the first change that it does not have."""
    error: str


class Deliveries:
    """Every store follows in a task of its own, so that none delays another."""

    def __init__(
        self,
        settings: DeliverSettings,
        log: LogReader,
        letters: Letters,
        positions: Positions,
        clock: Callable[[], datetime],
        journal: OpenJournal | None = None,
    ) -> None:
        self.tail = Tail(log, settings.poll_seconds)
        self._letters = letters
        self._running = False
        self._log = log
        self._kinds = {name: one.scheme for name, one in settings.stores.items()}
        self._followers: Mapping[str, Follower] = {
            name: Follower(
                name,
                opener(destination_of(name, chosen, positions, journal), chosen.scheme),
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
        self._running = True
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self.tail.run, *(follower.run for follower in self._followers.values())):
                    group.create_task(work())
        finally:
            self._running = False

    def standing(self, name: str) -> Standing:
        """As this process knows it, which follows."""
        one = self._followers[name]
        return self._standing(one, one.progress.position, one.behind, one.progress.error)

    async def standings(self) -> Sequence[Standing]:
        """In the order of the settings. Where another process follows, the stores are asked. Raises `Busy`."""
        if self._running:
            return [self.standing(name) for name in self._followers]
        end = await self._log.end()
        return await asyncio.gather(*(self._asked(follower, end) for follower in self._followers.values()))

    def verify(self, name: str, org: str, *, mend: bool) -> AsyncIterator[Compared]:
        """As `verifying.verify`, of this organisation, or of all if it is empty. `Rejected`: there is no such store."""
        return verify(self._follower(name), self._log, org, mend=mend)

    def refill(self, name: str, org: str) -> AsyncIterator[int]:
        """As `refilling.refill`, of this organisation, or of all if it is empty. `Rejected`: there is no such store."""
        return refill(self._follower(name), self._log, org)

    async def undelivered(self, org: str) -> Sequence[Letter]:
        """Of this organisation, or of all if it is empty."""
        return [letter for letter in await self._letters.unsettled() if org in ("", letter.key.org)]

    async def redeliver(self, ids: Sequence[str], org: str) -> Sequence[Letter]:
        """Deliver these, or all, as they are by now; returns those that were taken. Raises `Busy`, and `Rejected` for
        an id that there is not.
        """
        known = {letter.id: letter for letter in await self.undelivered(org)}
        if missing := [one for one in ids if one not in known]:
            raise Rejected(f"there is no dead letter {', '.join(missing)}; see 'spanwise dead-letters list'")
        chosen = [known[one] for one in ids] if ids else list(known.values())
        delivered = [letter for letter in chosen if await self._redelivered(self._follower(letter.store), letter)]
        await self._letters.settle(delivered)
        return delivered

    async def _redelivered(self, follower: Follower, letter: Letter) -> bool:
        refused: list[Refusal] = []

        async def refuse(refusals: Sequence[Refusal]) -> None:
            refused.extend(refusals)

        async with follower.open_store() as store, follower.turn:
            newest = await self._log.newest([letter.key], await store.position(), follower.selection)
            for change in newest.values():
                await store.again(change, refuse)
        return not refused

    async def _asked(self, follower: Follower, end: int) -> Standing:
        position, error = 0, ""
        try:
            async with asyncio.timeout(ASKED_SECONDS), follower.open_store() as store:
                position = await store.position()
        except (Busy, Rejected, TimeoutError) as failure:
            error = str(failure) or "it does not answer"
        return self._standing(follower, position, max(end - position, 0), error)

    def _standing(self, one: Follower, position: int, behind: int, error: str) -> Standing:
        return Standing(one.name, self._kinds[one.name], position, behind, one.seconds_behind, error)

    def _follower(self, name: str) -> Follower:
        if name not in self._followers:
            known = ", ".join(self._followers) or "none"
            raise Rejected(f"there is no store {name!r} in deliver.stores; there are: {known}")
        return self._followers[name]


async def reachable(name: str, settings: StoreSettings, journal: OpenJournal | None = None) -> str:
    """What is found where the store should be. Raises `Busy` or `Rejected` with what is wrong."""
    async with (
        asyncio.timeout(ASKED_SECONDS),
        opener(destination_of(name, settings, _Nowhere(), journal), settings.scheme)() as store,
    ):
        return f"{settings.scheme}, at position {await store.position()}"


class _Nowhere:
    """Positions, where only the store itself is looked at."""

    async def get(self, store: str) -> int:  # noqa: ARG002
        return 0

    async def set(self, store: str, position: int) -> None:
        """Nothing is applied."""


def selection_of(settings: StoreSettings) -> Selection:
    return Selection(
        frozenset(settings.orgs),
        frozenset(settings.agents),
        frozenset(settings.users),
        frozenset(settings.kinds),
        frozenset(settings.statuses),
    )


def destination_of(
    name: str, settings: StoreSettings, positions: Positions, journal: OpenJournal | None
) -> Destination:
    url, secret = settings.url.get_secret_value(), settings.secret.get_secret_value()
    return Destination(name, url, secret, settings.options, positions, journal)


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
