"""Reading queries, answered by a server, by the collector that runs on the data directory, or by the engine itself."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from spanwise.cli.asking import Server, ask
from spanwise.cli.failures import Failed
from spanwise.collector.directory import hold, running
from spanwise.collector.settings import Settings
from spanwise.collector.store.serve.users import DEFAULT_USER
from spanwise.collector.store.sessions import read, reading_connection
from spanwise.collector.store.url import ServedStore

NO_PARAMETERS: Mapping[str, str] = {}


def query(settings: Settings, sql: str, default_format: str, parameters: Mapping[str, str] = NO_PARAMETERS) -> bytes:
    """The answer as ClickHouse writes it, in the format that `sql` names or the default one. Raises `Failed`."""
    if isinstance(settings.store, ServedStore):
        return ask(_server(settings.store, settings), sql, default_format, parameters)
    path = settings.store.path
    if addresses := running(path):
        return ask(_neighbour(addresses.query, settings), sql, default_format, parameters)
    if not path.exists():
        raise Failed(f"there are no data in {path} yet: start a collector with 'spanwise up'")
    with hold(path):
        return _read(path, sql, default_format, parameters)


def query_rows(
    settings: Settings, sql: str, parameters: Mapping[str, str] = NO_PARAMETERS
) -> Sequence[Mapping[str, Any]]:
    """The rows of the answer by column name."""
    lines = query(settings, sql, "JSONEachRow", parameters).splitlines()
    return [json.loads(line) for line in lines]


def _server(store: ServedStore, settings: Settings) -> Server:
    patience = settings.clickhouse.answer_seconds
    return Server(store.address, store.user, store.password, store.database, patience, _tls(store, settings))


def _tls(store: ServedStore, settings: Settings) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=settings.clickhouse.ca_file) if store.secure else None


def _neighbour(address: str, settings: Settings) -> Server:
    """What serves this machine's data directory: a collector, which needs no password, or `serve-store`."""
    chosen = settings.serve_store
    name, password = next(iter({**chosen.readers, **chosen.users}.items()), (DEFAULT_USER, SecretStr("")))
    return Server(address, name, password.get_secret_value())


def _read(path: Path, sql: str, default_format: str, parameters: Mapping[str, str]) -> bytes:
    connection = reading_connection(path)
    try:
        return read(connection, sql, default_format, parameters)
    except RuntimeError as error:  # what chDB raises, whatever the engine says
        raise Failed(str(error)) from None
    finally:
        connection.close()
