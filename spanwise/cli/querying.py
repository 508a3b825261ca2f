"""Reading queries, answered by the collector that runs on the data directory, or by the engine itself if none does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from spanwise.cli.failures import Failed
from spanwise.collector.directory import hold, running
from spanwise.collector.settings import Settings
from spanwise.collector.store.readonly import read, reading_connection

NO_PARAMETERS: Mapping[str, str] = {}


def query(settings: Settings, sql: str, default_format: str, parameters: Mapping[str, str] = NO_PARAMETERS) -> bytes:
    """The answer as ClickHouse writes it, in the format that `sql` names or the default one. Raises `Failed`."""
    if addresses := running(settings.store_path):
        return _ask(addresses.query, sql, default_format, parameters)
    if not settings.store_path.exists():
        raise Failed(f"there are no data in {settings.store_path} yet: start a collector with 'spanwise up'")
    with hold(settings.store_path):
        return _read(settings, sql, default_format, parameters)


def query_rows(
    settings: Settings, sql: str, parameters: Mapping[str, str] = NO_PARAMETERS
) -> Sequence[Mapping[str, Any]]:
    """The rows of the answer by column name."""
    lines = query(settings, sql, "JSONEachRow", parameters).splitlines()
    return [json.loads(line) for line in lines]


def _ask(address: str, sql: str, default_format: str, parameters: Mapping[str, str]) -> bytes:
    values = {"default_format": default_format, **{f"param_{name}": value for name, value in parameters.items()}}
    connection = HTTPConnection(address)
    try:
        connection.request("POST", f"/?{urlencode(values)}", sql.encode())
        answer = connection.getresponse()
        body = answer.read()
    except OSError as error:
        raise Failed(f"the collector does not answer on {address}: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise Failed(body.decode().strip())
    return body


def _read(settings: Settings, sql: str, default_format: str, parameters: Mapping[str, str]) -> bytes:
    connection = reading_connection(settings.store_path)
    try:
        return read(connection, sql, default_format, parameters)
    except RuntimeError as error:  # what chDB raises, whatever the engine says
        raise Failed(str(error)) from None
    finally:
        connection.close()
