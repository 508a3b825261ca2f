"""`spanwise sql`: queries."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from spanwise.cli.options import Config, Json
from spanwise.cli.output import show_table
from spanwise.cli.querying import query
from spanwise.collector.settings import load_settings

app = typer.Typer()


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="A reading query; one that ends in FORMAT … is shown as it comes.")],
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Run a reading query. Works whether or not a collector is running."""
    answer = query(load_settings(config), statement, "JSONEachRow" if as_json else "JSONCompact")
    table = None if as_json else _table(answer)
    if table is None:
        sys.stdout.buffer.write(answer)
        sys.stdout.flush()
    else:
        show_table([column["name"] for column in table["meta"]], table["data"])


def _table(answer: bytes) -> dict[str, Any] | None:
    """None if the query names a format of its own."""
    try:
        table = json.loads(answer)
    except ValueError:
        return None
    return table if isinstance(table, dict) and {"meta", "data"} <= table.keys() else None
