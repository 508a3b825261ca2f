"""What every store promises: the embedded engine, the same one served, and a server if there is one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import pytest_asyncio
from clickhouse_connect.driver.exceptions import DatabaseError

from spanwise.collector.store import Block, Store
from spanwise.collector.store.migrate import migrate, migrations, pending
from spanwise.collector.store.retention import retain
from spanwise.collector.store.rows import block_of

_NUMBERS = count(1)


@pytest_asyncio.fixture
async def table(store: Store) -> AsyncIterator[str]:
    name = f"contract_{next(_NUMBERS)}"
    await store.query(
        f"CREATE TABLE {name} (Number UInt64, Text String) ENGINE = MergeTree ORDER BY Number "
        "SETTINGS non_replicated_deduplication_window = 100"
    )
    yield name
    await store.query(f"DROP TABLE {name}")


def _block(table: str, *rows: tuple[int, str]) -> Block:
    return block_of(table, ("Number", "Text"), rows)


async def test_rows_are_there_when_insert_returns(store: Store, table: str) -> None:
    await store.insert(_block(table, (1, "one"), (2, "zwei 'ü' \\ \n")), "a")
    assert list(await store.query(f"SELECT * FROM {table} ORDER BY Number")) == [(1, "one"), (2, "zwei 'ü' \\ \n")]


async def test_the_same_token_changes_nothing(store: Store, table: str) -> None:
    for _ in range(3):
        await store.insert(_block(table, (1, "one")), "a")
    await store.insert(_block(table, (1, "one")), "b")
    assert list(await store.query(f"SELECT count() FROM {table}")) == [(2,)]


async def test_a_large_insert_is_one_part(store: Store, table: str) -> None:
    """So it is written whole or not at all, whatever happens meanwhile."""
    data = b"".join(number.to_bytes(8, "little") + b"\x01x" for number in range(1_200_000))
    await store.insert(Block(table, ("Number", "Text"), "RowBinary", data, 1_200_000), "a")
    parts = await store.query(f"SELECT count(), sum(rows) FROM system.parts WHERE table = '{table}' AND level = 0")
    assert list(parts) == [(1, 1_200_000)]


async def test_a_broken_block_leaves_nothing_behind(store: Store, table: str) -> None:
    good, bad = _block(table, (1, "one")), _block(table, (2, "two"))
    with pytest.raises(DatabaseError):
        await store.insert(
            Block(table, good.columns, good.format, bytes(good.data) + b"\n" + bytes(bad.data[:-4]), 2), "a"
        )
    assert list(await store.query(f"SELECT count() FROM {table}")) == [(0,)]


async def test_parameters_are_values_and_never_sql(store: Store) -> None:
    nasty = "x' OR 1 = 1 -- \\ \t\n"
    sql = "SELECT {text:String}, {texts:Array(String)}"
    assert list(await store.query(sql, {"text": nasty, "texts": [nasty, "b"]})) == [(nasty, [nasty, "b"])]


async def test_read_gives_the_bytes_of_the_format(store: Store) -> None:
    answer = await store.read("SELECT {a:UInt8} AS a, 'x' AS b FORMAT JSONEachRow", {"a": 7})
    assert json.loads(answer) == {"a": 7, "b": "x"}


async def test_a_long_query_does_not_hold_up_an_insert(store: Store, table: str) -> None:
    long = asyncio.create_task(store.query("SELECT sleep(2)"))
    await asyncio.sleep(0.1)
    await store.insert(_block(table, (1, "one")), "a")
    assert not long.done()
    await long


async def test_migrations_are_applied_once(store: Store) -> None:
    assert await pending(store) == []
    await migrate(store, report=lambda migration: pytest.fail(f"applied {migration.name} again"))
    numbers = [migration.number for migration in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_what_was_stored_before_the_retention_is_deleted(store: Store, org: str) -> None:
    now = datetime.now(UTC)
    for age in (timedelta(days=9), timedelta(days=6)):
        row = (org, f"{age.days} days old", now - age)
        await store.insert(block_of("otel_traces", ("Org", "TraceId", "StoredAt"), [row]), f"{org}:spans:{age}")
        await store.insert(block_of("signals", ("Org", "Id", "SeenAt"), [row]), f"{org}:signals:{age}")

    async def remaining(table: str, column: str) -> list[str]:
        return [
            name
            for (name,) in await store.query(f"SELECT {column} FROM {table} WHERE Org = {{org:String}}", {"org": org})
        ]

    try:
        assert await retain(store, 7)
        assert not await retain(store, 7), "it is so already"
        await store.query("OPTIMIZE TABLE signals FINAL")  # which the engine does in its own time
        async with asyncio.timeout(30):
            while len(await remaining("otel_traces", "TraceId")) > 1:  # noqa: ASYNC110 (the engine tells nobody)
                await asyncio.sleep(0.05)
        assert await remaining("otel_traces", "TraceId") == ["6 days old"]
        assert await remaining("signals", "Id") == ["6 days old"]
    finally:
        assert await retain(store, None)
    assert not await retain(store, None)


async def test_a_migration_that_a_crash_cut_short_is_done_again(store: Store) -> None:
    await store.query("ALTER TABLE migrations DELETE WHERE Number = 2 SETTINGS mutations_sync = 2")
    assert [migration.number for migration in await pending(store)] == [2]
    await migrate(store)
    assert await pending(store) == []


async def test_many_parameters_are_too_long_for_an_address_and_work_all_the_same(store: Store) -> None:
    texts = [f"'{number}' ü\r\n\\" for number in range(5_000)]
    ((count, last),) = await store.query(
        "SELECT length({texts:Array(String)}), {texts:Array(String)}[-1]", {"texts": texts}
    )
    assert (count, last) == (5_000, texts[-1])
