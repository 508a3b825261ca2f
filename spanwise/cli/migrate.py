"""`spanwise migrate`: the tables and the topics."""

from __future__ import annotations

import asyncio

import typer

from spanwise.cli.options import Config
from spanwise.cli.output import say
from spanwise.collector.assembly.stores import open_store
from spanwise.collector.settings import Settings, load_settings
from spanwise.collector.store import migrate as migrations
from spanwise.collector.store.retention import retain

app = typer.Typer()


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the store's tables up to this version and to the retention of the settings, and make missing topics.

    'up' does it as well.
    """
    asyncio.run(_migrate(load_settings(config)))


async def _migrate(settings: Settings) -> None:
    if settings.brokers:
        await _make_topics(settings)
    async with open_store(settings) as store:
        cluster = settings.clickhouse.cluster
        if not await migrations.pending(store, cluster):
            say("Every migration is applied.")
        await migrations.migrate(store, lambda migration: say(f"Applied {migration.name}."), cluster)
        if await retain(store, settings.storing.retention_days, cluster):
            days = settings.storing.retention_days
            say(
                f"Spans and signals are now deleted after {days} days."
                if days
                else "Spans and signals are now kept for ever."
            )


async def _make_topics(settings: Settings) -> None:
    # Loading Kafka's client takes a moment, and few need it.
    from spanwise.collector.bus.kafka.connection import Connection  # noqa: PLC0415
    from spanwise.collector.bus.kafka.topics import make_topics  # noqa: PLC0415

    made = await make_topics(Connection(settings.brokers, settings.kafka), settings.kafka)
    for name in made:
        say(f"Made topic {name}.")
    if not made:
        say("Every topic is there.")
