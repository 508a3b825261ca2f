"""Our tables on a cluster: the same statements, with replicated engines and `ON CLUSTER`."""

from __future__ import annotations

import re

CREATED = re.compile(r"(CREATE (?:TABLE|VIEW|DATABASE) IF NOT EXISTS|ALTER TABLE|DROP TABLE IF EXISTS)\s+(\w+|`[^`]+`)")
ENGINE = re.compile(r"\bENGINE = (\w*MergeTree)\b")
WINDOW = re.compile(r"\bnon_replicated_deduplication_window\b")


def on_cluster(statement: str, cluster: str) -> str:
    """A statement of the schema as every replica of `cluster` should run it; unchanged without a cluster.

    Where a table's replicas find each other is left to the server's `default_replica_path` and macros.
    """
    if not cluster:
        return statement
    named = CREATED.sub(rf"\1 \2 ON CLUSTER '{cluster}'", statement, count=1)
    return WINDOW.sub("replicated_deduplication_window", ENGINE.sub(r"ENGINE = Replicated\1", named))
