"""Which store a URL names, and that its password stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from spanwise.collector.store.url import EmbeddedStore, ServedStore, parse_store_url


def test_a_directory() -> None:
    store = parse_store_url("chdb:///var/lib/spanwise")
    assert store == EmbeddedStore(Path("/var/lib/spanwise"))
    assert str(store) == "chdb:///var/lib/spanwise"


def test_a_server() -> None:
    assert parse_store_url("clickhouse://ada:p%40ss%2Fword@db.example:9123/traces") == ServedStore(
        "db.example", 9123, secure=False, user="ada", password="p@ss/word", database="traces"
    )


def test_what_a_url_leaves_out() -> None:
    assert parse_store_url("clickhouse://db") == ServedStore("db", 8123, False, "default", "", "default")
    assert parse_store_url("clickhouses://[::1]/x") == ServedStore("::1", 8443, True, "default", "", "x")


def test_a_password_is_not_shown() -> None:
    store = parse_store_url("clickhouses://ada:s3cret@[::1]/traces")
    assert str(store) == "clickhouses://ada@[::1]:8443/traces"
    assert "s3cret" not in repr(store)


@pytest.mark.parametrize(
    "url",
    [
        *("", "db", "chdb://relative", "chdb:///", "mysql://db/traces", "clickhouse://", "clickhouse://db:port/x"),
        *("clickhouse://db/a/b", "clickhouse://db/x?secure=1", "clickhouse://ada:s3/cret@db/x"),
    ],
)
def test_anything_else_is_told_what_would_be_right(url: str) -> None:
    with pytest.raises(
        ValueError, match=r"should be chdb:///absolute/path .* or clickhouse://user:password@host"
    ) as told:
        parse_store_url(url)
    assert "cret" not in str(told.value)
