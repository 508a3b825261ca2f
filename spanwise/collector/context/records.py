"""Records follow from updates: this is the only place that says how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from spanwise.collector.model import ContextUpdate, Evidence, Operation, Record, Status

LIVE = frozenset({Status.PROPOSED, Status.ACTIVE})
APPLICATION = "application"
PERSON = "person"

Source = tuple[str, str]


def is_decision(producer: str) -> bool:
    """True if a person or an application decided, so that what was decided before does not bind them.

    Everybody else is a learner: it may be run again, over the same traces or in a newer version.
    """
    return producer.partition(":")[0] in (APPLICATION, PERSON)


def fold(updates: Iterable[ContextUpdate]) -> Sequence[Record]:
    """The records that `updates`, in order of position, add up to, in the order in which they were created.

    An update whose id was there before changes nothing, nor does one that speaks of another tenant's record.
    """
    seen: set[str] = set()
    stories: dict[tuple[str, str], _Story] = {}
    for update in updates:
        if update.id not in seen:
            seen.add(update.id)
            _tell(stories, update)
    return [story.record() for story in stories.values()]


def _tell(stories: dict[tuple[str, str], _Story], update: ContextUpdate) -> None:
    key = (update.scope.org, update.record_id)
    if key in stories:
        stories[key].tell(update)
    elif update.operation is Operation.ADD:
        stories[key] = _Story(update)


class _Story:
    """One record in the making. Not a frozen value, because a record may gather thousands of pieces of evidence."""

    def __init__(self, add: ContextUpdate) -> None:
        self._record = _created(add)
        self._evidence: dict[Source, Evidence] = {}
        self._told: set[tuple[Operation, Source]] = set()
        self._hear(add)

    def record(self) -> Record:
        return replace(self._record, evidence=tuple(self._evidence.values()))

    def tell(self, update: ContextUpdate) -> None:
        news = self._hear(update)
        match update.operation:
            case Operation.ADD:
                self._add(update, news)
            case Operation.UPDATE:
                self._update(update)
            case Operation.RETRACT:
                self._retract(update, news or not update.evidence)

    def _hear(self, update: ContextUpdate) -> bool:
        """Note the evidence; true if some of it is new to this record as a reason for this operation."""
        told = {(update.operation, item.source) for item in update.evidence}
        news = not told <= self._told
        self._told |= told
        if update.operation is not Operation.RETRACT:
            for item in update.evidence:
                self._evidence.setdefault(item.source, item)
        return news

    def _add(self, add: ContextUpdate, news: bool) -> None:
        """A live record is strengthened. One that was put away comes back for a decision, or for new evidence."""
        if self._record.status not in LIVE:
            if is_decision(add.producer) or news:
                self._record = replace(_created(add), created=self._record.created)
            return
        status = Status.ACTIVE if add.status is Status.ACTIVE else self._record.status
        confidence = max(self._record.confidence, add.confidence)
        if news or (status, confidence) != (self._record.status, self._record.confidence):
            self._record = replace(self._touched(add), status=status, confidence=confidence)

    def _update(self, update: ContextUpdate) -> None:
        """Nothing but an ADD brings back what was forgotten, and only a decision what was rejected."""
        allowed = LIVE | {Status.REJECTED} if is_decision(update.producer) else LIVE
        if self._record.status in allowed:
            said = replace(self._touched(update), producer=update.producer, version=update.version)
            self._record = replace(said, content=update.content, status=update.status)

    def _retract(self, retract: ContextUpdate, news: bool) -> None:
        """A learner that reads an old "forget that" again must not take away what was said since."""
        if is_decision(retract.producer) or (self._record.status in LIVE and news):
            self._record = replace(self._touched(retract), status=Status.RETIRED)

    def _touched(self, update: ContextUpdate) -> Record:
        return replace(self._record, changed=_time(update), position=update.position)


def _created(add: ContextUpdate) -> Record:
    return Record(
        id=add.record_id,
        kind=add.kind,
        scope=add.scope,
        content=add.content,
        status=add.status,
        intent=add.intent,
        mode=add.mode,
        confidence=add.confidence,
        evidence=(),
        producer=add.producer,
        version=add.version,
        created=_time(add),
        changed=_time(add),
        position=add.position,
    )


def _time(update: ContextUpdate) -> datetime:
    if update.at is None:
        raise ValueError(f"update {update.id} is not in the log: it has no time")
    return update.at
