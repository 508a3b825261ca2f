"""How far processing has come, so that a crash between storing and processing loses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from spanwise.collector.model import TraceKey
from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of, utc

OVERLAP = timedelta(minutes=1)
"""Two writers may finish in another order than that of their clocks; looking back a little costs little."""

HORIZON = "SELECT max(Horizon) FROM processed"

UNPROCESSED = """
SELECT Org, TraceId, Stored - Done, StoredAt
FROM (
    SELECT Org, TraceId, count() AS Stored, max(otel_traces.StoredAt) AS StoredAt
    FROM otel_traces
    WHERE (Org, TraceId) IN (SELECT Org, TraceId FROM otel_traces WHERE StoredAt >= {since:DateTime64(6, 'UTC')})
    GROUP BY Org, TraceId
) AS stored
LEFT JOIN (
    SELECT Org, TraceId, argMax(Spans, ProcessedAt) AS Done FROM processed GROUP BY Org, TraceId
) AS processed USING (Org, TraceId)
WHERE Stored > Done
ORDER BY StoredAt
LIMIT {limit:UInt32}
"""

STORED_SINCE = """
SELECT Org, TraceId FROM otel_traces WHERE Org = {org:String} AND StoredAt >= {since:DateTime64(6, 'UTC')}
GROUP BY Org, TraceId ORDER BY min(StoredAt)
"""


async def unprocessed(store: Store, limit: int) -> Sequence[tuple[TraceKey, int, datetime]]:
    """Traces with more rows than were last processed: how many more, and when the last was stored. Oldest first."""
    ((horizon,),) = await store.query(HORIZON)
    since = max(utc(horizon), datetime.fromtimestamp(0, UTC) + OVERLAP) - OVERLAP
    rows = await store.query(UNPROCESSED, {"since": since, "limit": limit})
    return [(TraceKey(org, trace_id), int(spans), utc(stored_at)) for org, trace_id, spans, stored_at in rows]


async def stored_since(store: Store, org: str, since: datetime) -> Sequence[TraceKey]:
    """The organisation's traces that got rows since then, oldest first."""
    return [TraceKey(*row) for row in await store.query(STORED_SINCE, {"org": org, "since": since})]


async def mark_processed(store: Store, sizes: Mapping[TraceKey, int], horizon: datetime, now: datetime) -> None:
    """Write down that the traces were processed with so many spans, and that everything stored before `horizon` was."""
    rows = [(key.org, key.trace_id, spans, horizon, now) for key, spans in sizes.items()]
    token = f"processed:{now.isoformat()}:{rows[0][1]}"
    await store.insert(block_of("processed", ("Org", "TraceId", "Spans", "Horizon", "ProcessedAt"), rows), token)
