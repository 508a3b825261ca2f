"""The stores that the contract is for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import partial

import pytest
import pytest_asyncio

from spanwise.collector.store import Store
from spanwise.collector.store.clickhouse import ClickHouseStore, create_database
from spanwise.collector.store.clients import served_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.url import ServedStore, parse_store_url
from tests.processes import store_process

SERVER = "SPANWISE_TEST_CLICKHOUSE_URL"
client_of = partial(served_client, connect_seconds=5, answer_seconds=60, ca_file=None)


def _served(url: str) -> ServedStore:
    store = parse_store_url(url)
    assert isinstance(store, ServedStore)
    return store


@pytest.fixture(scope="session")
def served_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of `spanwise serve-store`, for its user who may write."""
    users = {"SPANWISE_SERVE_STORE__USERS": '{"writer": "p@ss/word"}'}
    with store_process(tmp_path_factory.mktemp("served"), users) as process:
        yield f"clickhouse://writer:p%40ss%2Fword@{process.addresses.query}/traces"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served_store(served_url: str) -> AsyncIterator[Store]:
    """The embedded engine of another process, over HTTP."""
    async for store in _opened(_served(served_url)):
        yield store


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server_store() -> AsyncIterator[Store]:
    """A ClickHouse server, in a database of its own that is dropped afterwards."""
    url = os.environ.get(SERVER)
    if not url:
        pytest.skip(f"there is no ClickHouse server here: set {SERVER} to clickhouse://user:password@host:8123")
    given = _served(url)
    database = f"spanwise_test_{os.getpid()}"
    async for store in _opened(ServedStore(given.host, given.port, given.secure, given.user, given.password, database)):
        yield store
    with closing(client_of(given, "")) as client:
        client.command(f"DROP DATABASE {database}")


async def _opened(address: ServedStore) -> AsyncIterator[Store]:
    await asyncio.to_thread(create_database, partial(client_of, address, ""), address.database, "")
    store = ClickHouseStore(partial(client_of, address, address.database))
    await migrate(store)
    yield store
    await store.close()


@pytest.fixture(scope="session", params=["embedded", "served", "server"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found
