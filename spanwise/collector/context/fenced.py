"""The desk as one caller may use it: every door comes through here, so that there is one fence.

Nobody reaches beyond the organisation of their credential. A credential that is bound to a user (or an agent) reaches
that user's records, which it reads, remembers and forgets; of the broader records it gets what agents are told, and not
the words of others that they rest on. It decides about nothing: that is for credentials of the whole organisation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spanwise.collector.access import Caller, Denied
from spanwise.collector.context.desk import Answer, ContextDesk, Explanation
from spanwise.collector.context.people import People
from spanwise.collector.context.policy import Consent
from spanwise.collector.context.reach import Reach
from spanwise.collector.context.reviewing import Queue, Rate, Verdict
from spanwise.collector.context.story import APPLICATION, MODEL, PERSON
from spanwise.collector.context.watch import Watchers
from spanwise.collector.errors import NotFound, Rejected
from spanwise.collector.model import ContextUpdate, Record, Scope, Status

LIMIT = 1_000
QUEUE = 100
DECIDING = "deciding about records"


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is to be forgotten: one of these."""

    record_id: str = ""
    content: str = ""
    everything: bool = False


@dataclass(frozen=True, slots=True)
class FencedDesk:
    """`person` is who decided, if it was a person; of a user's own credential that can only be the user.

    Raises what the desk raises, and Denied for what lies beyond the fence. A record that lies there is not found.
    """

    caller: Caller
    desk: ContextDesk
    watchers: Watchers
    people: People

    async def get(self, scope: Scope, *, include_proposed: bool = False, as_of: datetime | None = None) -> Answer:
        wanted = self.caller.scope(scope)
        answer = await self.desk.get(wanted, include_proposed=include_proposed, as_of=as_of)
        overridden = [replace(one, record=self._told(one.record)) for one in answer.overridden]
        records = [self._told(one) for one in answer.records if one.status is Status.ACTIVE or self._owns(one.scope)]
        return replace(answer, records=records, overridden=overridden)

    def watch(self, scope: Scope, after: int, *, include_narrower: bool = False) -> AsyncIterator[ContextUpdate]:
        reach = Reach.AROUND if include_narrower else Reach.COVERING
        return self._seen(self.watchers.watch(self.caller.scope(scope), after, reach))

    async def followable(self, scope: Scope, after: int) -> None:
        """Raise what `watch` would raise at once."""
        self.caller.scope(scope)
        await self.watchers.check(after)

    async def remember(self, scope: Scope, content: str, person: str = "", reason: str = "") -> Record:
        wanted, who = self.caller.scope(scope), self._producer(person, APPLICATION)
        return await self.desk.remember(wanted, content, producer=who, reason=reason)

    async def forget(self, scope: Scope, what: Forgetting, person: str = "", reason: str = "") -> Sequence[Record]:
        return await self._forget(scope, what, self._producer(person, APPLICATION), reason)

    async def note(self, scope: Scope, content: str, reason: str = "", *, own: bool) -> Record:
        """A memory that a model asks for; `own`: its credential is the user's."""
        return await self.desk.note(self.caller.scope(scope), content, own=own, reason=reason)

    async def forget_note(self, scope: Scope, what: Forgetting, reason: str = "") -> Sequence[Record]:
        """What a model asks to be forgotten: single memories of one user, no matter who taught them."""
        wanted = self.caller.scope(scope)
        if what.everything or not wanted.user:
            raise Denied("forget: a model may ask for single records of one user")
        return await self._forget(wanted, what, MODEL, reason)

    async def _forget(self, scope: Scope, what: Forgetting, who: str, reason: str) -> Sequence[Record]:
        wanted = self.caller.scope(scope)
        if [bool(what.record_id), bool(what.content), what.everything].count(True) != 1:
            raise Rejected("what: one of record_id, content and everything = true must say what is to be forgotten")
        if what.record_id:
            await self._owner().history(what.record_id)
            return await self.desk.forget_record(wanted, what.record_id, producer=who, reason=reason)
        if what.content:
            return await self.desk.forget_content(wanted, what.content, producer=who, reason=reason)
        return await self.desk.forget_user(wanted, producer=who, reason=reason)

    async def records(self, scope: Scope, statuses: Collection[Status] = (), limit: int = 0) -> Sequence[Record]:
        return await self.desk.records(self.caller.scope(scope), statuses, limit or LIMIT)

    async def history(self, record_id: str) -> Sequence[ContextUpdate]:
        updates = await self.desk.history(self.caller.org, record_id)
        if not self._owns(updates[0].scope):
            raise NotFound(f"organisation {self.caller.org!r} has no record {record_id!r}")
        return updates

    async def explain(self, record_id: str) -> Explanation:
        await self.history(record_id)
        return await self.desk.explain(self.caller.org, record_id)

    async def decide(
        self, record_id: str, verdict: Verdict, content: str = "", person: str = "", reason: str = ""
    ) -> Record:
        org, who = self.caller.unbound(DECIDING), self._producer(person, PERSON)
        return await self.desk.decide(org, record_id, verdict, content, producer=who, reason=reason)

    async def queue(self, scope: Scope, limit: int = 0) -> Queue:
        self.caller.unbound(DECIDING)
        return await self.desk.queue(self.caller.scope(scope), limit or QUEUE)

    async def rates(self) -> Sequence[Rate]:
        return await self.people.rates(self.caller.unbound(DECIDING))

    async def set_consent(self, user: str, consent: Consent, person: str = "") -> None:
        whose, who = self.caller.scope(Scope(user=user)), self._producer(person, APPLICATION)
        await self.people.set_consent(whose.org, whose.user, consent, who)

    async def consent(self, user: str) -> tuple[Consent, datetime | None]:
        whose = self.caller.scope(Scope(user=user))
        return await self.people.consent(whose.org, whose.user)

    async def erase(self, what: str, id_: str, person: str = "", reason: str = "") -> str:
        target = (self.caller.unbound("erasing"), what, id_)
        return await self.people.erase(target, self._producer(person, APPLICATION), reason)

    async def verify(self, receipt: str) -> Sequence[str]:
        return await self.people.verify(self.caller.unbound("verifying an erasure"), receipt)

    def _owns(self, scope: Scope) -> bool:
        return self.caller.owns(scope)

    def _owner(self) -> FencedDesk:
        """Who may have a record forgotten: a user's own records are the user's, whatever agent they are for."""
        return replace(self, caller=replace(self.caller, agent="")) if self.caller.user else self

    def _told(self, record: Record) -> Record:
        """What others said is theirs, though the record that was learned from it is for everybody."""
        return record if self._owns(record.scope) else replace(record, evidence=())

    async def _seen(self, updates: AsyncIterator[ContextUpdate]) -> AsyncIterator[ContextUpdate]:
        """Of broader records only what agents are told: that one holds, and that one holds no longer."""
        async for update in updates:
            if self._owns(update.scope):
                yield update
            elif update.status is Status.ACTIVE:
                yield replace(update, evidence=(), reason="")
            elif update.status in (Status.REJECTED, Status.RETIRED):
                yield replace(update, evidence=(), reason="", content="", subject="")

    def _producer(self, person: str, otherwise: str) -> str:
        if self.caller.user and person not in ("", self.caller.user):
            raise Denied(f"person: {person!r} is not the user of this call's credential")
        return f"{PERSON}:{person}" if person else otherwise
