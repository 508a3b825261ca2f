"""The topic `context`, for everyone else: every update once, in the order of the log for each record.

`kafka:` means the brokers of `bus`, where every collector that delivers fills the topic without being told to. A record
is keyed by the record's id. Its value is a `ContextUpdate` of context.proto, without evidence and with the content that
the record has after it; a record that is gone (erased, or no longer in the filter) has none, so that compaction, which
the topic has, leaves nothing of it. Headers: `position`, `org`, `operation`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from spanwise.collector.context.wire import update_to_wire
from spanwise.collector.deliver import Change, Destination, Entry, Journal, Refusal, Refuse
from spanwise.collector.errors import Rejected

POSITION = "position"
MOST_BYTES = 900_000
"""Of a record: what brokers take unless they are told otherwise."""


@asynccontextmanager
async def open_kafka(destination: Destination) -> AsyncIterator[TopicStore]:
    if destination.journal is None:
        raise Rejected(f"deliver.stores.{destination.name}: kafka: is the bus, and bus is not kafka://…")
    async with destination.journal(destination.name) as journal:
        yield TopicStore(journal)


class TopicStore:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def position(self) -> int:
        return await self._journal.position()

    async def apply(self, changes: Sequence[Change], position: int, refuse: Refuse) -> None:  # noqa: ARG002
        """The position is that of the last change: behind it, there was nothing to tell."""
        reached = await self._journal.position()
        await self._append([change for change in changes if change.position > reached], refuse)

    async def again(self, change: Change, refuse: Refuse) -> None:
        # What comes late must not make the topic seem shorter than it is.
        late = max(change.position, await self._journal.position())
        await self._append([Change(replace(change.update, position=late), change.record)], refuse)

    async def _append(self, changes: Sequence[Change], refuse: Refuse) -> None:
        entries = {change.position: _entry(change) for change in changes}
        large = [change for change in changes if len(entries[change.position][1] or b"") > MOST_BYTES]
        if large:
            await refuse([Refusal(change, f"more than {MOST_BYTES:,} bytes") for change in large])
        kept = [change for change in changes if change not in large]
        if kept:
            await self._journal.append([entries[change.position] for change in kept], kept[-1].position)


def _entry(change: Change) -> Entry:
    record, update = change.record, change.update
    operation = "erase" if change.erased else (update.operation.value if record else "remove")
    headers = [
        (POSITION, str(change.position).encode()),
        ("org", change.key.org.encode()),
        ("operation", operation.encode()),
    ]
    value = None
    if record:
        told = replace(update, content=record.content, subject=record.subject, confidence=record.confidence)
        value = update_to_wire(told).SerializeToString()
    return change.key.record.encode(), value, headers
