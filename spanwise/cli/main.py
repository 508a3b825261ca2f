"""The commands: each is a module of this package, imported when it is run.

Exit codes: 0 done; 1 it failed, or was refused; 2 the command line or the settings are wrong; 3 try again later.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = (
    "up",
    "serve-store",
    "check",
    "migrate",
    "sql",
    "replay",
    "demo",
    "context",
    "signals",
    "mcp",
    "deliver",
    "dead-letters",
)


class Commands(TyperGroup):
    """Imports what is run, and no more: loading every library takes longer than most commands."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        return typer.main.get_command(import_module(f"spanwise.cli.{cmd_name.replace('-', '_')}").app)


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.callback()
def spanwise() -> None:
    """Turns the traces that AI agents already emit into better agents."""
