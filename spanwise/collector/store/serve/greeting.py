"""What clickhouse-go (and with it the OpenTelemetry Collector and Grafana) asks first on every connection.

It reads this one answer in the Native format of its own protocol version, and all later ones in that of the revision
which the answer names. The engine writes Native without a version only, which is what revision 0 stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

QUESTION = "SELECT displayName(), version(), revision(), timezone()"
DISPLAY_NAME = "spanwise"
TIMEZONE = "UTC"
BLOCK_INFO = b"\x01\x00\x02\xff\xff\xff\xff\x00"
"""Field 1: no overflow row; field 2: no bucket; end."""
CUSTOM_SERIALIZATION = 54454
"""From this protocol version on, a byte after a column's type says whether it is serialized in a way of its own."""


def is_greeting(sql: str, protocol: int) -> bool:
    return protocol > 0 and sql.rstrip("; \n") == QUESTION


def greeting(connection: Connection, protocol: int) -> bytes:
    """The answer, for a client with this protocol version."""
    version = connection.query("SELECT version()", "TabSeparatedRaw").bytes().decode().strip()
    columns = (
        ("displayName()", "String", _text(DISPLAY_NAME)),
        ("version()", "String", _text(version)),
        ("revision()", "UInt32", bytes(4)),
        ("timezone()", "String", _text(TIMEZONE)),
    )
    custom = b"\x00" if protocol >= CUSTOM_SERIALIZATION else b""
    written = [_text(name) + _text(kind) + custom + value for name, kind, value in columns]
    return BLOCK_INFO + bytes((len(columns), 1)) + b"".join(written)


def _text(text: str) -> bytes:
    data = text.encode()
    return bytes((len(data),)) + data  # all of them are shorter than 128 bytes, so the length takes one
