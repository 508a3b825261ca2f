"""Where an INSERT ends and its rows begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.store.serve.insert import find_insert

STATEMENTS = {
    b"INSERT INTO t FORMAT Native\n": ("INSERT INTO t", "Native"),
    b"insert into t format CSV ": ("insert into t", "CSV"),
    b"INSERT INTO t (a, b) SETTINGS x = 'FORMAT Y' FORMAT RowBinary\r\n": (
        "INSERT INTO t (a, b) SETTINGS x = 'FORMAT Y'",
        "RowBinary",
    ),
    b"/* FORMAT A */ INSERT -- FORMAT B\n INTO t FORMAT C;\n": ("/* FORMAT A */ INSERT -- FORMAT B\n INTO t", "C"),
    b'INSERT INTO `FORMAT x`."VALUES" (`a) FORMAT`, format) FORMAT TSV\n': (
        'INSERT INTO `FORMAT x`."VALUES" (`a) FORMAT`, format)',
        "TSV",
    ),
    b"INSERT INTO values VALUES": ("INSERT INTO values", "Values"),
    b"INSERT INTO format.format FORMAT TSV\n": ("INSERT INTO format.format", "TSV"),
}


@pytest.mark.parametrize("statement", STATEMENTS)
@given(rows=st.binary())
def test_rows_are_taken_as_they_are(statement: bytes, rows: bytes) -> None:
    rows = b"(" + rows  # white space at once would still be the statement's
    found = find_insert(statement + rows)
    assert found is not None
    assert (found.sql, found.format) == STATEMENTS[statement]
    assert (statement + rows)[found.data :] == rows


def test_a_line_feed_may_be_the_first_byte_of_the_rows() -> None:
    text = b"INSERT INTO t FORMAT RowBinary\n\n\x00"
    found = find_insert(text)
    assert found is not None
    assert text[found.data :] == b"\n\x00"


@pytest.mark.parametrize(
    "statement",
    [
        *(b"", b" ", b"SELECT 1 FORMAT CSV", b"INSERT INTO t SELECT 1 FORMAT CSV", b"INSERT INTO t FORMAT"),
        *(b"INSERT INTO t FROM INFILE 'x' FORMAT CSV", b"WITH 1 AS x INSERT INTO t SELECT x", b"INSERT INTO t"),
        b"\xff\x00\x01",
    ],
)
def test_what_brings_no_rows_is_no_insertion_of_rows(statement: bytes) -> None:
    assert find_insert(statement) is None


@given(st.binary())
def test_any_bytes_can_be_asked(text: bytes) -> None:
    find_insert(text)
    find_insert(b"INSERT INTO t " + text)
