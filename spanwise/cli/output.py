"""Answers: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

UNFOLDED = 1_000_000
"""Characters in a line."""


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str = "nothing found") -> None:
    """Rows with the same keys: as a table, or one JSON object a line."""
    if as_json:
        for row in rows:
            write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    elif rows:
        show_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        console(stderr=True).print(empty)


def show_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)  # often an id, to be copied
    for row in rows:
        # As Text, since what users said is no markup.
        table.add_row(*(Text(_cell(value)) for value in row))
    console().print(table)


def say(text: str) -> None:
    """A text as it is, however wide the terminal."""
    console().print(text, markup=False, soft_wrap=True)


def console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    # What is not shown on a terminal is read by programs or searched: nothing in it is folded.
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else UNFOLDED)


def write(text: str) -> None:
    sys.stdout.write(text)


def _cell(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
