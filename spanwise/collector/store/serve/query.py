"""What a request asks for, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

TRANSPORT = frozenset(
    {
        *("query", "database", "default_format", "user", "password", "query_id", "quota_key", "role", "stacktrace"),
        *("compress", "decompress", "buffer_size", "wait_end_of_query", "client_protocol_version", "close_session"),
        *("session_id", "session_timeout", "session_check", "send_progress_in_http_headers"),
        *("http_headers_progress_interval_ms", "enable_http_compression", "http_zlib_compression_level"),
    }
)
"""Parameters of the interface itself; every other one is a setting or, with `param_` before it, a query parameter."""


@dataclass(frozen=True, slots=True)
class Query:
    """`sql` is what stands in the address; the body may go on with it, or hold rows."""

    id: str
    sql: str
    database: str
    format: str
    parameters: Mapping[str, str]
    settings: Mapping[str, str]
    protocol: int
    """Of a client that speaks ClickHouse's Native protocol; 0 for every other."""
    writes: bool
    frames_in: bool
    frames_out: bool


def query_of(query_id: str, given: Mapping[str, str], headers: Mapping[str, str], *, writes: bool) -> Query:
    """The query of a request with these parameters, whose user `writes`."""
    named = {name: value for name, value in given.items() if name not in TRANSPORT}
    settings = {name: value for name, value in named.items() if not name.startswith("param_")}
    readonly = settings.pop("readonly", "0") not in ("", "0")
    return Query(
        id=query_id,
        sql=given.get("query", ""),
        database=given.get("database") or headers.get("x-clickhouse-database", ""),
        format=given.get("default_format") or headers.get("x-clickhouse-format") or "TabSeparated",
        parameters={name.removeprefix("param_"): text for name, text in named.items() if name.startswith("param_")},
        settings=settings,
        protocol=_number(given.get("client_protocol_version", "")),
        writes=writes and not readonly,
        frames_in=_true(given.get("decompress", "")),
        frames_out=_true(given.get("compress", "")),
    )


def with_form(query: Query, fields: Mapping[str, str]) -> Query:
    """The query with what came as fields of a form."""
    parameters = {name.removeprefix("param_"): text for name, text in fields.items() if name.startswith("param_")}
    return replace(query, sql=fields.get("query", query.sql), parameters={**query.parameters, **parameters})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _true(text: str) -> bool:
    return text.lower() not in ("", "0", "false")
