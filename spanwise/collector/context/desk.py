"""What applications and people ask of the context, in nouns. The doors translate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from spanwise.collector.context.decisions import about, belongs, decide, note, remember, same_words
from spanwise.collector.context.guards.secrets import secret_in
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.reach import Reach
from spanwise.collector.context.records import fold
from spanwise.collector.context.render import current, prompt_section
from spanwise.collector.context.reviewing import Queue, Verdict, queue_of, reviewed
from spanwise.collector.context.selection import Overridden, choose
from spanwise.collector.context.story import LIVE, PERSON
from spanwise.collector.errors import Conflict, NotFound, Rejected
from spanwise.collector.model import ContextUpdate, Evidence, Operation, Record, Scope, Signal, Status

ALL = 1_000_000
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Times that the store can tell apart."""
MAX_CONTENT = 4_000
"""Characters of one record."""


@dataclass(frozen=True, slots=True)
class Answer:
    records: Sequence[Record]
    prompt_section: str
    position: int
    """Everything up to here is in `records`, and nothing after it."""
    overridden: Sequence[Overridden] = ()
    left_out: Sequence[Record] = ()
    """Active, but beyond a budget: in `records`, and not in the section."""


@dataclass(frozen=True, slots=True)
class Explanation:
    record: Record
    updates: Sequence[ContextUpdate]
    evidence: Sequence[Evidence]
    """Of all updates, each once: also of those that retired or changed the record."""


def checked(content: str) -> str:
    """The content on one line. Raises Rejected for what no record may hold."""
    said = " ".join(content.split())
    if not 0 < len(said) <= MAX_CONTENT:
        raise Rejected(f"content: must have 1 to {MAX_CONTENT:,} characters, has {len(said):,}")
    if secret := secret_in(said):
        raise Rejected(f"content: holds a secret ({secret}); records are given to agents and shown to people")
    return said


async def _nobody(_: Sequence[Signal]) -> None:
    return


class ContextDesk:
    """Every change returns once it is durable, and may be asked for again: a repeated decision is no new one.

    `producer` is who decides: `application`, or `person:` and a name. The organisation of a scope is the caller's, as
    the door found it out. What reviewers decide is told to `note` as signals. Raises Rejected (NotFound,
    Conflict), which says what is wrong; Busy if the store is.
    """

    def __init__(self, log: ContextLog, note: Callable[[Sequence[Signal]], Awaitable[object]] = _nobody) -> None:
        self._log = log
        self._note = note

    async def get(self, scope: Scope, *, include_proposed: bool = False, as_of: datetime | None = None) -> Answer:
        """What holds for `scope`, narrower first; with `as_of`, what the answer would have been at that time."""
        if as_of and not EARLIEST <= as_of < LATEST:
            raise Rejected(f"as_of: must be from {EARLIEST:%Y} to {LATEST:%Y}, is {as_of:%Y}")
        position = await self._log.position()
        records = await self._log.records(scope, until=position, as_of=as_of)
        policy = self._log.policy if as_of is None else await self._log.policy_at(as_of)
        choice = choose(records, scope, policy)
        proposed = [one for one in current(records, scope) if one.status is Status.PROPOSED] if include_proposed else []
        shown = current([*choice.holding, *proposed], scope)
        return Answer(shown, prompt_section(choice.chosen), position, choice.overridden, choice.left_out)

    async def records(self, scope: Scope, statuses: Collection[Status] = (), limit: int = 1_000) -> Sequence[Record]:
        """Those within `scope` that have one of `statuses` (none given: any), the most recently changed first."""
        found = await self._log.records(scope, Reach.WITHIN)
        wanted = [record for record in found if not statuses or record.status in statuses]
        return sorted(wanted, key=lambda record: record.position, reverse=True)[:limit]

    async def history(self, org: str, record_id: str) -> Sequence[ContextUpdate]:
        """All updates of one record, in order of position."""
        updates = await self._log.history(org, record_id)
        if not updates:
            raise NotFound(f"organisation {org!r} has no record {record_id!r}")
        return updates

    async def explain(self, org: str, record_id: str) -> Explanation:
        """One record and everything that it came from."""
        updates = await self._living(org, record_id)
        evidence: dict[tuple[str, str], Evidence] = {}
        for item in (item for update in updates for item in update.evidence):
            evidence.setdefault(item.source, item)
        return Explanation(fold(updates)[0], updates, tuple(evidence.values()))

    async def remember(self, scope: Scope, content: str, *, producer: str, reason: str = "") -> Record:
        """A memory that is active from now on."""
        said = checked(content)
        add = remember(scope, said, producer, reason)
        before = next(iter(fold(await self._log.history(scope.org, add.record_id))), None)
        if before is None or before.status is not Status.ACTIVE:
            await self._log.append([about(before, add)])
        return await self._record(scope.org, add.record_id)

    async def note(self, scope: Scope, content: str, *, own: bool, reason: str = "") -> Record:
        """A memory of a user that a model asks for: the policy says what becomes of it.

        `own`: with the user's own credential. Raises Rejected if the policy keeps nothing of it.
        """
        said = checked(content)
        if not scope.user:
            raise Rejected("scope.user: must name the user whom a model's note is about")
        if reason:
            checked(reason)
        record_id = remember(scope, said, "", "").record_id
        before = next(iter(await self._log.record(scope.org, record_id)), None)
        await self._log.append([note(scope, said, reason, own=own, before=before)])
        kept = await self._log.record(scope.org, record_id)
        if not kept:
            raise Rejected(
                "content: is not kept: the policy, the user's consent or a guard of personal data forbids it"
            )
        return kept[0]

    async def approve(self, org: str, record_id: str, *, producer: str, reason: str = "") -> Record:
        """A proposed or rejected record becomes active."""
        return await self._settle(org, record_id, Status.ACTIVE, producer, reason)

    async def reject(self, org: str, record_id: str, *, producer: str, reason: str = "") -> Record:
        """A proposed or active record holds no longer, and does not return unless something new is seen."""
        return await self._settle(org, record_id, Status.REJECTED, producer, reason)

    async def forget_record(self, scope: Scope, record_id: str, *, producer: str, reason: str = "") -> Sequence[Record]:
        """Retire the record, which must be `scope`'s own or narrower."""
        record = await self._record(scope.org, record_id)
        if not (scope.covers(record.scope) or belongs(record, scope)):
            raise NotFound(f"record {record_id!r} is not one of {scope}")
        return await self._retire([record], producer, reason)

    async def forget_content(self, scope: Scope, content: str, *, producer: str, reason: str = "") -> Sequence[Record]:
        """Retire the records of `scope` that say this; case, punctuation and white space do not matter."""
        found = [record for record in await self._own(scope) if same_words(record.content, content)]
        if not found:
            raise NotFound(f"content: nothing that is known of {scope} says {content!r}")
        return await self._retire(found, producer, reason)

    async def forget_user(self, scope: Scope, *, producer: str, reason: str = "") -> Sequence[Record]:
        """Retire everything of the scope's user; with an agent, what holds for that user and agent."""
        if not scope.user:
            raise Rejected("scope.user: must name the user of whom everything is to be forgotten")
        return await self._retire(await self._own(scope), producer, reason)

    async def _own(self, scope: Scope) -> Sequence[Record]:
        return [record for record in await self._log.records(scope, Reach.AROUND) if belongs(record, scope)]

    async def _record(self, org: str, record_id: str) -> Record:
        return fold(await self._living(org, record_id))[0]

    async def _living(self, org: str, record_id: str) -> Sequence[ContextUpdate]:
        updates = await self.history(org, record_id)
        if not fold(updates):
            raise NotFound(f"record {record_id!r} was erased: only tombstones are left of it")
        return updates

    async def edit(self, org: str, record_id: str, content: str, *, producer: str, reason: str = "") -> Record:
        """A proposed, active or rejected record becomes active with other words."""
        return await self._settle(org, record_id, Status.ACTIVE, producer, reason, checked(content))

    async def queue(self, scope: Scope, limit: int) -> Queue:
        """What waits for a decision within `scope`, with what it would change."""
        proposed = await self.records(scope, [Status.PROPOSED], ALL)
        return await queue_of(proposed, lambda one: self._log.records(one.scope), self._log.policy, limit)

    async def decide(
        self, org: str, record_id: str, verdict: Verdict, content: str, *, producer: str, reason: str = ""
    ) -> Record:
        """What `verdict` says."""
        match verdict:
            case Verdict.APPROVE:
                return await self.approve(org, record_id, producer=producer, reason=reason)
            case Verdict.EDIT:
                return await self.edit(org, record_id, content, producer=producer, reason=reason)
            case Verdict.REJECT:
                return await self.reject(org, record_id, producer=producer, reason=reason)

    async def _settle(
        self, org: str, record_id: str, status: Status, producer: str, reason: str, content: str = ""
    ) -> Record:
        record = await self._record(org, record_id)
        if record.status is status and content in ("", record.content):
            return record
        if record.status is Status.RETIRED:
            raise Conflict(f"record {record_id!r} is retired: it was forgotten, and only remembering it brings it back")
        await self._log.append([decide(Operation.UPDATE, record, status, producer, reason, content)])
        decided = await self._record(org, record_id)
        if producer.startswith(PERSON):
            await self._note(reviewed(record, decided, producer, reason))
        return decided

    async def _retire(self, records: Sequence[Record], producer: str, reason: str) -> Sequence[Record]:
        """Also counts those that were retired before, so that a repeated request gets the answer of the first."""
        live = [record for record in records if record.status in LIVE]
        await self._log.append([decide(Operation.RETRACT, one, Status.RETIRED, producer, reason) for one in live])
        return [await self._record(record.scope.org, record.id) for record in records]
