"""Records follow from updates: this is the only place that says how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from spanwise.collector.model import ContextUpdate, Evidence, Operation, Record, Status

LIVE = frozenset({Status.PROPOSED, Status.ACTIVE})
ENOUGH = 100
"""Pieces of evidence after which a record takes no more: learning reads them all, each time, and a thousand
conversations prove nothing that a hundred did not."""
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
    library = _Library()
    for update in updates:
        library.tell(update)
    return library.records()


def settle(history: Iterable[ContextUpdate], updates: Iterable[ContextUpdate]) -> Sequence[ContextUpdate]:
    """Those of `updates` that say something new after `history`, each with the status that its record then has.

    So whoever follows the log may take each update at its word, without knowing the rules of this module.
    """
    library = _Library()
    for update in history:
        library.tell(update)
    return [replace(update, status=library.status(update)) for update in updates if library.tell(update)]


class _Library:
    """All records in the making."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._stories: dict[tuple[str, str], _Story] = {}

    def tell(self, update: ContextUpdate) -> bool:
        """True if that said something new. Only then is it told: what said nothing is not in the log."""
        if update.id in self._seen or not self._tell(update):
            return False
        self._seen.add(update.id)
        return True

    def _tell(self, update: ContextUpdate) -> bool:
        key = (update.scope.org, update.record_id)
        if key in self._stories:
            return self._stories[key].tell(update)
        if update.operation is Operation.ADD:
            self._stories[key] = _Story(update)
        return key in self._stories

    def status(self, update: ContextUpdate) -> Status:
        return self._stories[update.scope.org, update.record_id].status

    def records(self) -> Sequence[Record]:
        return [story.record() for story in self._stories.values()]


class _Story:
    """One record in the making. Not a frozen value, because a record is told many times."""

    def __init__(self, add: ContextUpdate) -> None:
        self._record = _created(add)
        self._evidence: dict[Source, Evidence] = {}
        self._told: set[tuple[Operation, Source]] = set()
        self._hear(add)

    @property
    def status(self) -> Status:
        return self._record.status

    def record(self) -> Record:
        return replace(self._record, evidence=tuple(self._evidence.values()))

    def tell(self, update: ContextUpdate) -> bool:
        """True if that changed the record, or is one more reason for what it is already."""
        news = self._hear(update)
        match update.operation:
            case Operation.ADD:
                after = self._added(update, news)
            case Operation.UPDATE:
                after = self._updated(update)
            case Operation.RETRACT:
                after = self._retracted(update, news or not update.evidence)
        changed, self._record = after is not self._record, after
        return changed or news

    def _hear(self, update: ContextUpdate) -> bool:
        """Note the evidence; true if some of it is new to this record as a reason for this operation."""
        retracts = update.operation is Operation.RETRACT
        heard = [item for item in update.evidence if retracts or self._counts(item)]
        told = {(update.operation, item.source) for item in heard}
        news = not told <= self._told
        self._told |= told
        if not retracts:
            for item in heard:
                self._evidence.setdefault(item.source, item)
        return news

    def _counts(self, item: Evidence) -> bool:
        """With enough evidence, a live record takes no more, and one that was put away only what was said since.

        What was not taken would otherwise, when old traces are read again, look like a new reason to bring it back.
        """
        if len(self._evidence) < ENOUGH:
            return True
        return self.status not in LIVE and item.at > self._record.changed.timestamp() * 1e9

    def _added(self, add: ContextUpdate, news: bool) -> Record:
        """A live record is strengthened. One that was put away comes back for a decision, or for new evidence."""
        record = self._record
        if record.status not in LIVE:
            return replace(_created(add), created=record.created) if news or is_decision(add.producer) else record
        status = Status.ACTIVE if add.status is Status.ACTIVE else record.status
        confidence = max(record.confidence, add.confidence)
        if not news and (status, confidence) == (record.status, record.confidence):
            return record
        return replace(self._touched(add), status=status, confidence=confidence)

    def _updated(self, update: ContextUpdate) -> Record:
        """Nothing but an ADD brings back what was forgotten, and only a decision what was rejected."""
        allowed = LIVE | {Status.REJECTED} if is_decision(update.producer) else LIVE
        if self.status not in allowed:
            return self._record
        said = replace(self._touched(update), producer=update.producer, version=update.version)
        return replace(said, content=update.content, status=update.status)

    def _retracted(self, retract: ContextUpdate, news: bool) -> Record:
        """A learner that reads an old "forget that" again must not take away what was said since."""
        allowed = is_decision(retract.producer) or (self.status in LIVE and news and not self._said_after(retract))
        if self.status is Status.RETIRED or not allowed:
            return self._record
        return replace(self._touched(retract), status=Status.RETIRED)

    def _said_after(self, retract: ContextUpdate) -> bool:
        """True if some evidence is younger than all that `retract` rests on. What has no time is older than all."""
        latest = max((item.at for item in retract.evidence), default=0)
        return bool(latest) and any(item.at > latest for item in self._evidence.values())

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
