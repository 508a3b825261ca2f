"""What another policy would have made of the last days' signals: the learners again, into a log that nobody keeps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spanwise.collector.context.admission import admit_into
from spanwise.collector.context.knowledge import Known
from spanwise.collector.context.policy import Policy
from spanwise.collector.context.records import Library, key_of
from spanwise.collector.model import Context, ContextUpdate, Scope, Signal
from spanwise.collector.plugins.workers import Workers
from spanwise.collector.store import Store
from spanwise.collector.store.signals import read_signals

DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record: its status, or `dropped`, and by which rule."""

    status: str
    rule: str
    content: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Rehearsal:
    signals: int
    now: Mapping[str, Outcome]
    """By record id, under the policy in force."""
    then: Mapping[str, Outcome]
    """Under the other one."""

    def differences(self) -> Mapping[str, tuple[Outcome, Outcome]]:
        both = {key: (self.now[key], self.then[key]) for key in self.now if key in self.then}
        return {key: pair for key, pair in both.items() if pair[0].status != pair[1].status}

    def count(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, int]:
        return Counter(outcome.status for outcome in outcomes.values())


async def rehearse(
    store: Store,
    workers: Workers,
    policies: tuple[Policy, Policy],
    org: str,
    since: datetime,
    clock: Callable[[], datetime],
) -> Rehearsal:
    """Both policies on the same signals, as if nothing had been known before."""
    signals = await read_signals(store, org, since)
    by_trace: dict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        by_trace[signal.evidence.trace_id].append(signal)
    now, then = [await _Stage(store, workers, policy, clock).play(by_trace) for policy in policies]
    return Rehearsal(len(signals), now, then)


class _Stage:
    """One policy's records."""

    def __init__(self, store: Store, workers: Workers, policy: Policy, clock: Callable[[], datetime]) -> None:
        self._known = Known(store)
        self._workers = workers
        self._policy = policy
        self._clock = clock
        self._library = Library()
        self._scopes: dict[Scope, dict[tuple[str, str], None]] = defaultdict(dict)
        self._dropped: dict[str, Outcome] = {}

    async def play(self, by_trace: Mapping[str, Sequence[Signal]]) -> Mapping[str, Outcome]:
        for trace_id, signals in by_trace.items():
            updates = await self._workers.learn(trace_id, signals, self._context(signals[0].scope))
            await self._admit(updates)
        held = {
            record.id: Outcome(record.status, record.policy, record.content, record.scope)
            for record in self._library.records()
        }
        return {**self._dropped, **held}

    async def _admit(self, updates: Iterable[ContextUpdate]) -> None:
        placed = [replace(update, at=self._clock()) for update in updates]
        admission = admit_into(self._library, placed, self._policy, await self._known.knowledge())
        for update in admission.updates:
            self._scopes[update.scope][key_of(update)] = None
        suggested = {update.record_id: update for update in placed}
        for dropped in admission.dropped:
            update = suggested[dropped.record_id]
            self._dropped[dropped.record_id] = Outcome(DROPPED, dropped.why, update.content, update.scope)

    def _context(self, scope: Scope) -> Context:
        covering = {Scope(agent, scope.org, user) for agent in ("", scope.agent) for user in ("", scope.user)}
        keys = [key for one in covering for key in self._scopes.get(one, ())]
        return Context(tuple(record for key in keys if (record := self._library.record(key))))
