"""Connections to the embedded engine that can only read its tables.

The engine's own `readonly = 1` refuses everything that writes to tables, and every table function that reaches outside.
What it lets through inside a process, a server would not: `INTO OUTFILE`, the function `file()`, `KILL QUERY`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from spanwise.collector.errors import Rejected

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

READING = frozenset({"SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "("})
STRING = re.compile(r"'(?:[^'\\]|\\.|'')*'")
OUTSIDE = re.compile(r"\bINTO\s+OUTFILE\b|[`\"]?\bfile\b[`\"]?\s*\(", re.IGNORECASE)

SESSION = (
    "SET max_execution_time = 60",
    f"SET max_memory_usage = {4 * 1024**3}",
    f"SET max_result_bytes = {1024**3}",
    "SET session_timezone = 'UTC'",
    "SET readonly = 1",  # the last one: nothing can be set after it
)


def reading_connection(path: Path) -> Connection:
    """A connection to the engine at `path`, which this process holds already, whose session only reads."""
    import chdb  # noqa: PLC0415 (loading the engine takes as long as a whole query of a running collector)

    connection: Connection = chdb.connect(str(path))  # type: ignore[no-untyped-call]  # chDB has no annotations here
    for statement in SESSION:
        connection.query(statement)
    return connection


def read(connection: Connection, sql: str, default_format: str, parameters: Mapping[str, str]) -> bytes:
    """The answer to `sql`, as ClickHouse writes it. Raises `Rejected` if it does more than read tables."""
    _ensure_reading(connection, sql)
    return bytes(connection.query(sql, default_format, params=dict(parameters)).bytes())


def _escaped(text: str) -> str:
    """As query parameters are written: like a field of a tab-separated file."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _ensure_reading(connection: Connection, sql: str) -> None:
    # As the engine formats it, so that neither comments nor spelling hide anything. What it cannot parse as one
    # statement raises there: chDB itself would run several, one after the other.
    formatted = connection.query(
        "SELECT formatQuerySingleLine({sql:String})", "TabSeparatedRaw", params={"sql": _escaped(sql)}
    )
    text = formatted.bytes().decode().strip()
    first = re.match(r"\w+|\(", text)
    if first is None or first.group().upper() not in READING:
        raise Rejected(f"only statements that read are served here, not {text.split()[0]}")
    if OUTSIDE.search(STRING.sub("''", text)):
        raise Rejected("INTO OUTFILE and file() are not served here: they would reach files of the collector")
