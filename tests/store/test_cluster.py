"""The schema on a cluster: every statement says so, and every table is replicated."""

from __future__ import annotations

import re

import pytest

from spanwise.collector.store import Store
from spanwise.collector.store.cluster import on_cluster
from spanwise.collector.store.migrate import MIGRATIONS, migrations

STATEMENTS = [MIGRATIONS, *(statement for migration in migrations() for statement in migration.statements)]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_without_a_cluster_nothing_changes(statement: str) -> None:
    assert on_cluster(statement, "") == statement


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_on_a_cluster_every_statement_is_for_all_replicas(store: Store, statement: str) -> None:
    ((formatted,),) = await store.query(
        "SELECT formatQuerySingleLine({sql:String})", {"sql": on_cluster(statement, "main")}
    )
    assert len(re.findall(r"\bON CLUSTER main\b", formatted)) == 1
    engines = re.findall(r"ENGINE = (\w+)", formatted)
    assert all(engine.startswith("Replicated") for engine in engines)
    assert bool(engines) == ("MergeTree" in statement)
    assert "non_replicated" not in formatted
    assert ("replicated_deduplication_window = " in formatted) == ("deduplication_window" in statement)


def test_a_replacing_table_keeps_its_version() -> None:
    assert "ENGINE = ReplicatedReplacingMergeTree(SeenAt)" in on_cluster(
        "CREATE TABLE IF NOT EXISTS signals (Id String)\nENGINE = ReplacingMergeTree(SeenAt)", "main"
    )


def test_a_database() -> None:
    assert on_cluster("CREATE DATABASE IF NOT EXISTS `traces`", "{cluster}") == (
        "CREATE DATABASE IF NOT EXISTS `traces` ON CLUSTER '{cluster}'"
    )
