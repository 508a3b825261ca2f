"""Whether the compiled block says what the plain decoder says, column by column, as ClickHouse reads both."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from spanwise.collector.otlp.block import Request, SpanRows, span_rows
from spanwise.collector.store import Block, Store
from tests.otlp.oracle.rows import oracle_rows

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


async def check_parity(store: Store, sent: Sequence[Request]) -> None:
    compiled, plain = span_rows(sent, NOW), oracle_rows(sent, NOW)
    assert compiled.rows == plain.rows
    assert {traces.org: list(traces) for traces in compiled.traces} == {one.org: list(one) for one in plain.traces}
    assert compiled.unmapped == plain.unmapped
    assert set(compiled.columns) <= set(plain.columns)
    if plain.rows:
        assert await _rows(store, compiled) == await _rows(store, plain)


async def _rows(store: Store, rows: SpanRows) -> Sequence[dict[str, Any]]:
    """All columns of the rows, as ClickHouse reads them, in an order of their own."""
    table = f"parity_{os.urandom(6).hex()}"
    await store.query(f"CREATE TABLE {table} AS otel_traces ENGINE = Memory")
    try:
        await store.insert(Block(table, rows.columns, rows.format, rows.data, rows.rows), table)
        answer = await store.read(f"SELECT *, FullSpanAttributes FROM {table} FORMAT JSONEachRow")
    finally:
        await store.query(f"DROP TABLE {table}")
    return sorted((json.loads(line) for line in answer.splitlines()), key=json.dumps)
