"""Few rows of our own tables as a block. Spans do not come this way: they are many, and go as bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from spanwise.collector.store import Block, Row


def block_of(table: str, columns: Sequence[str], rows: Sequence[Row]) -> Block:
    """A block with `rows`, whose values are in the order of `columns`; times must be aware of their zone."""
    lines = [json.dumps(row, default=_text, ensure_ascii=True) for row in rows]
    return Block(table, columns, "JSONCompactEachRow", "\n".join(lines).encode(), len(rows))


def timestamp(time: datetime) -> str:
    """As ClickHouse reads a `DateTime64(6, 'UTC')`."""
    return f"{time.timestamp():.6f}"


def nanoseconds(time: int) -> str:
    """As ClickHouse reads a `DateTime64(9, 'UTC')`."""
    return f"{time // 10**9}.{time % 10**9:09d}"


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return timestamp(value)
    raise TypeError(f"{type(value).__name__} has no column type")
