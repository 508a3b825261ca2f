"""What the log must know beside itself before it takes an update: consents, and what was erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from spanwise.collector.context.admission import Knowledge, evidence_id
from spanwise.collector.context.policy import Consent
from spanwise.collector.context.story import is_decision
from spanwise.collector.model import ContextUpdate, Signal
from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of, utc

# One question instead of two: it is asked before every insert.
QUERY = """
SELECT 'consent', Org, UserId, Consent FROM consents FINAL
WHERE (Org, UserId) IN {users:Array(Tuple(String, String))}
UNION ALL
SELECT 'erased', Org, Id, '' FROM erased
WHERE What = 'evidence' AND Org IN {orgs:Array(String)} AND Id IN {ids:Array(String)}
"""
ERASED = "SELECT Id FROM erased WHERE What = 'evidence' AND Org IN {orgs:Array(String)} AND Id IN {ids:Array(String)}"
GIVEN = "SELECT Consent, At FROM consents FINAL WHERE Org = {org:String} AND UserId = {user:String}"


async def knowledge_of(store: Store, updates: Sequence[ContextUpdate]) -> Knowledge:
    """What there is to know about the updates of learners; decisions need nothing."""
    learned = [one for one in updates if not is_decision(one.producer)]
    if not learned:
        return Knowledge()
    users = {(one.scope.org, user) for one in learned for user in (one.scope.user, *(e.user for e in one.evidence))}
    ids = {evidence_id(one.scope.org, item) for one in learned for item in one.evidence}
    values = {"users": sorted(users), "orgs": sorted({org for org, _ in users}), "ids": sorted(ids)}
    rows = await store.query(QUERY, values)
    consents = {(org, id_): Consent(consent) for what, org, id_, consent in rows if what == "consent"}
    return Knowledge(consents, frozenset(id_ for what, _, id_, _ in rows if what == "erased"))


async def without_erased(store: Store, signals: Sequence[Signal]) -> Sequence[Signal]:
    """The signals whose evidence was not erased: a conversation that goes on repeats what was said before."""
    ids = {signal.id: evidence_id(signal.scope.org, signal.evidence) for signal in signals}
    if not ids:
        return ()
    rows = await store.query(ERASED, {"orgs": sorted({one.scope.org for one in signals}), "ids": sorted(ids.values())})
    erased = {id_ for (id_,) in rows}
    return [signal for signal in signals if ids[signal.id] not in erased]


async def consent_of(store: Store, org: str, user: str) -> tuple[Consent, datetime] | None:
    """What the user said, and when; None if nothing."""
    rows = await store.query(GIVEN, {"org": org, "user": user})
    return next(((Consent(consent), utc(at)) for consent, at in rows), None)


async def set_consent(
    store: Store, org: str, user: str, consent: Consent, by: str, clock: Callable[[], datetime]
) -> None:
    """Return once it is durable. Holds for what is learned from then on."""
    now = clock()
    block = block_of("consents", ("Org", "UserId", "Consent", "By", "At"), [(org, user, consent, by, now)])
    await store.insert(block, f"consent:{org}:{user}:{now.isoformat()}")
