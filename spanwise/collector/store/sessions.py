"""Connections to the embedded engine that run somebody else's statements: each has settings of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from spanwise.collector.errors import Rejected
from spanwise.collector.store.permitted import ensure_reading

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

NOTHING: Mapping[str, str] = {}

UTC = {"session_timezone": "UTC"}

LIMITS = {
    "max_execution_time": "60",
    "max_memory_usage": str(4 * 1024**3),
    "max_result_bytes": str(1024**3),
    "readonly": "1",
}
"""Of those who only read. Set last, so that nothing goes beyond them."""

WHOLE = {
    # One insert is one part, which is written whole or not at all.
    "min_insert_block_size_rows": "0",
    "min_insert_block_size_bytes": str(1024**3),
    "max_insert_block_size_bytes": "0",
}
"""Of those who write, unless they choose otherwise."""

ACKNOWLEDGED = {"async_insert": "0"}
"""The answer to an insert means that its rows are there."""


def reading_connection(path: Path, database: str = "", settings: Mapping[str, str] = NOTHING) -> Connection:
    """A connection to the engine at `path`, which this process holds already, whose session only reads."""
    return _connection(path, database, {**UTC, **settings, **LIMITS})


def writing_connection(path: Path, database: str = "", settings: Mapping[str, str] = NOTHING) -> Connection:
    """A connection that may change tables, for statements that were looked at: see `permitted`."""
    return _connection(path, database, {**UTC, **WHOLE, **settings, **ACKNOWLEDGED})


def read(connection: Connection, sql: str, default_format: str, parameters: Mapping[str, str]) -> bytes:
    """The answer to `sql`, as ClickHouse writes it. Raises `Rejected` if it does more than read tables."""
    ensure_reading(connection, sql)
    return bytes(connection.query(sql, default_format, params=dict(parameters)).bytes())


def _connection(path: Path, database: str, settings: Mapping[str, str]) -> Connection:
    import chdb  # noqa: PLC0415 (loading the engine takes as long as a whole query of a running collector)

    statement = _set(settings)
    connection: Connection = chdb.connect(str(path))
    try:
        if database:
            connection.query("USE " + quoted(database, "`"))
        connection.query(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _set(settings: Mapping[str, str]) -> str:
    if wrong := [name for name in settings if not re.fullmatch(r"[A-Za-z_]\w*", name)]:
        raise Rejected(f"{wrong[0]!r} is no name of a setting")
    return "SET " + ", ".join(f"{name} = {quoted(value)}" for name, value in settings.items())


def quoted(text: str, quote: str = "'") -> str:
    """`text` as a literal of SQL, or with backticks as a name."""
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
