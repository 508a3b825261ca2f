"""A store against the log: what is missing, different or too much, and mending it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import cast

from spanwise.collector.context.log import END
from spanwise.collector.deliver import Change, Document, Key, ReadableStore
from spanwise.collector.deliver.documents import document
from spanwise.collector.deliver.following import Follower
from spanwise.collector.deliver.reading import LogReader
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.model import ContextUpdate, Intent, Mode, Operation, RecordKind, Scope, Status

ROUNDS = 20


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


async def verify(follower: Follower, log: LogReader, org: str, *, mend: bool) -> AsyncIterator[Compared]:
    """Compare with the log as it was at the store's position, page by page, and mend what differs.

    Of one organisation, or of all if `org` is empty. Raises `Busy` if the store or the log cannot be reached, or move
    too fast, and `Rejected` if the store cannot be read.
    """
    async with follower.open_store() as opened:
        if not hasattr(opened, "mend"):
            again = f"'spanwise deliver refill {follower.name}' tells it everything again"
            raise Rejected(f"store {follower.name} cannot say what it holds, so there is nothing to compare; {again}")
        fenced = follower.selection.within(org)
        comparison = _Comparison(follower, log, fenced, cast("ReadableStore", opened), mend)
        async for keys in log.keys(fenced):
            yield await comparison.compared(keys)
        async for held in comparison.store.keys():
            if extra := await comparison.unknown([key for key in held if org in ("", key.org)]):
                yield await comparison.compared(extra)


@dataclass(frozen=True, slots=True)
class _Comparison:
    follower: Follower
    log: LogReader
    selection: Selection
    store: ReadableStore
    mend: bool

    async def compared(self, keys: Sequence[Key]) -> Compared:
        """These records. A follower in another process does not wait: what moved meanwhile is looked at again."""
        found: dict[Key, Difference] = {}
        for _ in range(ROUNDS):
            async with self.follower.turn:
                position = await self.store.position()
                truth = await self.log.newest(keys, position, self.selection)
                held = await self.store.read(keys)
                differences = [one for key in keys if (one := self._difference(key, truth.get(key), held.get(key)))]
                moved = await self.store.position() != position
                if differences and not moved and self.mend:
                    changes = [truth.get(one.key) or _removal(one.key) for one in differences]
                    # What was refused before, and is refused again, is a dead letter already.
                    await self.store.mend(changes, self.follower.refuse)
                    found |= {one.key: one for one in differences}
                    moved = await self.store.position() != position
            if not moved:
                found |= {one.key: one for one in differences}
                return Compared(sum(change.record is not None for change in truth.values()), list(found.values()))
        raise Busy(f"store {self.follower.name} is changing too fast to be compared; try again later")

    async def unknown(self, keys: Sequence[Key]) -> Sequence[Key]:
        """Those that the log has nothing of: the others were compared already."""
        known = await self.log.newest(keys, END, self.selection)
        return [key for key in keys if key not in known]

    def _difference(self, key: Key, truth: Change | None, found: Document | None) -> Difference | None:
        expected = document(truth.record) if truth and truth.record else None
        if found is None:
            return Difference(key, "missing") if expected else None
        if expected is None:
            return Difference(key, "extra")
        held = self.store.fields or expected.keys()
        fields = [name for name, value in expected.items() if name in held and found.get(name) != value]
        return Difference(key, "different", fields) if fields else None


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
