"""OTLP requests to a ClickHouse Native block of `otel_traces`: scan, select, write one column after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from spanwise.collector.otlp.columns.spans import pack_traces
from spanwise.collector.otlp.columns.table import (
    WORD,
    Columns,
    attribute_columns,
    request_columns,
    span_columns,
    typed_columns,
)
from spanwise.collector.otlp.columns.writer import Writer
from spanwise.collector.otlp.conventions import COLUMN_NAMES, OPERATION
from spanwise.collector.otlp.making import Maker
from spanwise.collector.otlp.memory import Buffer
from spanwise.collector.otlp.operations import operations
from spanwise.collector.otlp.plan import plan_for
from spanwise.collector.otlp.scan import scan
from spanwise.collector.otlp.selection import numbers, select
from spanwise.collector.otlp.tape import Tape
from spanwise.collector.otlp.traces import Traces


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: its OTLP bytes, the tenant that sent it, and the hash that names it (16 bytes)."""

    data: bytes
    org: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class SpanRows:
    """Rows of `otel_traces` in ClickHouse's `format`; columns that are not there have their defaults."""

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
        **span_columns(tape, names),
        **request_columns([request.org for request in requests], [request.hash for request in requests], stored_at),
        OPERATION: (WORD, operation.put),
        **typed_columns(selection, plan.columns),
        **attribute_columns(names, selection, plan.columns),
    }
    data = _block(tape, columns)
    return SpanRows(tuple(columns), "Native", data, len(tape), _traces(tape, requests), maker.unmapped_by_dialect())


def _block(tape: Tape, columns: Columns) -> memoryview:
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


def _traces(tape: Tape, requests: Sequence[Request]) -> Sequence[Traces]:
    orgs = {org: group for group, org in enumerate(dict.fromkeys(request.org for request in requests))}
    groups = numbers([orgs[request.org] for request in requests])
    found = (Traces(org, pack_traces(tape, groups, group)) for org, group in orgs.items())
    return [traces for traces in found if traces.packed]
