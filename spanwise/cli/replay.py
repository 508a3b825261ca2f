"""`spanwise replay`: the processors and learners again, over traces that are stored."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from spanwise.cli.connection import doors
from spanwise.cli.options import Config, Json, Org, Since
from spanwise.cli.output import console, say, write
from spanwise.collector.settings import Settings, load_settings
from spanwise.v1 import collector_pb2
from spanwise.v1.collector_pb2_grpc import CollectorServiceStub

app = typer.Typer()


@app.command()
def replay(since: Since, org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Run the processors again over stored traces. What is known is not learned twice."""
    done = asyncio.run(_replay(load_settings(config), org, since))
    if as_json:
        result = {"traces": done.traces_done, "signals_new": done.signals_new, "updates_new": done.updates_new}
        write(json.dumps(result) + "\n")
    else:
        say(
            f"{done.traces_done:,} traces read again: {done.signals_new:,} new signals, "
            f"{done.updates_new:,} new context updates."
        )


async def _replay(settings: Settings, org: str, since: datetime) -> collector_pb2.ReplayProgress:
    request = collector_pb2.ReplayRequest()
    request.since.FromDatetime(since)
    done = collector_pb2.ReplayProgress()
    columns = (TextColumn("Reading traces"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    async with doors(settings, org) as opened:
        with Progress(*columns, console=console(stderr=True), transient=True) as shown:
            task = shown.add_task("", total=None)
            async for done in CollectorServiceStub(opened.channel).Replay(request, metadata=opened.metadata):
                shown.update(task, total=done.traces_total, completed=done.traces_done)
    return done
