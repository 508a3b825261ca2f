"""Options that several commands share."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="TOML file with settings; SPANWISE_* variables win over it.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
Org = Annotated[str, typer.Option("--org", help="Organisation; the configured default if not given.")]
Agent = Annotated[str, typer.Option("--agent", help="Agent name; empty: every agent.")]
User = Annotated[str, typer.Option("--user", help="User id; empty: every user.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the audit trail.")]


def _since(text: str | datetime) -> datetime:
    if isinstance(text, datetime):  # a default
        return text
    if found := re.fullmatch(r"(\d+)([smhdw])", text):
        return datetime.now(UTC) - timedelta(seconds=int(found[1]) * UNITS[found[2]])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is neither a duration such as 90s, 1h or 2d nor an ISO 8601 time") from None
    return moment if moment.tzinfo else moment.astimezone()


Since = Annotated[
    datetime,
    typer.Option("--since", parser=_since, metavar="DURATION|TIME", help="Such as 90s, 1h, 2d, or an ISO 8601 time."),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", parser=_since, metavar="DURATION|TIME", help="As it was then: 90s or 1h ago, or an ISO 8601 time."
    ),
]
