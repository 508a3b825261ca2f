"""The table is sound: what its rows promise to those who read them, here and in compiled code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.conventions import TABLE, Kind, Place, Source
from spanwise.collector.store import migrate


def _rows(column: str) -> list[Source]:
    return [source for source in TABLE if source.column == column]


def test_every_row_feeds_a_column_of_the_table() -> None:
    sql = (Path(migrate.__file__).parent / "schema" / "0001_otel_traces.sql").read_text()
    columns = {line.split()[0] for line in sql.splitlines() if line.startswith("    ") and line.strip()}
    assert {source.column for source in TABLE} == set(conventions.COLUMN_NAMES)
    assert set(conventions.COLUMN_NAMES) <= columns


def test_no_row_stands_twice() -> None:
    rows = Counter((one.column, one.place, one.event, one.key, when) for one in TABLE for when in one.when or Kind)
    repeated = {row[:4] for row, times in rows.items() if times > 1}
    # OpenInference's messages one by one come first on a model's span, and last on any other.
    assert {key for *_, key in repeated} <= {"llm.input_messages.", "llm.output_messages."}


def test_only_prefixes_end_in_a_dot() -> None:
    assert all(source.key.endswith(".") == (source.place is Place.INDEXED) for source in TABLE)


def test_rows_for_events_name_them() -> None:
    assert all(bool(source.event) == (source.place is Place.EVENT) for source in TABLE)


def test_what_is_assembled_has_a_shape() -> None:
    assembled = [source for source in TABLE if source.place in (Place.INDEXED, Place.EVENTS)]
    assert all(source.shape and source.column in conventions.CONTENT_COLUMNS for source in assembled)


@pytest.mark.parametrize("column", conventions.CONTENT_COLUMNS)
def test_the_events_of_a_column_have_one_shape(column: str) -> None:
    assert len({source.shape for source in _rows(column) if source.place is Place.EVENTS}) <= 1


@pytest.mark.parametrize(("column", "home"), conventions.CONTENT_COLUMNS.items())
def test_a_content_columns_home_is_preferred(column: str, home: str) -> None:
    first = _rows(column)[0]
    assert (first.key, first.place, first.when) == (home, Place.ATTRIBUTE, frozenset())


def test_a_content_column_takes_nothing_from_the_resource() -> None:
    assert not [one for one in TABLE if one.place is Place.RESOURCE and one.column in conventions.CONTENT_COLUMNS]


def test_operations_do_not_depend_on_the_kind_that_they_determine() -> None:
    assert not [source for source in _rows(conventions.OPERATION) if source.when]
    assert set(conventions.OPERATION_NAMES) <= {source.key for source in _rows(conventions.OPERATION)}


def test_the_organisation_is_no_column_of_the_table() -> None:
    """It comes from the credential."""
    assert "Org" not in conventions.COLUMN_NAMES
