"""The compiled block says of every request what the plain decoder says, column by column, as ClickHouse reads both."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwise.collector.otlp.block import Request, SpanRows, span_rows
from spanwise.collector.store import Block, Store
from tests.otlp.oracle.rows import oracle_rows
from tests.otlp.traces import requests

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
RECORDINGS = {
    path.stem: path.read_bytes() for path in (Path(__file__).parent.parent / "golden" / "recordings").glob("*.otlp")
}


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


async def _check(store: Store, sent: Sequence[Request]) -> None:
    compiled, plain = span_rows(sent, NOW), oracle_rows(sent, NOW)
    assert compiled.rows == plain.rows
    assert compiled.traces == plain.traces
    assert compiled.unmapped == plain.unmapped
    assert set(compiled.columns) == set(plain.columns)
    if plain.rows:
        assert await _rows(store, compiled) == await _rows(store, plain)


@settings(suppress_health_check=list(HealthCheck), max_examples=150, deadline=None)
@given(st.lists(st.tuples(requests(), st.sampled_from(["a", "b"])), max_size=3))
async def test_of_any_requests(store: Store, sent: Sequence[tuple[Any, str]]) -> None:
    await _check(store, [Request(one.SerializeToString(), org, os.urandom(16)) for one, org in sent])


@pytest.mark.parametrize("client", sorted(RECORDINGS))
async def test_of_what_real_clients_send(store: Store, client: str) -> None:
    await _check(store, [Request(RECORDINGS[client], "org", os.urandom(16))])
