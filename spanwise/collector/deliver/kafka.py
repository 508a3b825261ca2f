"""The topic `context`, for everyone else: every update once, in the order of the log for each record.

`kafka:` means the brokers of `bus`, where every collector that delivers fills the topic without being told to. A record
is keyed by the record's id. Its value is a `ContextUpdate` of context.proto, without evidence and with what the record
is after it; a record that is gone (erased, or no longer in the filter) has none, so that compaction, which the topic
has, leaves nothing of it. Headers: `position`, `org`, `operation`. What comes late, since it was refused before or is
mended, has the position of what it comes behind: the topic never seems shorter than it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from google.protobuf.message import DecodeError

from spanwise.collector.context.wire import update_from_wire, update_to_wire
from spanwise.collector.deliver import Change, Destination, Document, Entry, Journal, Key, Refusal, Refuse
from spanwise.collector.errors import Rejected
from spanwise.collector.model import ContextUpdate, Record
from spanwise.v1 import context_pb2 as wire

POSITION, ORG = "position", "org"
MOST_BYTES = 900_000
"""Of a record: what brokers take unless they are told otherwise."""
PAGE = 1_000


@asynccontextmanager
async def open_kafka(destination: Destination) -> AsyncIterator[TopicStore]:
    if destination.journal is None:
        raise Rejected(f"deliver.stores.{destination.name}: kafka: is the bus, and bus is not kafka://…")
    async with destination.journal(destination.name) as journal:
        yield TopicStore(journal)


class TopicStore:
    fields = frozenset(
        {"org", "record_id", "agent", "user_id", "kind", "content", "status", "intent", "confidence", "subject"}
    )

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._asked = 0

    async def position(self) -> int:
        self._asked = await self._journal.position()
        return self._asked

    async def apply(self, changes: Sequence[Change], position: int, refuse: Refuse) -> None:  # noqa: ARG002
        """The position is that of the last change: behind it, there was nothing to tell."""
        reached = await self._journal.claim()
        await self._append([change for change in changes if change.position > reached], reached, refuse)

    async def again(self, change: Change, refuse: Refuse) -> None:
        await self._append([change], await self._journal.claim(), refuse)

    async def read(self, keys: Sequence[Key]) -> Mapping[Key, Document]:
        """All of the topic the first time, then what has come since. Its newest values are kept in memory."""
        held = await self._journal.newest()
        found = {_key(entry): _document(entry) for key in keys if (entry := held.get(key.record.encode()))}
        return {key: found[key] for key in keys if key in found}

    async def keys(self) -> AsyncIterator[Sequence[Key]]:
        held = [_key(entry) for entry in (await self._journal.newest()).values()]
        for start in range(0, len(held), PAGE):
            yield held[start : start + PAGE]

    async def mend(self, changes: Sequence[Change], refuse: Refuse) -> None:
        """By appending. Whoever follows is fenced off by it, and begins anew where it was."""
        asked = self._asked
        try:
            if await self._journal.claim() == asked:
                # What was committed is visible a moment later: by now, it is.
                held = await self._journal.newest()
                await self._append([change for change in changes if not _is_held(change, held)], asked, refuse)
        finally:
            await self._journal.release()

    async def _append(self, changes: Sequence[Change], reached: int, refuse: Refuse) -> None:
        entries = [_entry(change, max(change.position, reached)) for change in changes]
        large = [len(value or b"") > MOST_BYTES for _, value, _ in entries]
        if any(large):
            reason = f"more than {MOST_BYTES:,} bytes"
            await refuse([Refusal(change, reason) for change, refused in zip(changes, large, strict=True) if refused])
        kept = [number for number, refused in enumerate(large) if not refused]
        if kept:
            last = max(changes[kept[-1]].position, reached)
            await self._journal.append([entries[number] for number in kept], last)


def _entry(change: Change, position: int) -> Entry:
    record, update = change.record, change.update
    operation = "erase" if change.erased else (update.operation.value if record else "remove")
    headers = [
        (POSITION, str(position).encode()),
        (ORG, change.key.org.encode()),
        ("operation", operation.encode()),
    ]
    value = update_to_wire(_told(update, record)).SerializeToString() if record else None
    return change.key.record.encode(), value, headers


def _is_held(change: Change, held: Mapping[bytes, Entry]) -> bool:
    key, value, _ = _entry(change, change.position)
    return value == (held[key][1] if key in held else None)


def _told(update: ContextUpdate, record: Record) -> ContextUpdate:
    """The update, and what its record is after it."""
    return replace(
        update,
        kind=record.kind,
        scope=record.scope,
        content=record.content,
        status=record.status,
        intent=record.intent,
        confidence=record.confidence,
        subject=record.subject,
    )


def _key(entry: Entry) -> Key:
    key, _, headers = entry
    return Key(dict(headers).get(ORG, b"").decode("utf-8", "replace"), key.decode("utf-8", "replace"))


def _document(entry: Entry) -> Document:
    """Nothing but the key if somebody else wrote what is no update."""
    try:
        update = update_from_wire(wire.ContextUpdate.FromString(entry[1] or b""))
    except (DecodeError, Rejected):
        return {"org": _key(entry).org, "record_id": _key(entry).record}
    return {
        "org": update.scope.org,
        "record_id": update.record_id,
        "agent": update.scope.agent,
        "user_id": update.scope.user,
        "kind": update.kind.value,
        "content": update.content,
        "status": update.status.value,
        "intent": update.intent.value,
        "confidence": update.confidence,
        "subject": update.subject,
    }
