"""Runs a query in the engine: a statement, or rows that are handed over piece by piece."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spanwise.collector.store.permitted import READING, WRITING, ensure_reading, ensure_writing
from spanwise.collector.store.serve.greeting import greeting, is_greeting
from spanwise.collector.store.serve.insert import Insert, find_insert
from spanwise.collector.store.serve.query import Query
from spanwise.collector.store.serve.refusal import Refusal
from spanwise.collector.store.sessions import quoted, reading_connection, writing_connection

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

HEAD = 256 * 1024
"""Bytes of a body within which an INSERT must come to its rows."""
MAX_STATEMENT = 16 * 1024 * 1024
FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    data: bytes = b""
    summary: Mapping[str, int] = field(default_factory=dict)
    format: str = ""
    """Of the table that it is, perhaps an empty one; nothing for the answer to a change."""


def run(path: Path, query: Query, body: Iterator[bytes]) -> Answer:
    """The answer of the engine at `path`. `body` has plain bytes; its pieces are let go of as they are taken in.

    Raises `Rejected` and `Refusal`, and `RuntimeError` with what the engine says; then nothing is inserted.
    """
    sql, insert, rows = _taken_apart(query, body)
    connect = writing_connection if query.writes else reading_connection
    with closing(connect(path, query.database, query.settings)) as connection:
        (ensure_writing if query.writes else ensure_reading)(connection, sql)
        if is_greeting(sql, query.protocol):
            return Answer(greeting(connection, query.protocol), format="Native")
        if insert is not None:
            return _insert(connection, insert, rows, query.parameters)
        result: Any = connection.query(sql, query.format, params=dict(query.parameters))
        return Answer(bytes(result.bytes()), _summary(result), _format(sql, query.format))


def _taken_apart(query: Query, body: Iterator[bytes]) -> tuple[str, Insert | None, Iterable[bytes]]:
    """The statement and, if it is an insertion, its rows."""
    head = query.sql.encode() or _head(body)
    if insert := find_insert(head):
        rest = head[insert.data :]
        return insert.statement, insert, itertools.chain((rest,) if rest else (), body)
    return _joined(head, query.sql, body), None, ()


def _head(body: Iterator[bytes]) -> bytes:
    head = bytearray()
    for piece in body:
        head += piece
        if len(head) >= HEAD:
            break
    return bytes(head)


def _joined(head: bytes, sql: str, body: Iterator[bytes]) -> str:
    """A statement that is in the address, in the body, or begins in the one and goes on in the other."""
    text = bytearray(head)
    if sql:
        text += b"\n"
    for piece in body:
        text += piece
        if len(text) > MAX_STATEMENT:
            raise Refusal(62, "SYNTAX_ERROR", f"a statement of more than {MAX_STATEMENT} bytes; rows come after FORMAT")
    return text.decode("utf-8", "replace").strip()


def _insert(connection: Connection, insert: Insert, rows: Iterable[bytes], parameters: Mapping[str, str]) -> Answer:
    for name, value in parameters.items():  # this way of inserting takes none
        connection.query(f"SET param_{name} = {quoted(value)}")
    with connection.send_insert(insert.sql, insert.format) as inserting:
        for piece in rows:
            inserting.append(piece)
        written: Any = inserting.finish()
    return Answer(summary={"written_rows": written.rows_written, "written_bytes": written.bytes_written})


def _summary(result: Any) -> Mapping[str, int]:
    return {
        "read_rows": result.storage_rows_read(),
        "read_bytes": result.storage_bytes_read(),
        "written_rows": result.rows_written(),
        "result_rows": result.rows_read(),
        "elapsed_ns": int(result.elapsed() * 1e9),
    }


def _format(sql: str, default: str) -> str:
    first = re.match(r"\w*", sql)
    if first and first.group().upper() in WRITING - READING:
        return ""
    named = FORMAT.search(sql)
    return named[1] if named else default
