"""Delivery: what was learned reaches the stores that applications and agents read, exactly as decided.

This is the API of a downstream store, for anybody. A package offers one by an entry point of the group
`spanwise.stores`, named like the scheme of its URLs:

    [project.entry-points."spanwise.stores"]
    mongodb = "my_package:open_mongodb"

and `open_mongodb` takes a `Destination` and gives an asynchronous context manager with a `DownstreamStore`. The
built-in ones come in through the same door: `postgres`, `redis`, `files`, `webhook`, `kafka`.

The truth is the context log. For each configured store a follower (`following`) reads it on from the store's own
position (`reading`), and applies what the store's filter (`selection`) lets through. `verifying` compares a store with
the log, `refilling` tells everything once more to one that cannot be compared, `letters` keeps what a store can never
take, `delivery` has all of it together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

from spanwise.collector.deliver.documents import Document
from spanwise.collector.model import ContextUpdate, Operation, Record

__all__ = [
    "Change",
    "Destination",
    "Document",
    "DownstreamStore",
    "Key",
    "Open",
    "Positions",
    "ReadableStore",
    "Refusal",
]


class Key(NamedTuple):
    """What names a record: ids are unique within an organisation."""

    org: str
    record: str


@dataclass(frozen=True, slots=True)
class Change:
    """One update of the log, and what it makes of its record. Evidence stays in Spanwise: it quotes people."""

    update: ContextUpdate
    """Without evidence. Its `id` is the same whenever it is delivered."""
    record: Record | None
    """As it is after the update, without evidence. None: the store must not hold it, or no longer."""

    @property
    def key(self) -> Key:
        return Key(self.update.scope.org, self.update.record_id)

    @property
    def position(self) -> int:
        """The update's place in the log: the changes of a record come in its order."""
        return self.update.position

    @property
    def erased(self) -> bool:
        """True if the store must leave no byte of the record."""
        return self.update.operation is Operation.ERASE


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that the store can never take, and why, without its content."""

    change: Change
    reason: str


Refuse: TypeAlias = "Callable[[Sequence[Refusal]], Awaitable[None]]"
"""Returns once the refusals are durable; raises `Busy`."""


class DownstreamStore(Protocol):
    """Every call may raise `Busy`: the store is then opened anew, and asked for its position."""

    async def position(self) -> int:
        """How far in the log this store has come; 0 if it is new."""
        ...

    async def apply(self, changes: Sequence[Change], position: int, refuse: Refuse) -> None:
        """Return once the changes and the position are durable, both if that can be.

        Changes are in order of position; there may be none. Applying them again changes nothing. What can never be
        taken is given to `refuse` before the position is durable, and holds up nothing else. After a change that is
        `erased` no byte of its record is left where the store can reach.
        """
        ...

    async def again(self, change: Change, refuse: Refuse) -> None:
        """As `apply`, for a change that was refused before; it is written whatever the position, which stays."""
        ...


class ReadableStore(DownstreamStore, Protocol):
    """A store that can be compared with the log, and mended."""

    @property
    def fields(self) -> Set[str]:
        """Of a document, which it holds; the others are not compared. Empty: all of them."""
        ...

    async def read(self, keys: Sequence[Key]) -> Mapping[Key, Document]:
        """What is held of these records, as `documents.document` writes it, perhaps more than `fields`."""
        ...

    def keys(self) -> AsyncIterator[Sequence[Key]]:
        """Of everything that is held, in pages; some may come twice."""
        ...

    async def mend(self, changes: Sequence[Change], refuse: Refuse) -> None:
        """As `apply`, but whatever is there is overwritten; the position stays.

        May leave it if the store has moved since it was asked for its position: then it is compared again.
        """
        ...


class Positions(Protocol):
    """Keeps the position of a store that cannot keep it itself: what was applied after it may come again."""

    async def get(self, store: str) -> int: ...

    async def set(self, store: str, position: int) -> None: ...


Entry: TypeAlias = "tuple[bytes, bytes | None, Sequence[tuple[str, bytes]]]"
"""Key, value and headers of a record of a topic, the position among these."""


class Journal(Protocol):
    """A topic of Kafka that says itself how far it is written: see `bus.kafka.journal`."""

    async def position(self) -> int: ...

    async def claim(self) -> int: ...

    async def append(self, entries: Sequence[Entry], position: int) -> None: ...

    async def release(self) -> None: ...

    async def newest(self) -> Mapping[bytes, Entry]: ...


OpenJournal: TypeAlias = "Callable[[str], AbstractAsyncContextManager[Journal]]"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a store is, as its settings say."""

    name: str
    url: str = field(repr=False)
    """May hold a password: in no log, and in no error."""
    secret: str = field(repr=False)
    options: Mapping[str, str]
    """What this kind of store can be told besides. Raise `Rejected` for what is unknown or wrong."""
    positions: Positions
    journal: OpenJournal | None = None
    """The topic of the bus, where that is Kafka, by the name of who writes to it."""


Open: TypeAlias = "Callable[[Destination], AbstractAsyncContextManager[DownstreamStore]]"
"""Entering raises `Busy` if the store cannot be reached, `Rejected` if the settings are wrong. Leaving closes it."""
