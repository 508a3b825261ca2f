"""What the log must know beside itself before it takes an update: consents, and what was erased."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from spanwise.collector.context.admission import Knowledge, evidence_id
from spanwise.collector.context.policy import Consent
from spanwise.collector.model import Signal
from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of, utc

CONSENTS = "SELECT Org, UserId, Consent, At FROM consents WHERE At > {since:DateTime64(6, 'UTC')} ORDER BY At"
ERASED = "SELECT Id, At FROM erased WHERE What = 'evidence' AND At > {since:DateTime64(6, 'UTC')}"
GIVEN = "SELECT Consent, At FROM consents FINAL WHERE Org = {org:String} AND UserId = {user:String}"
REFRESH_SECONDS = 1.0
OVERLAP = timedelta(minutes=1)
"""Other processes write too, and their clocks differ."""


class Known:
    """Kept in memory, since it is asked for before every insert, and looked up anew at most once a second."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._consents: dict[tuple[str, str], Consent] = {}
        self._erased: set[str] = set()
        self._since = datetime.fromtimestamp(0, UTC) + OVERLAP
        self._due = 0.0

    async def knowledge(self, *, now: bool = False) -> Knowledge:
        """What this process knows; with `now`, what the store has at this moment."""
        if now or self._clock() >= self._due:
            await self._refresh()
        return Knowledge(self._consents, self._erased)

    async def without_erased(self, signals: Sequence[Signal]) -> Sequence[Signal]:
        """The signals whose evidence was not erased: a conversation that goes on repeats what was said before."""
        if not signals or not (erased := (await self.knowledge()).erased):
            return signals
        return [signal for signal in signals if evidence_id(signal.scope.org, signal.evidence) not in erased]

    async def _refresh(self) -> None:
        since = {"since": self._since - OVERLAP}
        consents = await self._store.query(CONSENTS, since)
        erased = await self._store.query(ERASED, since)
        self._consents.update({(org, user): Consent(consent) for org, user, consent, _ in consents})
        self._erased.update(id_ for id_, _ in erased)
        self._since = max([self._since, *(utc(row[-1]) for row in (*consents, *erased))])
        self._due = self._clock() + REFRESH_SECONDS


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
