"""Applies the numbered migrations of `schema/`, each once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

from spanwise.collector.store import Store
from spanwise.collector.store.cluster import on_cluster

MIGRATIONS = """
CREATE TABLE IF NOT EXISTS migrations (Number UInt32, Name String, AppliedAt DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY Number
"""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    statements: tuple[str, ...]


def migrations() -> Sequence[Migration]:
    """All migrations that this version has, in order."""
    folder = resources.files("spanwise.collector.store").joinpath("schema")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [_migration(file.name.removesuffix(".sql"), file.read_text("utf-8")) for file in files]


async def pending(store: Store, cluster: str = "") -> Sequence[Migration]:
    """The migrations that the store does not have yet. `cluster` is where its tables are made, if it has one."""
    await store.query(on_cluster(MIGRATIONS, cluster))
    applied = {number for (number,) in await store.query("SELECT Number FROM migrations")}
    return [migration for migration in migrations() if migration.number not in applied]


async def migrate(store: Store, report: Callable[[Migration], None] = lambda _: None, cluster: str = "") -> None:
    """Return once the store has every migration.

    Safe to run again after a crash, and by several processes at once: a statement that was run changes nothing, and
    a migration that two have applied is written down twice.
    """
    for migration in await pending(store, cluster):
        for statement in migration.statements:
            await store.query(on_cluster(statement, cluster))
        await store.query(
            "INSERT INTO migrations (Number, Name) VALUES ({number:UInt32}, {name:String})",
            {"number": migration.number, "name": migration.name},
        )
        report(migration)


def _migration(name: str, text: str) -> Migration:
    number, _, _ = name.partition("_")
    uncommented = re.sub(r"^\s*--.*$", "", text, flags=re.MULTILINE)
    statements = tuple(part.strip() for part in uncommented.split(";\n") if part.strip())
    return Migration(int(number), name, tuple(statement.removesuffix(";") for statement in statements))
