"""The life of one record, told by its updates: the same whatever the order in which they came to the log.

What counts is when things were said or decided, not when Spanwise learned of them: a trace may be read late, again, or
after those that followed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from spanwise.collector.model import ContextUpdate, Evidence, Operation, Record, Recurrence, Status

LIVE = frozenset({Status.NOTED, Status.PROPOSED, Status.ACTIVE})
ENOUGH = 100
"""Pieces of evidence after which a record takes no more: learning reads them all, each time, and a thousand
conversations prove nothing that a hundred did not. The earliest are kept."""
APPLICATION = "application"
PERSON = "person"
MODEL = "model"
"""That asks over MCP. It does not decide: what it asks for is judged like a learner's suggestion."""

_STRENGTH = (Status.NOTED, Status.PROPOSED, Status.ACTIVE)
_ORDER = tuple(Operation)


def is_decision(producer: str) -> bool:
    """True if a person or an application decided, so that what was decided before does not bind them.

    Everybody else is a learner: it may be run again, over the same traces or in a newer version.
    """
    return producer.partition(":")[0] in (APPLICATION, PERSON)


def chronological(update: ContextUpdate) -> tuple[datetime, bool, int, int, str]:
    """The order in which things happened. At the same moment, a retraction comes last, and a decision after that.

    Only decisions of one moment need their places in the log to be told apart: people see what they decide about.
    """
    decided = is_decision(update.producer)
    return (
        *(valid_from(update), decided, update.position if decided else 0),
        *(_ORDER.index(update.operation), update.id),
    )


def valid_from(update: ContextUpdate) -> datetime:
    """Since when the update holds. Clocks of clients differ: nothing is said after it was learned."""
    return min(update.valid_from, learned(update)) if update.valid_from else learned(update)


def granted(update: ContextUpdate) -> Status:
    return update.granted or update.status


def learned(update: ContextUpdate) -> datetime:
    if update.at is None:
        raise ValueError(f"update {update.id} is not in the log: it has no time")
    return update.at


def tell(updates: Iterable[ContextUpdate]) -> Record | None:
    """The record that the updates of one record id add up to; None if nothing was ever added, or it was erased."""
    story = _Story()
    for update in sorted(updates, key=chronological):
        story.tell(update)
    return story.record()


def claims(updates: Iterable[ContextUpdate]) -> Sequence[ContextUpdate]:
    """Those that say that the record holds, and after which it did."""
    story = _Story()
    found = []
    for update in sorted(updates, key=chronological):
        story.tell(update)
        record = story.record() if update.operation in (Operation.ADD, Operation.UPDATE) else None
        if record and record.status is Status.ACTIVE:
            found.append(update)
    return found


class _Story:
    """One record in the making, told in order of time. Not a frozen value: it is told in a hundred small steps."""

    def __init__(self) -> None:
        self._record: Record | None = None
        self._evidence: dict[tuple[str, str], Evidence] = {}
        self._since: dict[tuple[str, str], Evidence] = {}
        """The evidence of this life: what was said before the record was put away does not count for its return."""
        self._retracted: set[tuple[str, str]] = set()

    def record(self) -> Record | None:
        return replace(self._record, evidence=tuple(self._evidence.values())) if self._record else None

    def tell(self, update: ContextUpdate) -> None:
        match update.operation:
            case Operation.ADD:
                self._add(update)
            case Operation.UPDATE:
                self._update(update)
            case Operation.RETRACT:
                self._retract(update)
            case Operation.ERASE:
                self._erase()

    def _add(self, add: ContextUpdate) -> None:
        """A live record is strengthened. One that was put away comes back for a decision, or for new evidence."""
        new = [item for item in add.evidence if item.source not in self._evidence]
        if self._record and not new and not is_decision(add.producer):
            return
        if self._record is None or self._record.status not in LIVE:
            self._begin(add, new)
        else:
            self._strengthen(self._record, add, new)

    def _begin(self, add: ContextUpdate, new: Iterable[Evidence]) -> None:
        self._since = {}
        self._take(new)
        begun = _begun(add, self._earned(add))
        self._record = replace(begun, created=min(begun.created, self._record.created)) if self._record else begun

    def _strengthen(self, record: Record, add: ContextUpdate, new: Iterable[Evidence]) -> None:
        taken = self._take(new)
        earned = self._earned(add)
        better = _STRENGTH.index(earned) > _STRENGTH.index(record.status)
        confidence = max(record.confidence, add.confidence)
        if taken or better or confidence > record.confidence:
            said = replace(record, status=earned, policy=add.policy) if better else record
            self._record = _touched(replace(said, confidence=confidence), add)

    def _take(self, new: Iterable[Evidence]) -> bool:
        taken = False
        for item in new:
            self._since.setdefault(item.source, item)
            if len(self._evidence) < ENOUGH and item.source not in self._evidence:
                self._evidence[item.source] = item
                taken = True
        return taken

    def _earned(self, add: ContextUpdate) -> Status:
        """What the policy gave the update, or noted until it has been seen often enough."""
        if granted(add) not in _STRENGTH or is_decision(add.producer):
            return granted(add)
        return granted(add) if recurred(add.recurrence, self._since.values()) else Status.NOTED

    def _update(self, update: ContextUpdate) -> None:
        """Nothing but an ADD brings back what was forgotten, and only a decision what was rejected."""
        allowed = LIVE | {Status.REJECTED} if is_decision(update.producer) else LIVE
        if self._record is None or self._record.status not in allowed:
            return
        said = replace(
            _touched(self._record, update),
            producer=update.producer,
            version=update.version,
            content=update.content,
            subject=update.subject,
            policy=update.policy,
            status=granted(update),
        )
        ended = None if said.status in LIVE else valid_from(update)
        self._record = replace(said, valid_to=ended)

    def _retract(self, retract: ContextUpdate) -> None:
        """A learner that reads an old "forget that" again must not take away what was said since."""
        sources = {item.source for item in retract.evidence}
        news = not sources or not sources <= self._retracted
        self._retracted |= sources
        if self._record is None or self._record.status is Status.RETIRED:
            return
        if is_decision(retract.producer) or (self._record.status in LIVE and news):
            retired = replace(_touched(self._record, retract), status=Status.RETIRED, valid_to=valid_from(retract))
            self._record = replace(retired, superseded_by=retract.superseded_by, policy=retract.policy)

    def _erase(self) -> None:
        self._record, self._evidence, self._since, self._retracted = None, {}, {}, set()


def recurred(recurrence: Recurrence, evidence: Iterable[Evidence]) -> bool:
    """True if the evidence comes from enough users and enough conversations."""
    seen = list(evidence)
    users = {item.user for item in seen if item.user}
    conversations = {item.source[0] for item in seen}
    enough_users = recurrence.users <= max(len(users), 1)
    return enough_users and recurrence.conversations <= max(len(conversations), 1)


def _begun(add: ContextUpdate, status: Status) -> Record:
    return Record(
        id=add.record_id,
        kind=add.kind,
        scope=add.scope,
        content=add.content,
        status=status,
        intent=add.intent,
        mode=add.mode,
        confidence=add.confidence,
        evidence=(),
        producer=add.producer,
        version=add.version,
        created=learned(add),
        changed=learned(add),
        position=add.position,
        valid_from=valid_from(add),
        subject=add.subject,
        policy=add.policy,
    )


def _touched(record: Record, update: ContextUpdate) -> Record:
    """With the time and place of the latest news, whatever the order of what happened."""
    changed, position = max(record.changed, learned(update)), max(record.position, update.position)
    return replace(record, changed=changed, position=position)
