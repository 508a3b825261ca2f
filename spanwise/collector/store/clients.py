"""Connections to the engine, lent out: one serves one call at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from spanwise.collector.store.url import ServedStore


class Connection(Protocol):
    def close(self) -> Any: ...


Lent = TypeVar("Lent", bound=Connection)


def embedded_client(path: Path) -> Client:
    """A client of the engine inside this process. One process may hold a data directory; its clients are cheap."""
    path.mkdir(parents=True, exist_ok=True)
    # A server's time zone is set; the embedded engine takes the machine's.
    return clickhouse_connect.get_client(interface="chdb", path=str(path), settings={"session_timezone": "UTC"})


def served_client(
    store: ServedStore, database: str, *, connect_seconds: int, answer_seconds: int, ca_file: Path | None
) -> Client:
    """A client of a server, with a connection of its own. The seconds are for connecting, and for each answer."""
    return clickhouse_connect.get_client(
        interface="https" if store.secure else "http",
        host=store.host,
        port=store.port,
        username=store.user,
        password=store.password,
        database=database,
        connect_timeout=connect_seconds,
        send_receive_timeout=answer_seconds,
        ca_cert=str(ca_file) if ca_file else None,
        compress=False,  # blocks are large, and the network between a role and its store is near
        autogenerate_session_id=False,  # nothing here lasts longer than a call
        dedicated_pool=True,
        settings={"session_timezone": "UTC"},
    )


class Connections(Generic[Lent]):
    """Makes a connection when none is idle. Without several, a reader's long query would hold up an insert."""

    def __init__(self, connect: Callable[[], Lent]) -> None:
        self._connect = connect
        self._idle: list[Lent] = []
        self._lock = threading.Lock()

    @contextmanager
    def lend(self) -> Iterator[Lent]:
        """A connection for one thread. It is lent again afterwards, but not when the call failed: what chDB had
        already written of an answer that then failed, it would give to the connection's next query.
        """
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append(connection)

    def close(self) -> None:
        """Close the idle ones: call it when nobody borrows any more."""
        while self._idle:
            self._idle.pop().close()
