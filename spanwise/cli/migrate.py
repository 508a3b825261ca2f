"""`spanwise migrate`: the tables."""

from __future__ import annotations

import asyncio

import typer

from spanwise.cli.options import Config
from spanwise.cli.output import say
from spanwise.collector.assembly import open_store
from spanwise.collector.settings import Settings, load_settings
from spanwise.collector.store import migrate as migrations

app = typer.Typer()


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the store's tables up to this version. 'up' does it as well."""
    asyncio.run(_migrate(load_settings(config)))


async def _migrate(settings: Settings) -> None:
    async with open_store(settings) as store:
        cluster = settings.clickhouse.cluster
        if not await migrations.pending(store, cluster):
            say("Every migration is applied.")
        await migrations.migrate(store, lambda migration: say(f"Applied {migration.name}."), cluster)
