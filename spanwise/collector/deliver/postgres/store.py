"""PostgreSQL as a `DownstreamStore`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg

from spanwise.collector.deliver import Change, Destination, Document, Key, Refusal, Refuse
from spanwise.collector.deliver.postgres.statements import (
    COLUMNS,
    DELETE,
    HERE,
    KEYS,
    LOCK,
    PAGE,
    REACH,
    READ,
    TABLES,
    UPSERT,
    columns,
    columns_of,
    document_of,
    row_of,
    upsert,
)
from spanwise.collector.errors import Busy, Rejected

CONNECT_SECONDS = 10.0
STATEMENT_SECONDS = 60.0
REWRITE_SECONDS = 600.0


@asynccontextmanager
async def open_postgres(destination: Destination) -> AsyncIterator[PostgresStore]:
    schema = _schema(destination)
    with _retryable():
        connection = await asyncpg.connect(
            destination.url,
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            server_settings={"application_name": f"spanwise deliver {destination.name}"},
        )
    try:
        store = PostgresStore(connection, schema)
        await store.prepare()
        yield store
    finally:
        await _close(connection)


class PostgresStore:
    fields: frozenset[str] = frozenset()

    def __init__(self, connection: Any, schema: str) -> None:
        self._connection = connection
        self._schema = schema

    async def prepare(self) -> None:
        """Return once the tables are there, and what was erased before is gone."""
        with _retryable():
            if not await self._connection.fetchval(self._sql(HERE)):
                await self._connection.execute(self._sql(TABLES, columns=columns()))
            if await self._connection.fetchval(self._sql("SELECT rewrite FROM {schema}.delivery")):
                await self._rewrite()

    async def position(self) -> int:
        with _retryable():
            return int(await self._connection.fetchval(self._sql("SELECT position FROM {schema}.delivery")))

    async def apply(self, changes: Sequence[Change], position: int, refuse: Refuse) -> None:
        newest = list({change.key: change for change in changes}.values())
        erased = any(change.erased for change in changes)
        with _retryable():
            async with self._connection.transaction():
                reached = await self._connection.fetchval(self._sql(LOCK))
                if reached < position:
                    await self._write([one for one in newest if one.position > reached], refuse, guarded=True)
                    await self._connection.execute(self._sql(REACH), position, erased)
            if erased:
                await self._rewrite()

    async def again(self, change: Change, refuse: Refuse) -> None:
        await self.mend([change], refuse)

    async def read(self, keys: Sequence[Key]) -> Mapping[Key, Document]:
        with _retryable():
            rows = await self._connection.fetch(self._sql(READ), *columns_of(keys))
        return {Key(row["org"], row["record_id"]): document_of(row) for row in rows}

    async def keys(self) -> AsyncIterator[Sequence[Key]]:
        after = Key("", "")
        while True:
            with _retryable():
                rows = await self._connection.fetch(self._sql(KEYS), *after)
            if not rows:
                return
            page = [Key(*row) for row in rows]
            yield page
            after = page[-1]

    async def mend(self, changes: Sequence[Change], refuse: Refuse) -> None:
        with _retryable():
            async with self._connection.transaction():
                await self._connection.fetchval(self._sql(LOCK))
                await self._write(changes, refuse, guarded=False)
                await self._connection.execute(self._sql(REACH), 0, any(one.erased for one in changes))
            if any(one.erased for one in changes):
                await self._rewrite()

    async def _write(self, changes: Sequence[Change], refuse: Refuse, *, guarded: bool) -> None:
        """Within a transaction. All at once; if that cannot be, one by one, to find out which are to blame."""
        try:
            async with self._connection.transaction():
                await self._write_all(changes, guarded)
        except asyncpg.PostgresError as error:
            if not _blames_the_value(error):
                raise
            await refuse([refusal for one in changes if (refusal := await self._refused(one, guarded))])

    async def _refused(self, change: Change, guarded: bool) -> Refusal | None:
        try:
            async with self._connection.transaction():
                await self._write_all([change], guarded)
        except asyncpg.PostgresError as error:
            if not _blames_the_value(error):
                raise
            return Refusal(change, f"PostgreSQL: {error.args[0]} ({error.sqlstate})")
        return None

    async def _write_all(self, changes: Sequence[Change], guarded: bool) -> None:
        if gone := [one for one in changes if one.record is None]:
            guard = "AND held.position <= gone.position" if guarded else ""
            positions = [one.position for one in gone]
            await self._connection.execute(
                self._sql(DELETE, guard=guard), *columns_of([one.key for one in gone]), positions
            )
        if records := [one.record for one in changes if one.record]:
            await self._connection.execute(
                self._sql(UPSERT, **upsert(guarded=guarded)), *zip(*map(row_of, records), strict=True)
            )

    async def _rewrite(self) -> None:
        # Readers wait for it; those who read for long must not make everybody else wait.
        await self._connection.execute("SET lock_timeout = '5s'")
        await self._connection.execute(self._sql("VACUUM (FULL) {schema}.context"), timeout=REWRITE_SECONDS)
        await self._connection.execute("RESET lock_timeout")
        await self._connection.execute(self._sql("UPDATE {schema}.delivery SET rewrite = false"))

    def _sql(self, template: str, **parts: str) -> str:
        return template.format(schema=self._schema, names=", ".join(COLUMNS), page=PAGE, **parts)


@contextmanager
def _retryable() -> Iterator[None]:
    """All that is not a value's fault passes, or is mended by somebody: a full disk, a missing right, a dead server."""
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise Busy(f"PostgreSQL: {said}") from None  # what led to it may show what was written


def _blames_the_value(error: asyncpg.PostgresError) -> bool:
    """Data exceptions (such as a NUL character), broken constraints, and what is too large for an index."""
    return str(error.sqlstate)[:2] in ("22", "23", "54")


def _schema(destination: Destination) -> str:
    if unknown := set(destination.options) - {"schema"}:
        raise Rejected(
            f"deliver.stores.{destination.name}.options: a PostgreSQL store has no {', '.join(sorted(unknown))}"
        )
    schema = destination.options.get("schema", "spanwise")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema):
        raise Rejected(
            f"deliver.stores.{destination.name}.options.schema = {schema!r}: should be lower-case letters, digits and _"
        )
    return schema


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=1.0)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, asyncio.CancelledError):
        connection.terminate()
