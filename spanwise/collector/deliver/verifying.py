"""A store against the log: what is missing, different or too much, and mending it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from spanwise.collector.deliver import Change, Document, Key, ReadableStore
from spanwise.collector.deliver.documents import document
from spanwise.collector.deliver.following import Follower
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.errors import Rejected
from spanwise.collector.model import ContextUpdate, Intent, Mode, Operation, RecordKind, Scope, Status

EVERYTHING = Key("", "")


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is `missing`, `different` (in these fields), or `extra`."""

    key: Key
    what: str
    fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Some records were compared."""

    records: int
    differences: Sequence[Difference]


async def verify(follower: Follower, log: LogReader, *, mend: bool) -> AsyncIterator[Compared]:
    """Compare with the log as it was at the store's position, page by page, and mend what differs.

    Raises `Busy` if the store or the log cannot be reached, and `Rejected` if the store cannot be read.
    """
    async with follower.open_store() as opened:
        if not hasattr(opened, "mend"):
            raise Rejected(f"store {follower.name} cannot be read, so there is nothing to compare")
        comparison = _Comparison(follower, log, cast("ReadableStore", opened), mend)
        after = EVERYTHING
        while keys := await log.keys(after, follower.selection):
            yield await comparison.expected(keys)
            after = keys[-1]
        async for held in comparison.store.keys():
            yield await comparison.held(held)


@dataclass(frozen=True, slots=True)
class _Comparison:
    follower: Follower
    log: LogReader
    store: ReadableStore
    mend: bool

    async def expected(self, keys: Sequence[Key]) -> Compared:
        """What the log knows of these keys should be there, or not be there."""
        async with self.follower.turn:
            truth = await self._truth(keys)
            found = await self.store.read(keys)
            differences = [one for key in keys if (one := _difference(key, truth.get(key), found.get(key)))]
            await self._mend(differences, truth)
        return Compared(sum(change.record is not None for change in truth.values()), differences)

    async def held(self, keys: Sequence[Key]) -> Compared:
        """What is there should be known to the log: the rest was looked at with what should be there."""
        async with self.follower.turn:
            truth = await self._truth(keys)
            extra = [Difference(key, "extra") for key in keys if key not in truth]
            await self._mend(extra, {})
        return Compared(0, extra)

    async def _truth(self, keys: Sequence[Key]) -> Mapping[Key, Change]:
        return await self.log.newest(keys, await self.store.position(), self.follower.selection)

    async def _mend(self, differences: Sequence[Difference], truth: Mapping[Key, Change]) -> None:
        if self.mend and differences:
            changes = [truth.get(one.key) or _removal(one.key) for one in differences]
            # What was refused before, and is refused again, is a dead letter already.
            await self.store.mend(changes, self.follower.refuse)


def _difference(key: Key, truth: Change | None, found: Document | None) -> Difference | None:
    expected = document(truth.record) if truth and truth.record else None
    if expected == found:
        return None
    if found is None:
        return Difference(key, "missing")
    if expected is None:
        return Difference(key, "extra")
    return Difference(key, "different", [name for name, value in expected.items() if found.get(name) != value])


def _removal(key: Key) -> Change:
    """Of a record that the log does not know."""
    scope = Scope(org=key.org)
    unknown = ContextUpdate(
        id=key.record,
        operation=Operation.ERASE,
        record_id=key.record,
        kind=RecordKind.MEMORY,
        scope=scope,
        content="",
        status=Status.RETIRED,
        intent=Intent.EXPLICIT,
        mode=Mode.ONLINE,
        confidence=1.0,
        evidence=(),
        producer="verify",
        version="1",
    )
    return Change(unknown, None)
