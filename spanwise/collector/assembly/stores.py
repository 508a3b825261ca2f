"""The store of the settings, opened or served."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from spanwise.collector.browsers import EVERY_HOST, LOOPBACK
from spanwise.collector.directory import Addresses, announce, hold
from spanwise.collector.metrics import process_registry
from spanwise.collector.servers import serving_http
from spanwise.collector.settings import InvalidSettings, ServeStoreSettings, Settings, is_loopback
from spanwise.collector.store import Store
from spanwise.collector.store.clickhouse import ClickHouseStore, create_database
from spanwise.collector.store.clients import embedded_client, served_client
from spanwise.collector.store.serve.app import Served, query_app
from spanwise.collector.store.serve.users import DEFAULT_USER, User, Users
from spanwise.collector.store.unfinished import take_back_unfinished
from spanwise.collector.store.url import EmbeddedStore, ServedStore


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The store of the settings. An embedded one is held by this process until the block ends.

    Raises `Held`; `Busy` if a server cannot be reached, `Rejected` if it refuses.
    """
    async with AsyncExitStack() as stack:
        match settings.store:
            case EmbeddedStore(path):
                stack.enter_context(hold(path))
                take_back_unfinished(path)
                store = ClickHouseStore(partial(embedded_client, path))
            case ServedStore(database=database) as served:
                chosen = settings.clickhouse
                reach = partial(
                    served_client,
                    served,
                    connect_seconds=chosen.connect_seconds,
                    answer_seconds=chosen.answer_seconds,
                    ca_file=chosen.ca_file,
                )
                await asyncio.to_thread(create_database, partial(reach, ""), database, chosen.cluster)
                store = ClickHouseStore(partial(reach, database), compressed=chosen.compression == "lz4")
        stack.push_async_callback(store.close)
        yield store


@asynccontextmanager
async def serve_store(settings: Settings) -> AsyncIterator[str]:
    """The embedded engine, answering ClickHouse clients until the block ends; gives its address.

    Raises `Held`, `CannotListen`, and `InvalidSettings` if the store is another server's.
    """
    if not isinstance(settings.store, EmbeddedStore):
        raise InvalidSettings(f"store = '{settings.store}': what is served is a directory: chdb:///absolute/path")
    chosen, path = settings.serve_store, settings.store.path
    served = Served(
        path,
        Users(_users(chosen)),
        hosts=LOOPBACK if is_loopback(chosen.listen) else EVERY_HOST,
        waiting_bytes=chosen.waiting_bytes,
        calls=chosen.calls,
    )
    with hold(path), query_app(served, process_registry()) as app:
        take_back_unfinished(path)
        engine = await asyncio.to_thread(embedded_client, path)  # as long as it is open, so is the engine
        try:
            async with serving_http(app, chosen.listen, "serve_store.listen") as address:
                announce(path, Addresses(os.getpid(), "", address))
                yield address
        finally:
            engine.close()


def _users(chosen: ServeStoreSettings) -> Sequence[User]:
    writers = [User(name, password.get_secret_value(), writes=True) for name, password in chosen.users.items()]
    readers = [User(name, password.get_secret_value(), writes=False) for name, password in chosen.readers.items()]
    return [*writers, *readers] or [User(DEFAULT_USER, "", writes=True)]
