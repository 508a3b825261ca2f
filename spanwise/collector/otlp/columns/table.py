"""The columns of `otel_traces` that a block has: the name of each, its type, and what writes it.

A column in which nothing would stand is left out, and ClickHouse fills in its default: of the columns a web service's
spans need a third.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeAlias

from spanwise.collector.otlp.columns import maps, scopes, spans, typed
from spanwise.collector.otlp.columns.writer import Writer, put_words
from spanwise.collector.otlp.conventions import CONTENT_COLUMNS, EVALUATION_SCORE, FINISH_REASON, TOKEN_COLUMNS
from spanwise.collector.otlp.plan import moving
from spanwise.collector.otlp.resolve import first_of_list
from spanwise.collector.otlp.selection import Selection, numbers
from spanwise.collector.otlp.tape import Tape

SPAN_KINDS = (b"Unspecified", b"Internal", b"Server", b"Client", b"Producer", b"Consumer")
STATUS_CODES = (b"Unset", b"Ok", b"Error")

TEXT, WORD, COUNT, SCORE, NUMBER = "String", "LowCardinality(String)", "UInt64", "Nullable(Float64)", "UInt32"
MAP = "Map(LowCardinality(String), String)"
TEXTS_OF_THEIR_OWN = frozenset({"UserId", "ConversationId", "AgentId", "ToolCallId", *CONTENT_COLUMNS})
"""Typed columns with too many different texts for a dictionary."""

Put: TypeAlias = Callable[[Writer], None]
Columns: TypeAlias = Mapping[str, tuple[str, Put]]

_SPAN: Columns = {
    "Timestamp": ("DateTime64(9)", spans.put_start_times),
    "Duration": (COUNT, spans.put_durations),
    "TraceId": (TEXT, spans.put_trace_ids),
    "SpanId": (TEXT, spans.put_span_ids),
    "ParentSpanId": (TEXT, spans.put_parent_ids),
    "TraceState": (TEXT, spans.put_trace_states),
    "SpanName": (WORD, spans.put_span_names),
    "SpanKind": (WORD, partial(spans.put_span_kinds, texts=SPAN_KINDS)),
    "StatusCode": (WORD, partial(spans.put_status_codes, texts=STATUS_CODES)),
    "StatusMessage": (TEXT, spans.put_status_messages),
    "ScopeName": (TEXT, scopes.put_scope_names),
    "ScopeVersion": (TEXT, scopes.put_scope_versions),
    "ScopeSchemaUrl": (TEXT, scopes.put_scope_schema_urls),
    "ResourceAttributes": (MAP, scopes.put_resource_attributes),
    "ResourceSchemaUrl": (TEXT, scopes.put_resource_schema_urls),
}
_SCOPE_ATTRIBUTES: Columns = {"ScopeAttributes": (MAP, scopes.put_scope_attributes)}
_FLAGS: Columns = {"TraceFlags": (NUMBER, spans.put_flags)}
_DROPS: Columns = {
    "DroppedAttrCount": (NUMBER, spans.put_dropped_attributes),
    "DroppedEventsCount": (NUMBER, spans.put_dropped_events),
    "DroppedLinksCount": (NUMBER, spans.put_dropped_links),
    "ScopeDroppedAttrCount": (NUMBER, scopes.put_scope_dropped_attributes),
    "ResourceDroppedAttrCount": (NUMBER, scopes.put_resource_dropped_attributes),
}
_EVENTS: Columns = {
    "Events.Timestamp": ("Array(DateTime64(9))", maps.put_event_times),
    "Events.Name": (f"Array({WORD})", maps.put_event_names),
    "Events.Attributes": (f"Array({MAP})", maps.put_event_attributes),
    "Events.DroppedAttrCount": (f"Array({NUMBER})", maps.put_event_dropped_attributes),
}
_LINKS: Columns = {
    "Links.TraceId": (f"Array({TEXT})", maps.put_link_trace_ids),
    "Links.SpanId": (f"Array({TEXT})", maps.put_link_span_ids),
    "Links.TraceState": (f"Array({TEXT})", maps.put_link_trace_states),
    "Links.Attributes": (f"Array({MAP})", maps.put_link_attributes),
    "Links.DroppedAttrCount": (f"Array({NUMBER})", maps.put_link_dropped_attributes),
    "Links.TraceFlags": (f"Array({NUMBER})", maps.put_link_flags),
}


def span_columns(tape: Tape, names: Sequence[str]) -> Columns:
    """What OTLP itself says of a span, its resource and its scope; `names` are those of the tape."""
    service = names.index("service.name") if "service.name" in names else -1
    return {
        **_SPAN,
        "ServiceName": (WORD, partial(scopes.put_services, name=service)),
        **(_SCOPE_ATTRIBUTES if tape.scope_attributes.count else {}),
        **(_FLAGS if tape.has_flags else {}),
        **(_DROPS if tape.has_drops else {}),
        **(_EVENTS if tape.events.count else {}),
        **(_LINKS if tape.links.count else {}),
    }


def request_columns(orgs: Sequence[str], hashes: Sequence[bytes], stored_at: datetime) -> Columns:
    """Whose each request is, and what names it (16 bytes); when all of them are stored."""
    times = struct.pack("<q", int(stored_at.timestamp() * 1_000_000)) * len(hashes)
    return {
        "Org": (WORD, partial(scopes.put_request_words, texts=[org.encode() for org in orgs])),
        "StoredAt": ("DateTime64(6, 'UTC')", partial(scopes.put_request_bytes, values=times, width=8)),
        "RequestHash": ("UInt128", partial(scopes.put_request_bytes, values=b"".join(hashes), width=16)),
    }


def typed_columns(selection: Selection, active: Sequence[str]) -> Columns:
    """The columns of conventions; `active` are those of the selection."""
    columns: dict[str, tuple[str, Put]] = {}
    for number, column in enumerate(active):
        kind = _kind(column)
        put = _put_finish_reasons if column == FINISH_REASON else _FILLED[kind]
        columns[column] = kind, partial(put, selection=selection, column=number)
    return columns


def _kind(column: str) -> str:
    if column == EVALUATION_SCORE:
        return SCORE
    if column in TOKEN_COLUMNS:
        return COUNT
    return TEXT if column in TEXTS_OF_THEIR_OWN else WORD


_FILLED: Mapping[str, Callable[..., None]] = {
    TEXT: typed.put_texts,
    WORD: typed.put_words_of,
    COUNT: typed.put_counts,
    SCORE: typed.put_scores,
}


def _put_finish_reasons(writer: Writer, selection: Selection, column: int) -> None:
    words, codes = typed.words(writer, selection, column)
    put_words(writer, [first_of_list(word).encode() for word in words.texts()], codes)


def attribute_columns(names: Sequence[str], selection: Selection, active: Sequence[str]) -> Columns:
    """The maps of span attributes, whose content has columns of its own."""
    positions = [active.index(column) if column in active else -1 for column in CONTENT_COLUMNS]
    home_names = [names.index(home) if home in names else -1 for home in CONTENT_COLUMNS.values()]
    homes = dict(zip(home_names, positions, strict=True))
    moves = moving(names)
    divided = maps.Divided(selection, numbers(moves), numbers([homes.get(number, -1) for number in range(len(names))]))
    derived = partial(typed.put_derived, selection=selection, columns=numbers(positions), homes=numbers(home_names))
    columns: Columns = {"SpanAttributes": (MAP, partial(maps.put_span_attributes, divided=divided, moved=False))}
    moved: Columns = {"ContentAttributes": (MAP, partial(maps.put_span_attributes, divided=divided, moved=True))}
    return {
        **columns,
        **(moved if any(moves) else {}),
        **({"ContentDerived": ("UInt8", derived)} if max(positions) >= 0 else {}),
    }
