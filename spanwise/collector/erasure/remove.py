"""Takes rows out of the tables, and waits until the files that held them are gone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from spanwise.collector.context.render import ID
from spanwise.collector.errors import Busy
from spanwise.collector.model import ContextUpdate
from spanwise.collector.store import Store

# Mutations rewrite the parts; a lightweight delete would only hide the rows, and leave their bytes.
NOW = "SETTINGS mutations_sync = 2"
ERASED_TRACES = "(SELECT Id FROM erased WHERE Receipt = {receipt:String} AND What = 'trace')"
ERASED_RECORDS = "(SELECT Id FROM erased WHERE Receipt = {receipt:String} AND What = 'record')"

MARK_TRACES = """
INSERT INTO erased SELECT DISTINCT Org, 'trace', TraceId, {{receipt:String}}, now64(6)
FROM otel_traces WHERE {condition}
"""
TABLES = ("otel_traces", "signals", "context_updates")
DELETES = {
    "otel_traces": f"Org = {{org:String}} AND TraceId IN {ERASED_TRACES}",
    "signals": f"""Org = {{org:String}} AND (TraceId IN {ERASED_TRACES}
        OR Details['record'] IN {ERASED_RECORDS} OR {{all:Bool}}
        OR ({{user:String}} != '' AND UserId = {{user:String}}))""",
    "consents": "Org = {org:String} AND {all:Bool}",
    "processed": f"Org = {{org:String}} AND TraceId IN {ERASED_TRACES}",
}
TOMBSTONES = f"""
ALTER TABLE context_updates UPDATE Operation = 'erase', Status = 'retired', Granted = '', Content = '', Evidence = '[]',
    Reason = '', Subject = '', SupersededBy = ''
WHERE Org = {{org:String}} AND RecordId IN {ERASED_RECORDS} {NOW}
"""
# Without the words of what stays: a mutation's text is kept in a file of its own, and they may be erased one day.
EVIDENCE = f"""
ALTER TABLE context_updates UPDATE Evidence = concat('[', arrayStringConcat(arrayFilter(
    item -> NOT has({{traces:Array(String)}}, JSONExtractString(item, 'trace_id'))
        AND ({{user:String}} = '' OR JSONExtractString(item, 'user') != {{user:String}}),
    JSONExtractArrayRaw(Evidence)), ', '), ']')
WHERE Org = {{org:String}} AND Id IN {{ids:Array(String)}} {NOW}
"""
# Of every span of the conversations that were told an erased record; those of erased traces go as a whole.
TOLD = f"""Org = {{org:String}} AND TraceId NOT IN {ERASED_TRACES} AND TraceId IN (
    SELECT TraceId FROM otel_traces WHERE Org = {{org:String}} AND if(ConversationId = '', TraceId, ConversationId) IN (
        SELECT if(ConversationId = '', TraceId, ConversationId) FROM signals
        WHERE Org = {{org:String}} AND Kind = 'context.exposure' AND Details['record'] IN {ERASED_RECORDS}))"""
LINES = f"""
ALTER TABLE otel_traces UPDATE
    SystemInstructions = replaceRegexpAll(SystemInstructions, {{json:String}}, '\\\\1[erased]'),
    InputMessages = replaceRegexpAll(InputMessages, {{json:String}}, '\\\\1[erased]'),
    OutputMessages = replaceRegexpAll(OutputMessages, {{json:String}}, '\\\\1[erased]'),
    ContentAttributes = mapApply((key, text) -> (key, if(match(text, '^\\\\s*[\\\\[{{]'),
        replaceRegexpAll(text, {{json:String}}, '\\\\1[erased]'),
        replaceRegexpAll(text, {{plain:String}}, '[erased]'))), ContentAttributes)
WHERE {TOLD} {NOW}
"""
OUTDATED = """
SELECT table, name FROM system.parts
WHERE database = currentDatabase() AND NOT active AND table IN {tables:Array(String)}
"""
FILES_SECONDS = 90.0
CHUNK = 500
"""Updates whose evidence is rewritten by one statement."""


async def mark_traces(store: Store, condition: str, parameters: Mapping[str, Any]) -> int:
    """Return once it is durable which traces are erased: from now on nothing of them is stored any more."""
    await store.query(MARK_TRACES.format(condition=condition), parameters)
    ((marked,),) = await store.query(
        "SELECT uniqExact(Id) FROM erased WHERE Receipt = {receipt:String} AND What = 'trace'", parameters
    )
    return int(marked)


async def remove_rows(store: Store, parameters: Mapping[str, Any]) -> Mapping[str, int]:
    """Return once the rows are in no part any more that is read; how many they were, by table."""
    removed = {}
    for table, condition in DELETES.items():
        ((removed[table],),) = await store.query(f"SELECT count() FROM {table} WHERE {condition}", parameters)
        if removed[table]:
            await store.query(f"ALTER TABLE {table} DELETE WHERE {condition} {NOW}", parameters)
    return removed


async def leave_tombstones(store: Store, parameters: Mapping[str, Any]) -> None:
    """Return once the updates of the erased records have no content any more."""
    await store.query(TOMBSTONES, parameters)


async def remove_lines(store: Store, parameters: Mapping[str, Any], records: Sequence[str]) -> int:
    """Return once the lines of the erased records are out of the prompts that were told them; of how many spans."""
    ((told,),) = await store.query(f"SELECT count() FROM otel_traces WHERE {TOLD}", parameters)
    for start in range(0, len(records) if told else 0, CHUNK):
        await store.query(LINES, {**parameters, **_lines_of(records[start : start + CHUNK])})
    return int(told)


def _lines_of(records: Sequence[str]) -> Mapping[str, str]:
    r"""A line of the prompt section by its short id: in JSON, where it begins behind `"` or `\n`, and in plain text.

    What it says is not in the patterns, since a mutation's text is kept in a file of its own.
    """
    ids = rf"\[(?:{'|'.join(record[:ID] for record in records)})\]"
    return {"json": rf'(\\n|")(?:[^"\\]|\\[^n])*{ids}', "plain": rf"[^\n]*{ids}"}


async def remove_evidence(
    store: Store, org: str, updates: Sequence[ContextUpdate], traces: Collection[str], user: str
) -> None:
    """Return once the updates have no evidence any more that is of these traces, or of the user if one is named."""
    for start in range(0, len(updates), CHUNK):
        chunk = updates[start : start + CHUNK]
        among = {item.trace_id for update in chunk for item in update.evidence}.intersection(traces)
        values = {"org": org, "user": user, "traces": sorted(among), "ids": [update.id for update in chunk]}
        await store.query(EVIDENCE, values)


async def outdated_parts(store: Store) -> set[tuple[str, str]]:
    return {(table, part) for table, part in await store.query(OUTDATED, {"tables": list(TABLES)})}


async def files_removed(store: Store) -> None:
    """Return once the parts that were replaced so far are deleted from the disk. Raises Busy if that takes too long."""
    replaced = await outdated_parts(store)
    try:
        async with asyncio.timeout(FILES_SECONDS):
            while replaced & await outdated_parts(store):  # noqa: ASYNC110 (the engine tells nobody)
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise Busy(f"the rows are gone, but after {FILES_SECONDS:.0f} s their files are not; ask again") from None
