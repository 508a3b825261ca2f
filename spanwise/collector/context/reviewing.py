"""The queue of what waits for people, what a decision would change, and what decisions say about detectors."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from spanwise.collector.context.policy import Policy
from spanwise.collector.context.render import prompt_section
from spanwise.collector.context.selection import choose
from spanwise.collector.model import Evidence, Origin, Record, Signal, Status
from spanwise.collector.store import Store
from spanwise.processors import derive_id

APPROVED, EDITED, REJECTED = "review.approved", "review.edited", "review.rejected"
VERSION = "1"
RATES = """
SELECT Details['detector'] AS detector, countIf(Kind = 'review.approved'), countIf(Kind = 'review.edited'),
    countIf(Kind = 'review.rejected') AS rejected
FROM signals FINAL WHERE Org = {org:String} AND startsWith(Kind, 'review.') AND detector != ''
GROUP BY detector ORDER BY rejected / count() DESC, rejected DESC, detector
"""


class Verdict(enum.StrEnum):
    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    record: Record
    before: str
    """The prompt section of the record's scope as it is."""
    after: str
    """The same if the record were approved."""
    supersedes: Record | None


@dataclass(frozen=True, slots=True)
class Queue:
    items: Sequence[ReviewItem]
    waiting: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How people decided about what rests on the signals of one detector."""

    detector: str
    approved: int
    edited: int
    rejected: int


async def queue_of(
    proposed: Sequence[Record], holding: Callable[[Record], Awaitable[Sequence[Record]]], policy: Policy, limit: int
) -> Queue:
    """The proposals with the most evidence, then the newest; `holding` gives the records that cover one's scope."""
    ordered = sorted(proposed, key=lambda one: (len(one.evidence), one.position), reverse=True)
    return Queue([effect(one, await holding(one), policy) for one in ordered[:limit]], len(proposed))


def effect(record: Record, holding: Sequence[Record], policy: Policy) -> ReviewItem:
    """What approving the record would change for the runs that it is for."""
    active = [one for one in holding if one.status is Status.ACTIVE]
    rival = next((one for one in active if record.subject and _same_place(one, record)), None)
    after = [one for one in active if one is not rival] + [replace(record, status=Status.ACTIVE)]
    was, would_be = (prompt_section(choose(these, record.scope, policy).chosen) for these in (active, after))
    return ReviewItem(record, was, would_be, rival)


def _same_place(one: Record, record: Record) -> bool:
    return (one.scope, one.kind, one.subject) == (record.scope, record.kind, record.subject) and one.id != record.id


def reviewed(before: Record, after: Record, person: str, reason: str) -> Sequence[Signal]:
    """The decision as signals, one for each detector whose work was decided about.

    A reviewer is no user: nothing is learned from these but how far a detector can be trusted.
    """
    kind = _kind(before, after)
    source = before.evidence[0] if before.evidence else Evidence("", Origin.REVIEWER, "", "", "")
    evidence = Evidence(
        *(before.content, Origin.REVIEWER, "", source.trace_id, source.span_id),
        *(int(after.changed.timestamp() * 1e9), before.scope.user, kind, "review"),
    )
    details = {"record": before.id, "by": person, "reason": reason, "content": after.content}
    return [
        Signal(
            id=derive_id(kind, before.id, detector, str(after.position)),
            kind=kind,
            scope=before.scope,
            evidence=evidence,
            confidence=1.0,
            detector="review",
            version=VERSION,
            details={**details, "detector": detector},
        )
        for detector in sorted({item.detector for item in before.evidence} or {""})
    ]


def _kind(before: Record, after: Record) -> str:
    if after.status is Status.REJECTED:
        return REJECTED
    return APPROVED if after.content == before.content else EDITED


async def rates(store: Store, org: str) -> Sequence[Rate]:
    """Of what people decided, the most often rejected first."""
    return [Rate(*row) for row in await store.query(RATES, {"org": org})]
