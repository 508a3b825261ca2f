"""What is asked of PostgreSQL, and how rows are records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from spanwise.collector.deliver import Document, Key
from spanwise.collector.deliver.documents import document, written
from spanwise.collector.model import Record

PAGE = 1_000
TIMES = ("valid_from", "valid_to", "created", "changed")
COLUMNS: Mapping[str, str] = {
    "org": "text",
    "record_id": "text",
    "short_id": "text",
    "agent": "text",
    "user_id": "text",
    "kind": "text",
    "content": "text",
    "status": "text",
    "intent": "text",
    "confidence": "double precision",
    "subject": "text",
    "producer": "text",
    "superseded_by": "text",
    **dict.fromkeys(TIMES, "timestamptz"),
    "position": "bigint",
}
TABLES = """
SELECT pg_advisory_xact_lock(hashtext('spanwise.{schema}'));
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE IF NOT EXISTS {schema}.context (
    {columns},
    PRIMARY KEY (org, record_id)
);
CREATE INDEX IF NOT EXISTS context_by_user ON {schema}.context (org, user_id, agent, kind);
CREATE INDEX IF NOT EXISTS context_by_agent ON {schema}.context (org, agent, kind);
CREATE INDEX IF NOT EXISTS context_by_change ON {schema}.context (org, changed);
-- Samples of what people said do not belong into the planner's statistics, where no erasure would find them.
ALTER TABLE {schema}.context ALTER content SET STATISTICS 0, ALTER subject SET STATISTICS 0;
CREATE TABLE IF NOT EXISTS {schema}.delivery (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL DEFAULT 0,
    rewrite boolean NOT NULL DEFAULT false
);
INSERT INTO {schema}.delivery DEFAULT VALUES ON CONFLICT DO NOTHING;
"""
HERE = "SELECT to_regclass('{schema}.delivery') IS NOT NULL"
UPSERT = """
INSERT INTO {schema}.context AS held ({names}) SELECT * FROM unnest({arrays})
ON CONFLICT (org, record_id) DO UPDATE SET {assignments} {guard}
"""
DELETE = """
DELETE FROM {schema}.context AS held
USING unnest($1::text[], $2::text[], $3::bigint[]) AS gone (org, record_id, position)
WHERE held.org = gone.org AND held.record_id = gone.record_id {guard}
"""
LOCK = "SELECT position FROM {schema}.delivery FOR UPDATE"
REACH = "UPDATE {schema}.delivery SET position = greatest(position, $1), rewrite = rewrite OR $2"
READ = """
SELECT {names} FROM {schema}.context
JOIN unnest($1::text[], $2::text[]) AS wanted (org, record_id) USING (org, record_id)
"""
KEYS = "SELECT org, record_id FROM {schema}.context WHERE (org, record_id) > ($1, $2) ORDER BY 1, 2 LIMIT {page}"


def columns() -> str:
    """As `TABLES` has them."""
    return ",\n    ".join(f"{name} {kind}{_null(name)}" for name, kind in COLUMNS.items())


def upsert(*, guarded: bool) -> Mapping[str, str]:
    """The parts of `UPSERT`; guarded, it overwrites nothing that is newer."""
    return {
        "arrays": ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(COLUMNS.values(), 1)),
        "assignments": ", ".join(f"{name} = excluded.{name}" for name in COLUMNS),
        "guard": "WHERE held.position <= excluded.position" if guarded else "",
    }


def _null(name: str) -> str:
    return "" if name in ("valid_from", "valid_to") else " NOT NULL"


def row_of(record: Record) -> tuple[object, ...]:
    flat = document(record)
    times: Mapping[str, datetime | None] = {name: getattr(record, name) for name in TIMES}
    return tuple(times[name] if name in times else flat[name] for name in COLUMNS)


def document_of(row: Mapping[str, Any]) -> Document:
    return {name: written(row[name]) if name in TIMES else row[name] for name in COLUMNS}


def columns_of(keys: Sequence[Key]) -> tuple[Sequence[str], Sequence[str]]:
    return [key.org for key in keys], [key.record for key in keys]
