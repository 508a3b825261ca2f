"""OTLP requests to a ClickHouse Native block of `otel_traces`: scan, select, write one column after the other."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from spanwise.collector.otlp.columns import maps, spans, typed
from spanwise.collector.otlp.columns.writer import Writer, put_words
from spanwise.collector.otlp.conventions import (
    COLUMN_NAMES,
    CONTENT_COLUMNS,
    EVALUATION_SCORE,
    FINISH_REASON,
    OPERATION,
    TOKEN_COLUMNS,
)
from spanwise.collector.otlp.making import Maker
from spanwise.collector.otlp.memory import Buffer
from spanwise.collector.otlp.operations import operations
from spanwise.collector.otlp.plan import moving, plan_for
from spanwise.collector.otlp.resolve import first_of_list
from spanwise.collector.otlp.scan import scan
from spanwise.collector.otlp.selection import Selection, numbers, select
from spanwise.collector.otlp.tape import Tape
from spanwise.collector.otlp.traces import Traces

SPAN_KINDS = (b"Unspecified", b"Internal", b"Server", b"Client", b"Producer", b"Consumer")
STATUS_CODES = (b"Unset", b"Ok", b"Error")

TEXT, WORD, COUNT, SCORE = "String", "LowCardinality(String)", "UInt64", "Nullable(Float64)"
MAP = "Map(LowCardinality(String), String)"
TEXTS_OF_THEIR_OWN = frozenset({"UserId", "ConversationId", "AgentId", "ToolCallId", *CONTENT_COLUMNS})
"""Typed columns with too many different texts for a dictionary."""

Put: TypeAlias = Callable[[Writer], None]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: its OTLP bytes, the tenant that sent it, and the hash that names it (16 bytes)."""

    data: bytes
    org: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class SpanRows:
    """Rows of `otel_traces` in ClickHouse's `format`."""

    columns: Sequence[str]
    format: str
    data: memoryview | bytes
    rows: int
    traces: Sequence[Traces]
    """How many rows are new of which traces, for each organisation."""
    unmapped: Mapping[str, int]
    """Rows with content that no column could take, by dialect. Their attributes are in `ContentAttributes`."""


def span_rows(requests: Sequence[Request], stored_at: datetime) -> SpanRows:
    """All spans of `requests` as rows. Raises `Malformed` if one of them cannot be decoded."""
    tape = scan([request.data for request in requests])
    names = tuple(tape.names.texts())
    operation = operations(tape, names)
    plan = plan_for(names, frozenset(COLUMN_NAMES) - {OPERATION})
    maker = Maker(tape)
    selection = select(tape, plan, operation.kinds)
    maker.answer(selection, plan.columns)
    columns = {
        **_span_columns(names),
        **_request_columns(requests, stored_at),
        OPERATION: (WORD, operation.put),
        **_typed_columns(selection, plan.columns),
        **_content_columns(names, selection, plan.columns),
    }
    data = _block(tape, columns)
    return SpanRows(tuple(columns), "Native", data, len(tape), _traces(tape, requests), maker.unmapped_by_dialect())


def _block(tape: Tape, columns: Mapping[str, tuple[str, Put]]) -> memoryview:
    """The block: the numbers of columns and rows, then each column's name, type and data."""
    size = sum(map(len, tape.data))
    buffer = Buffer(size + size // 4 + 512 * len(tape) + 65536)
    writer = Writer(buffer, tape)
    writer.length(len(columns))
    writer.length(len(tape))
    for name, (kind, put) in columns.items():
        writer.header(name.encode(), kind.encode())
        put(writer)
    return buffer.view()


def _span_columns(names: Sequence[str]) -> Mapping[str, tuple[str, Put]]:
    service = names.index("service.name") if "service.name" in names else -1
    return {
        "Timestamp": ("DateTime64(9)", spans.put_start_times),
        "Duration": (COUNT, spans.put_durations),
        "TraceId": (TEXT, spans.put_trace_ids),
        "SpanId": (TEXT, spans.put_span_ids),
        "ParentSpanId": (TEXT, spans.put_parent_ids),
        "TraceState": (TEXT, spans.put_trace_states),
        "SpanName": (WORD, spans.put_span_names),
        "SpanKind": (WORD, partial(spans.put_span_kinds, texts=SPAN_KINDS)),
        "ServiceName": (WORD, partial(spans.put_services, name=service)),
        "ResourceAttributes": (MAP, maps.put_resource_attributes),
        "ScopeName": (TEXT, spans.put_scope_names),
        "ScopeVersion": (TEXT, spans.put_scope_versions),
        "StatusCode": (WORD, partial(spans.put_status_codes, texts=STATUS_CODES)),
        "StatusMessage": (TEXT, spans.put_status_messages),
        "Events.Timestamp": ("Array(DateTime64(9))", maps.put_event_times),
        "Events.Name": (f"Array({WORD})", maps.put_event_names),
        "Events.Attributes": (f"Array({MAP})", maps.put_event_attributes),
        "Links.TraceId": (f"Array({TEXT})", maps.put_link_trace_ids),
        "Links.SpanId": (f"Array({TEXT})", maps.put_link_span_ids),
        "Links.TraceState": (f"Array({TEXT})", maps.put_link_trace_states),
        "Links.Attributes": (f"Array({MAP})", maps.put_link_attributes),
    }


def _request_columns(requests: Sequence[Request], stored_at: datetime) -> Mapping[str, tuple[str, Put]]:
    orgs = [request.org.encode() for request in requests]
    hashes = b"".join(request.hash for request in requests)
    times = struct.pack("<q", int(stored_at.timestamp() * 1_000_000)) * len(requests)
    return {
        "Org": (WORD, partial(spans.put_request_words, texts=orgs)),
        "StoredAt": ("DateTime64(6, 'UTC')", partial(spans.put_request_bytes, values=times, width=8)),
        "RequestHash": ("UInt128", partial(spans.put_request_bytes, values=hashes, width=16)),
    }


def _typed_columns(selection: Selection, active: Sequence[str]) -> Mapping[str, tuple[str, Put]]:
    """The columns of conventions; those that nothing in this block fills are written without looking at the spans."""
    columns: dict[str, tuple[str, Put]] = {}
    for column in COLUMN_NAMES:
        kind = _kind(column)
        if column in active:
            columns[column] = kind, partial(_filled(column, kind), selection=selection, column=active.index(column))
        elif column != OPERATION:
            columns[column] = kind, _EMPTY[kind]
    return columns


def _kind(column: str) -> str:
    if column == EVALUATION_SCORE:
        return SCORE
    if column in TOKEN_COLUMNS:
        return COUNT
    return TEXT if column in TEXTS_OF_THEIR_OWN else WORD


def _filled(column: str, kind: str) -> Callable[..., None]:
    return _put_finish_reasons if column == FINISH_REASON else _FILLED[kind]


_FILLED: Mapping[str, Callable[..., None]] = {
    TEXT: typed.put_texts,
    WORD: typed.put_words_of,
    COUNT: typed.put_counts,
    SCORE: typed.put_scores,
}
_EMPTY: Mapping[str, Put] = {
    TEXT: partial(typed.put_zeros, width=1),
    WORD: typed.put_no_words,
    COUNT: partial(typed.put_zeros, width=8),
    SCORE: typed.put_no_scores,
}


def _put_finish_reasons(writer: Writer, selection: Selection, column: int) -> None:
    words, codes = typed.words(writer, selection, column)
    put_words(writer, [first_of_list(word).encode() for word in words.texts()], codes)


def _content_columns(
    names: Sequence[str], selection: Selection, active: Sequence[str]
) -> Mapping[str, tuple[str, Put]]:
    """The maps of span attributes, whose content has columns of its own."""
    positions = [active.index(column) if column in active else -1 for column in CONTENT_COLUMNS]
    home_names = [names.index(home) if home in names else -1 for home in CONTENT_COLUMNS.values()]
    homes = dict(zip(home_names, positions, strict=True))
    divided = maps.Divided(
        selection, numbers(moving(names)), numbers([homes.get(number, -1) for number in range(len(names))])
    )
    derived = partial(typed.put_derived, selection=selection, columns=numbers(positions), homes=numbers(home_names))
    nothing_derived = partial(typed.put_zeros, width=1)
    return {
        "SpanAttributes": (MAP, partial(maps.put_span_attributes, divided=divided, moved=False)),
        "ContentAttributes": (MAP, partial(maps.put_span_attributes, divided=divided, moved=True)),
        "ContentDerived": ("UInt8", derived if max(positions) >= 0 else nothing_derived),
    }


def _traces(tape: Tape, requests: Sequence[Request]) -> Sequence[Traces]:
    orgs = {org: group for group, org in enumerate(dict.fromkeys(request.org for request in requests))}
    groups = numbers([orgs[request.org] for request in requests])
    found = (Traces(org, spans.pack_traces(tape, groups, group)) for org, group in orgs.items())
    return [traces for traces in found if traces.packed]
