"""`spanwise serve-store`: the embedded engine as a server."""

from __future__ import annotations

import asyncio
import logging
from importlib.metadata import version

import typer

from spanwise.cli.options import Config
from spanwise.cli.output import say
from spanwise.cli.stopping import stop_requested
from spanwise.collector.assembly.stores import serve_store as served
from spanwise.collector.settings import ServeStoreSettings, Settings, load_settings

app = typer.Typer()

READY = """\
Spanwise {version} serves {store} like a ClickHouse server.

  ClickHouse over HTTP   http://{address}
  Users                  {users}

Next, in another terminal:
  SPANWISE_STORE={url} spanwise up
  curl 'http://{address}/?query=SHOW+TABLES'

Ctrl-C stops it; what has begun is finished first.
"""


@app.command()
def serve_store(config: Config = None) -> None:
    """Serve the data directory to other processes: collectors, ClickHouse clients, the OpenTelemetry Collector.

    It answers ClickHouse's HTTP interface on serve_store.listen, for reading and writing, to serve_store.users and
    serve_store.readers. Those who use it set store = 'clickhouse://user:password@host:8123/database'.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(_serve(load_settings(config)))


async def _serve(settings: Settings) -> None:
    stop = stop_requested()
    async with served(settings) as address:
        say(_ready(settings, address))
        await stop
        say("Stopping: what has begun is finished first.")
    say("Stopped.")


def _ready(settings: Settings, address: str) -> str:
    chosen = settings.serve_store
    writer = next(iter(chosen.users), "")
    return READY.format(
        version=version("spanwise"),
        store=settings.store,
        address=address,
        users=_users(chosen),
        url=f"clickhouse://{writer + ':<password>@' if writer else ''}{address}/default",
    )


def _users(chosen: ServeStoreSettings) -> str:
    if not chosen.users and not chosen.readers:
        return "default, without a password, since it listens on loopback only; it may write"
    return ", ".join([*(f"{name} (may write)" for name in chosen.users), *chosen.readers])
