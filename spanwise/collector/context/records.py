"""Records follow from updates: this is the only place that says how. The life of one record is told in `story`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spanwise.collector.context.story import ENOUGH, chronological, claims, granted, is_decision, tell
from spanwise.collector.model import ContextUpdate, Operation, Record, RecordKind, Scope

GRANTING = (Operation.ADD, Operation.UPDATE)
Key = tuple[str, str]
Subject = tuple[Scope, RecordKind, str]


def fold(updates: Iterable[ContextUpdate]) -> Sequence[Record]:
    """The records that `updates` add up to, whatever their order, in the order in which they are first named.

    An update whose id was there before changes nothing, nor does one that speaks of another tenant's record.
    """
    library = Library(updates)
    return [record for key in library.keys() if (record := library.record(key))]  # noqa: SIM118 (no dict)


def settle(history: Iterable[ContextUpdate], updates: Iterable[ContextUpdate]) -> Sequence[ContextUpdate]:
    """Those of `updates` that say something new after `history`, each with the status that its record then has.

    So whoever follows the log may take each update at its word, without knowing the rules of this module.
    """
    library = Library(history)
    return [settled for update in updates if (settled := library.tell(update))]


def key_of(update: ContextUpdate) -> Key:
    return (update.scope.org, update.record_id)


class Library:
    """All records in the making, by organisation and record id."""

    def __init__(self, history: Iterable[ContextUpdate] = ()) -> None:
        self._seen: set[str] = set()
        self._updates: dict[Key, list[ContextUpdate]] = defaultdict(list)
        self._told: dict[Key, Record | None] = {}
        self._subjects: dict[Subject, dict[Key, None]] = defaultdict(dict)
        for update in history:
            if update.id not in self._seen:
                self._note(update)

    def keys(self) -> Sequence[Key]:
        return list(self._updates)

    def record(self, key: Key) -> Record | None:
        if key not in self._told:
            self._told[key] = tell(self._updates.get(key, ()))
        return self._told[key]

    def records(self) -> Iterable[Record]:
        return (record for key in self.keys() if (record := self.record(key)))

    def knows(self, update_id: str) -> bool:
        return update_id in self._seen

    def before(self, key: Key, moment: ContextUpdate) -> Record | None:
        """The record as it was just before an update of another one."""
        return tell(one for one in self._updates.get(key, ()) if chronological(one) < chronological(moment))

    def rivals(self, record: Record) -> Sequence[Key]:
        """The other records of its scope about the same subject."""
        subject = (record.scope, record.kind, record.subject)
        return [key for key in self._subjects.get(subject, ()) if key[1] != record.id and self._is_about(key, subject)]

    def _is_about(self, key: Key, subject: Subject) -> bool:
        record = self.record(key)
        return record is not None and (record.scope, record.kind, record.subject) == subject

    def claims(self, key: Key) -> Sequence[ContextUpdate]:
        """The updates that say that the record holds, where they were granted it."""
        return claims(self._updates.get(key, ()))

    def tell(self, update: ContextUpdate) -> ContextUpdate | None:
        """The update as it belongs in the log, or None if it says nothing new: only what is in the log was told."""
        key = key_of(update)
        if update.id in self._seen:
            return None
        before, after = self.record(key), tell([*self._updates[key], update])
        if not (self._unheard(update) or _differ(before, after, update)):
            return None
        # An update may name another scope than the record it changes; whoever follows the record's scope needs it too.
        told = replace(update, granted=granted(update)) if update.operation in GRANTING else update
        settled = replace(told, scope=after.scope, status=after.status) if after else told
        self._note(settled)
        return settled

    def _note(self, update: ContextUpdate) -> None:
        key = key_of(update)
        self._seen.add(update.id)
        self._updates[key].append(update)
        if update.subject:
            self._subjects[update.scope, update.kind, update.subject][key] = None
        self._told.pop(key, None)

    def _unheard(self, update: ContextUpdate) -> bool:
        """True if the evidence may matter later, when something comes to be known that was said before it."""
        key = key_of(update)
        sources = {item.source for item in update.evidence}
        heard = {
            item.source
            for one in self._updates.get(key, ())
            if one.operation is update.operation
            for item in one.evidence
        }
        if sources <= heard:
            return False
        record = self.record(key)
        full = record is not None and len(record.evidence) >= ENOUGH
        return not (full and update.operation is Operation.ADD)


def _differ(before: Record | None, after: Record | None, update: ContextUpdate) -> bool:
    """A decision counts even if it only confirms. What a learner says again in a newer version does not."""
    if before is None or after is None or is_decision(update.producer):
        return before != after
    return _essence(before) != _essence(after)


def _essence(record: Record) -> tuple[object, ...]:
    return (record.status, record.content, frozenset(record.evidence), record.superseded_by)
