"""Few rows of our own tables as a block. Spans do not come this way: they are many, and go as bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from spanwise.collector.store import Block, Row


def block_of(table: str, columns: Sequence[str], rows: Sequence[Row]) -> Block:
    """A block with `rows`, whose values are in the order of `columns`; times must be aware of their zone."""
    lines = [json.dumps(row, default=_text, ensure_ascii=False) for row in rows]
    # A model may have emitted half of a surrogate pair, which is no text that the engine takes.
    data = "\n".join(lines).encode("utf-8", "replace")
    return Block(table, columns, "JSONCompactEachRow", data, len(rows))


def timestamp(time: datetime) -> str:
    """As ClickHouse reads a `DateTime64(6, 'UTC')`."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def utc(time: datetime) -> datetime:
    """A `DateTime64(…, 'UTC')` as it was read: the embedded engine's client drops the zone."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def nanoseconds(time: int) -> str:
    """Nanoseconds since the Unix epoch as ClickHouse reads a `DateTime64(9, 'UTC')`."""
    seconds, rest = divmod(time, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest:09d}"


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return timestamp(value)
    raise TypeError(f"{type(value).__name__} has no column type")
