"""`context.people.People` on a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from spanwise.collector.context.knowledge import consent_of, set_consent
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policy import Consent
from spanwise.collector.context.reviewing import Rate, rates
from spanwise.collector.erasure.eraser import Eraser
from spanwise.collector.erasure.targets import target_of
from spanwise.collector.errors import Rejected
from spanwise.collector.store import Store


class StorePeople:
    def __init__(self, store: Store, eraser: Eraser, log: ContextLog, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._eraser = eraser
        self._log = log
        self._clock = clock

    async def rates(self, org: str) -> Sequence[Rate]:
        return await rates(self._store, org)

    async def set_consent(self, org: str, user: str, consent: Consent, by: str) -> None:
        if not user:
            raise Rejected("user: must say whose consent it is")
        await set_consent(self._store, org, user, consent, by, self._clock)
        await self._log.known.knowledge(now=True)

    async def consent(self, org: str, user: str) -> tuple[Consent, datetime | None]:
        given = await consent_of(self._store, org, user)
        return given or (self._log.policy.consent.default, None)

    async def erase(self, target: tuple[str, str, str], by: str, reason: str) -> str:
        return (await self._eraser.erase(target_of(*target), by=by, reason=reason)).to_json()

    async def verify(self, org: str, receipt: str) -> Sequence[str]:
        return await self._eraser.verify(org, receipt)
