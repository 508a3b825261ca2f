"""`spanwise signals`: what was seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from spanwise.cli.options import Config, Json, Since
from spanwise.cli.output import show
from spanwise.cli.querying import query_rows
from spanwise.collector.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="What was seen in traces.")

LIST = """
SELECT SeenAt, Kind, Org, AgentName, UserId, Quote, round(Confidence, 2) AS Confidence, Details, TraceId, SpanId, Id
FROM signals FINAL
WHERE SeenAt >= {since:DateTime64(6, 'UTC')} AND ({kind:String} = '' OR Kind = {kind:String})
ORDER BY SeenAt DESC LIMIT {limit:UInt32}
"""
EVER = datetime.fromtimestamp(0, UTC)
SHOWN = ("SeenAt", "Kind", "AgentName", "UserId", "Quote", "Confidence", "TraceId")


@app.callback()
def signals() -> None:
    """Keeps `list` a command of its own while it is the only one."""


@app.command("list")
def list_signals(
    since: Since = EVER,
    kind: Annotated[str, typer.Option("--kind", help="Such as memory.explicit or tool.error; empty: every kind.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most this many.")] = 100,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """The newest signals."""
    parameters = {"since": f"{since.timestamp():.6f}", "kind": kind, "limit": str(limit)}
    rows = query_rows(load_settings(config), LIST, parameters)
    shown = rows if as_json else [{name: row[name] for name in SHOWN} for row in rows]
    show(shown, as_json=as_json, empty="no signals yet")
