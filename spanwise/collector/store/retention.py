"""How long spans, and what was seen in them, are kept. What was learned is kept for ever: it is the audit trail."""

from __future__ import annotations

import re
from collections.abc import Mapping

from spanwise.collector.store import Store
from spanwise.collector.store.cluster import on_cluster

EXPIRING: Mapping[str, str] = {"otel_traces": "StoredAt", "signals": "SeenAt"}
"""By the time at which a row was written: a span may claim any other time."""

TTL = "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = {table:String}"


async def retain(store: Store, days: int | None, cluster: str = "") -> bool:
    """Return once rows are deleted after so many days, or never (None). False if that was so before.

    Deleting is the engine's, in the background: days of spans as whole parts, signals when their parts are merged.
    """
    changed = [await _expire(store, table, column, days, cluster) for table, column in EXPIRING.items()]
    return any(changed)


async def _expire(store: Store, table: str, column: str, days: int | None, cluster: str) -> bool:
    ((definition,),) = await store.query(TTL, {"table": table})
    present = re.search(r"\bTTL (.*?)\s+SETTINGS\b", definition, flags=re.DOTALL)
    wanted = f"toDateTime({column}) + toIntervalDay({days})" if days is not None else None
    if (present.group(1) if present else None) == wanted:
        return False
    statement = f"ALTER TABLE {table} " + (f"MODIFY TTL {wanted}" if wanted else "REMOVE TTL")
    await store.query(on_cluster(statement, cluster))
    return True
