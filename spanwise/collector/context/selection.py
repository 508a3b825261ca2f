"""Which of the records that hold for a scope an agent is told: what is overridden, and what there is no room for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spanwise.collector.context.policy import Policy
from spanwise.collector.context.render import current, line_of, tokens
from spanwise.collector.model import Intent, Record, Scope, Status


@dataclass(frozen=True, slots=True)
class Overridden:
    """A record that a narrower one about the same subject takes the place of."""

    record: Record
    by: Record


@dataclass(frozen=True, slots=True)
class Choice:
    holding: Sequence[Record]
    """Active and not overridden, narrower first."""
    chosen: Sequence[Record]
    """Those of `holding` that the budgets have room for, in the same order."""
    left_out: Sequence[Record]
    overridden: Sequence[Overridden]


def choose(records: Iterable[Record], scope: Scope, policy: Policy) -> Choice:
    """What an agent that runs for `scope` is told.

    Each scope has its own budget. What is left out first: the implicit before the explicit, then what has the least
    evidence, then what was said the longest ago.
    """
    active = [record for record in current(records, scope) if record.status is Status.ACTIVE]
    overridden = list(_overridden(active))
    lost = {one.record.id for one in overridden}
    holding = [record for record in active if record.id not in lost]
    kept = {record.id for group in _by_scope(holding).values() for record in _within_budget(group, policy)}
    chosen = [record for record in holding if record.id in kept]
    return Choice(holding, chosen, [record for record in holding if record.id not in kept], overridden)


def _overridden(active: Sequence[Record]) -> Iterable[Overridden]:
    """`active` is narrower first, so the first record about a subject is the one that holds."""
    holds: dict[tuple[str, str], Record] = {}
    for record in active:
        if record.subject:
            narrower = holds.setdefault((record.kind, record.subject), record)
            if narrower.scope != record.scope:
                yield Overridden(record, narrower)


def _by_scope(records: Iterable[Record]) -> dict[Scope, list[Record]]:
    groups: dict[Scope, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.scope].append(record)
    return groups


def _within_budget(group: Sequence[Record], policy: Policy) -> Iterable[Record]:
    budget = policy.budget_of(group[0].scope)
    room = budget.tokens
    for record in sorted(group, key=_worth, reverse=True)[: budget.records]:
        room -= tokens(line_of(record)) + 1
        if room < 0:
            return
        yield record


def _worth(record: Record) -> tuple[bool, int, float, str]:
    said = max((item.at for item in record.evidence), default=0) / 1e9 or record.changed.timestamp()
    return (record.intent is Intent.EXPLICIT, len(record.evidence), said, record.id)
