"""The commands.

Exit codes: 0 done; 1 it failed, or was refused; 2 the command line or the settings are wrong; 3 try again later.
"""

from __future__ import annotations

import typer

from spanwise.cli import check, context, demo, migrate, replay, signals, sql, up

app = typer.Typer(
    help="Turns the traces that AI agents already emit into better agents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("up")(up.up)
app.command("check")(check.check)
app.command("migrate")(migrate.migrate)
app.command("sql")(sql.sql)
app.command("replay")(replay.replay)
app.command("demo")(demo.demo)
app.add_typer(context.app, name="context")
app.add_typer(signals.app, name="signals")
