"""The log of context updates: appended here and nowhere else, read by everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from spanwise.collector.context.admission import Admission, Dropped, admit
from spanwise.collector.context.end import LogEnd
from spanwise.collector.context.knowledge import Known
from spanwise.collector.context.policies import policy_at
from spanwise.collector.context.policy import Policy
from spanwise.collector.context.policy_file import default_policy
from spanwise.collector.context.reach import Reach, parameters
from spanwise.collector.context.records import fold
from spanwise.collector.context.rows import COLUMNS, TABLE, from_row, sound_update
from spanwise.collector.errors import Busy
from spanwise.collector.model import Context, ContextUpdate, Record, Scope
from spanwise.collector.store import Store

SELECT = f"SELECT {', '.join(COLUMNS)} FROM {TABLE}"
RIVALS = f"""
    SELECT RecordId FROM {TABLE}
    WHERE (Org, UserId, AgentName, Subject) IN {{subjects:Array(Tuple(String, String, String, String))}}
"""
# A granule's columns lie together: reading those of the condition first would read it twice.
WHOLE_GRANULES = "SETTINGS optimize_move_to_prewhere = 0"
END = 2**63
"""After every position."""
ATTEMPTS, PAUSE_SECONDS = 50, 0.05
"""How often an append may be overtaken, and how long it waits then."""
FRESH = timedelta(minutes=1)
"""An end of the log that was read longer ago is read again: the process may have been stopped meanwhile."""


class ContextLog:
    """Append-only; positions have no gaps, and grow in the order in which updates become visible.

    Any number of processes may append: one that was overtaken looks again at what is new of its updates by now.
    An update is in the log once, and only if it says something new of its record; its status is the record's after it.
    What learners suggest is judged by the policy first; what it does not keep is told to `report`, without its content.

    `publish` is a wake-up for those who follow the log: called with what was appended once it is durable, in order.
    After a failure that left it unclear whether updates were stored, it is called with fewer updates than are new,
    perhaps none: followers read the log, not the wake-up.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        publish: Callable[[Sequence[ContextUpdate]], Awaitable[None]],
        policy: Policy | None = None,
        report: Callable[[Sequence[Dropped]], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish
        self._policy = policy or default_policy()
        self._report = report
        self.known = Known(store)
        self._end = LogEnd(store)
        self._lock = asyncio.Lock()
        self._unclear = False
        """Whether an insert may have failed after its updates were durable."""

    @property
    def policy(self) -> Policy:
        return self._policy

    async def policy_at(self, time: datetime) -> Policy:
        """The one that was in force then, as far as that is known."""
        return await policy_at(self._store, time) or self._policy

    async def append(self, updates: Sequence[ContextUpdate]) -> Sequence[ContextUpdate]:
        """Return once `updates` are durable: those that are new, as they are in the log, with position and time.

        Raises Busy if the store does, or if other processes append all the time; appending the same again is safe
        then, as it always is.
        """
        # An insert cannot be called back: if its caller is cancelled, the next one must still wait for it.
        return await asyncio.shield(self._append(updates)) if updates else ()

    async def updates(
        self, scope: Scope, reach: Reach = Reach.COVERING, *, after: int = 0, until: int = END, limit: int = 10_000
    ) -> Sequence[ContextUpdate]:
        """Those that concern `scope`, after one position and up to another, at most `limit`, in order of position."""
        where = f"{reach.value} AND Position > {{after:UInt64}} AND Position <= {{until:UInt64}}"
        return await self._select(
            f"{where} ORDER BY Position LIMIT {{limit:UInt64}}",
            {**parameters(scope), "after": after, "until": until, "limit": limit},
        )

    async def history(self, org: str, record_id: str) -> Sequence[ContextUpdate]:
        """All updates of one record, in order of position; empty if `org` has no such record."""
        return await self._select(
            "Org = {org:String} AND RecordId = {record:String} ORDER BY Position", {"org": org, "record": record_id}
        )

    async def record(self, org: str, record_id: str) -> Sequence[Record]:
        """The record, or nothing if there is none."""
        return fold(await self.history(org, record_id))

    async def records(
        self, scope: Scope, reach: Reach = Reach.COVERING, *, until: int = END, as_of: datetime | None = None
    ) -> Sequence[Record]:
        """The records that concern `scope`, whatever their status, as they were at the position `until`.

        With `as_of`, of what was known at that time alone.
        """
        known = "" if as_of is None else "AND At <= {as_of:DateTime64(6, 'UTC')}"
        updates = await self._select(
            f"{reach.value} AND Position <= {{until:UInt64}} {known} ORDER BY Position",
            {**parameters(scope), "until": until, "as_of": as_of},
        )
        return await asyncio.to_thread(fold, updates)

    async def context_for(self, scope: Scope) -> Context:
        """What a learner may know: the records that cover `scope`, whatever their status."""
        return Context(tuple(await self.records(scope)))

    async def position(self) -> int:
        """Of the last update that is durable; 0 if the log is empty."""
        return await self._end.position()

    async def _append(self, updates: Sequence[ContextUpdate]) -> Sequence[ContextUpdate]:
        async with self._lock:
            unclear, self._unclear = self._unclear, True
            for _ in range(ATTEMPTS):
                read_at, last = self._clock(), await self.position()
                admitted = await self._admit(updates, last)
                if self._clock() - read_at < FRESH and await self._end.place(admitted.updates, last):
                    break
                unclear = True  # somebody else appended, of which nobody here was told
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                raise Busy(f"the context log: other processes appended before this one, {ATTEMPTS} times in a row")
            self._report(admitted.dropped)
            if admitted.updates or unclear:
                await self._publish(admitted.updates)
            self._unclear = False
            return admitted.updates

    async def _admit(self, updates: Sequence[ContextUpdate], last: int) -> Admission:
        """What of `updates` is new, placed after the position `last`."""
        now = self._clock()
        placed = [replace(sound_update(one), at=now, position=last + number) for number, one in enumerate(updates, 1)]
        history, knowledge = await self._concerned(placed), await self.known.knowledge()
        admission = await asyncio.to_thread(admit, history, placed, self._policy, knowledge)
        admitted = [replace(update, position=last + number) for number, update in enumerate(admission.updates, 1)]
        return replace(admission, updates=admitted)

    async def _concerned(self, updates: Sequence[ContextUpdate]) -> Sequence[ContextUpdate]:
        """The history of the records that `updates` change, and of those about the same subjects."""
        subjects = {(one.scope.org, one.scope.user, one.scope.agent, one.subject) for one in updates if one.subject}
        values = {"records": list({one.record_id for one in updates}), "subjects": list(subjects)}
        rivals = f" OR RecordId IN ({RIVALS})" if subjects else ""
        return await self._select(f"RecordId IN {{records:Array(String)}}{rivals} ORDER BY Position", values)

    async def _select(self, where: str, values: Mapping[str, object]) -> Sequence[ContextUpdate]:
        rows = await self._store.query(f"{SELECT} WHERE {where} {WHOLE_GRANULES}", values)
        # In a thread, as is folding: an organisation's whole log takes seconds, and the event loop has agents to serve.
        return await asyncio.to_thread(lambda: [from_row(row) for row in rows])
