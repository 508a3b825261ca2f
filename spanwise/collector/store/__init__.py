"""The store: where spans, signals and context updates live, and what every engine that holds them promises.

`clickhouse` holds the one implementation, for an engine in this process or a server: `url` says which, `clients`
reaches it. `traces` reads traces back. `schema/` has the tables as numbered migrations, `cluster` replicates them.
`unfinished` puts right what an engine of ours left that was killed.
`serve/` answers ClickHouse's HTTP interface for the engine in this process; `permitted` says which statements it runs
for others, `sessions` with which settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows ready to be inserted: `data` in ClickHouse's `format`, with the values of `columns` in that order."""

    table: str
    columns: Sequence[str]
    format: str
    data: bytes | memoryview
    rows: int


class Store(Protocol):
    """Every call may raise `Busy` when the engine cannot be reached or is out of resources: try again."""

    async def insert(self, block: Block, token: str) -> None:
        """Return once the rows are durable. All rows of a block become visible together, or none.

        An insert with a token that was inserted before changes nothing.
        """
        ...

    async def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Row]:
        """The rows that `sql` selects, none if it is another statement; `{name:Type}` in it stands for a parameter."""
        ...

    async def read(self, sql: str, parameters: Mapping[str, Any] | None = None) -> bytes:
        """The answer as the engine wrote it, in the format that `sql` names: no Python object is made of it."""
        ...

    async def close(self) -> None:
        """Return once everything is written and the engine is released."""
        ...
