"""ClickHouse as a store, through clickhouse-connect: embedded (chDB) or served, with the same SQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any, TypeVar, cast

from clickhouse_connect.driver.binding import quote_identifier
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.store import Block, Row
from spanwise.collector.store.clients import Connections
from spanwise.collector.store.cluster import on_cluster
from spanwise.collector.store.serve.frames import framed

Result = TypeVar("Result")

SHORTAGES = frozenset({159, 202, 241, 242, 243, 252})
"""Error codes that pass: time-out, too many queries, memory, read-only table, disk space, too many parts."""


class ClickHouseStore:
    """A `Store` over clients that `connect` makes; up to `calls` run at the same time.

    `compressed`: blocks travel with LZ4. For a server that is not near.
    """

    def __init__(self, connect: Callable[[], Client], calls: int = 4, *, compressed: bool = False) -> None:
        self._clients = Connections(connect)
        self._compressed = compressed
        self._threads = ThreadPoolExecutor(calls, thread_name_prefix="store")

    async def insert(self, block: Block, token: str) -> None:
        settings = {
            "insert_deduplication_token": token,
            # One block of rows makes one part: it must not be cut on the way, and a part is all or nothing.
            "max_insert_block_size": max(block.rows, 1),
            "min_insert_block_size_rows": max(block.rows, 1),
            "min_insert_block_size_bytes": 0,
        }
        if self._compressed:
            settings["decompress"] = 1

        def insert(client: Client) -> object:
            # Any buffer will do, the annotation forgets it.
            data = framed(block.data) if self._compressed else cast("bytes", block.data)
            return client.raw_insert(block.table, list(block.columns), data, settings, block.format)

        await self._run(insert)

    async def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Row]:
        return await self._run(lambda client: _rows(client, sql, parameters))

    async def read(self, sql: str, parameters: Mapping[str, Any] | None = None) -> bytes:
        return await self._run(lambda client: client.raw_query(sql, dict(parameters or {})))

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._clients.close()

    async def _run(self, call: Callable[[Client], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._call, call)

    def _call(self, call: Callable[[Client], Result]) -> Result:
        with retryable(), self._clients.lend() as client:
            return call(client)


@contextmanager
def retryable() -> Iterator[None]:
    """Failures that pass are `Busy`. It may be unclear what became of an insert: with its token it can be repeated."""
    try:
        yield
    except OperationalError as error:
        raise Busy(f"the store cannot be reached: {error}") from error
    except DatabaseError as error:
        if error.code in SHORTAGES:
            raise Busy(f"the store is out of resources: {error}") from error
        raise


def create_database(connect: Callable[[], Client], name: str, cluster: str) -> None:
    """Return once the server has the database. Raises `Busy`, and `Rejected` if the server will not have us."""
    try:
        with retryable(), closing(connect()) as client:
            known = client.query("SELECT 1 FROM system.databases WHERE name = {name:String}", {"name": name})
            if not known.result_rows:  # asked first: a user without the right to create one may still use it
                client.command(on_cluster(f"CREATE DATABASE IF NOT EXISTS {quote_identifier(name)}", cluster))
    except DatabaseError as error:
        raise Rejected(f"the store refuses: {error}") from error


def _rows(client: Client, sql: str, parameters: Mapping[str, Any] | None) -> Sequence[Row]:
    return [tuple(row) for row in client.query(sql, dict(parameters or {})).result_rows]
