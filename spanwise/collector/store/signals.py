"""Signals in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from spanwise.collector.model import Evidence, Origin, Scope, Signal
from spanwise.collector.store import Row, Store
from spanwise.collector.store.rows import block_of, nanoseconds

COLUMNS = (
    *("Id", "Kind", "Org", "AgentName", "UserId", "ConversationId", "TraceId", "SpanId", "Quote", "SaidAt", "SaidBy"),
    *("Confidence", "Detector", "Version", "Details", "SeenAt"),
)

KNOWN = (
    "SELECT Id, AgentName, UserId FROM signals FINAL WHERE Org IN {orgs:Array(String)} AND Id IN {ids:Array(String)}"
)

SINCE = """
SELECT Id, Kind, Org, AgentName, UserId, ConversationId, TraceId, SpanId, Quote, toUnixTimestamp64Nano(SaidAt), SaidBy,
    Confidence, Detector, Version, Details
FROM signals FINAL
WHERE Org = {org:String} AND SeenAt >= {since:DateTime64(6, 'UTC')}
  AND NOT startsWith(Kind, 'review.') AND Kind != 'context.exposure'
ORDER BY SeenAt DESC, Id LIMIT {limit:UInt32}
"""


async def write_signals(store: Store, signals: Sequence[Signal], clock: Callable[[], datetime]) -> Sequence[Signal]:
    """Return, once they are durable, the signals that were not there yet.

    One that is there is written again only when its scope became narrower: the span that names the user may come last.
    """
    if not signals:
        return ()
    known = await _known(store, signals)
    new = [signal for signal in signals if signal.id not in known]
    moved = [signal for signal in signals if signal.id in known and _narrower(signal.scope, known[signal.id])]
    if new or moved:
        rows = [_row(signal, clock()) for signal in (*new, *moved)]
        await store.insert(block_of("signals", COLUMNS, rows), _token(new, moved))
    return new


async def read_signals(store: Store, org: str, since: datetime, limit: int = 100_000) -> Sequence[Signal]:
    """The signals that were seen since then, in order; the newest `limit` of them. Nothing is learned from
    what reviewers decided, nor from what agents were told: these are left out.
    """
    rows = await store.query(SINCE, {"org": org, "since": since, "limit": limit})
    return [_signal(row) for row in rows][::-1]


async def _known(store: Store, signals: Sequence[Signal]) -> Mapping[str, Scope]:
    orgs = sorted({signal.scope.org for signal in signals})
    rows = await store.query(KNOWN, {"orgs": orgs, "ids": [signal.id for signal in signals]})
    return {row[0]: Scope(agent=row[1], user=row[2]) for row in rows}


def _narrower(scope: Scope, known: Scope) -> bool:
    return scope.breadth < known.breadth


def _token(new: Sequence[Signal], moved: Sequence[Signal]) -> str:
    moves = [f"{signal.id}:{signal.scope.agent}:{signal.scope.user}" for signal in moved]
    return ",".join([*(signal.id for signal in new), *moves])


def _row(signal: Signal, now: datetime) -> Row:
    scope, evidence = signal.scope, signal.evidence
    return (
        *(signal.id, signal.kind, scope.org, scope.agent, scope.user),
        *(
            evidence.conversation,
            evidence.trace_id,
            evidence.span_id,
            evidence.quote,
            nanoseconds(evidence.at),
            evidence.said_by,
        ),
        *(signal.confidence, signal.detector, signal.version, dict(signal.details), now),
    )


def _signal(row: Row) -> Signal:
    id_, kind, org, agent, user, conversation, trace_id, span_id, quote, said_at, said_by, *rest = row
    confidence, detector, version, details = rest
    evidence = Evidence(
        *(quote, Origin(said_by), conversation, trace_id, span_id),
        *(said_at, user, kind, detector),
    )
    return Signal(id_, kind, Scope(agent, org, user), evidence, round(confidence, 6), detector, version, dict(details))
