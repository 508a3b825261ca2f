"""What a benchmark found: as a table for people, as one JSON object a line for programs (`--json`)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured `value`.

    `ratio` says how it compares to what `compared_to` names. `at_least` is the bound: of the ratio where there is one,
    else of the value; bigger is better. None: it is for information.
    """

    name: str
    value: float
    unit: str = ""
    ratio: float | None = None
    compared_to: str | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool:
        return self.at_least is None or (self.value if self.ratio is None else self.ratio) >= self.at_least


def at_most(name: str, value: float, unit: str, bound: float, what: str = "") -> Figure:
    """A figure that must not exceed `bound`: the ratio says how often it would fit in."""
    compared_to = what or f"at most {bound:,.4g} {unit}".rstrip()
    return Figure(name, value, unit, bound / value if value > 0 else float(2**53), compared_to, 1.0)


def parser(description: str | None) -> argparse.ArgumentParser:
    """The arguments that every benchmark has; the first line of its docstring describes it."""
    made = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    made.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    return made


def report(title: str, figures: Iterable[Figure], *, as_json: bool) -> None:
    """Print the figures: lines as they come, or a table at the end. Exits with 1 if a bound was missed."""
    kept: list[Figure] = []
    for figure in figures:
        kept.append(figure)
        if as_json:
            print(json.dumps(as_object(figure)), flush=True)
    if not as_json:
        show(title, kept, Console())
    if not all(figure.met for figure in kept):
        sys.exit(1)


def show(title: str, figures: Sequence[Figure], console: Console) -> None:
    """Print a table of the figures, in their order."""
    grid = Table("figure", "value", "unit", "ratio", "compared to", "bound", title=title, title_justify="left")
    for name in ("value", "ratio"):
        next(column for column in grid.columns if column.header == name).justify = "right"
    for figure in figures:
        ratio = "" if figure.ratio is None else number(figure.ratio)
        grid.add_row(figure.name, number(figure.value), figure.unit, ratio, figure.compared_to or "", _verdict(figure))
    console.print(grid)


def number(value: float) -> str:
    """Three digits that count, or all of a whole number's."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def as_object(figure: Figure) -> dict[str, Any]:
    """As it stands in a line of JSON."""
    return asdict(figure)


def from_object(line: dict[str, Any]) -> Figure:
    """The opposite of `as_object`."""
    return Figure(**line)


def _verdict(figure: Figure) -> str:
    if figure.at_least is None:
        return ""
    return f"[green]≥ {figure.at_least:g}[/]" if figure.met else f"[bold red]missed: ≥ {figure.at_least:g}[/]"
