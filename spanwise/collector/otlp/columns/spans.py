"""The columns that OpenTelemetry's span has itself. Each function writes one of them, for all spans."""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.columns.writer import Writer, put_low_cardinality
    from spanwise.collector.otlp.interpreted import (
        Buffer,
        Names,
        Numbers,
        is_zero,
        put_byte,
        put_id,
        put_name_only,
        put_number,
        put_text,
    )
    from spanwise.collector.otlp.tape import Tape

from spanwise.collector.otlp.columns.writer import put_words


def put_start_times(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            put_number(writer.buffer, writer.tape.spans.at(row).start_time, 8)


def put_durations(writer: Writer):
    """Nanoseconds; 0 where a span ends before it starts."""
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            put_number(writer.buffer, span.end_time - span.start_time if span.end_time > span.start_time else 0, 8)


def put_trace_ids(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            put_id(writer.buffer, span.data, span.trace_id_start, span.trace_id_end)


def put_span_ids(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            put_id(writer.buffer, span.data, span.span_id_start, span.span_id_end)


def put_parent_ids(writer: Writer):
    """Empty where a span has no parent; all zeros mean the same."""
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            if is_zero(span.data, span.parent_id_start, span.parent_id_end):
                put_byte(writer.buffer, 0)
            else:
                put_id(writer.buffer, span.data, span.parent_id_start, span.parent_id_end)


def put_flags(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            put_number(writer.buffer, writer.tape.spans.at(row).flags, 4)


def put_dropped_attributes(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            put_number(writer.buffer, writer.tape.spans.at(row).dropped_attributes, 4)


def put_dropped_events(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            put_number(writer.buffer, writer.tape.spans.at(row).dropped_events, 4)


def put_dropped_links(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            put_number(writer.buffer, writer.tape.spans.at(row).dropped_links, 4)


def put_trace_states(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            put_text(writer.buffer, span.data, span.trace_state_start, span.trace_state_end)


def put_status_messages(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            put_text(writer.buffer, span.data, span.message_start, span.message_end)


def put_span_names(writer: Writer):
    row: cython.Py_ssize_t
    last: cython.Py_ssize_t = 0
    names = Names()
    codes = Numbers(writer.rows)
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            last = names.next_number(last, span.data, span.name_start, span.name_end)
            codes.items[row] = last
    put_low_cardinality(writer, names, codes, writer.rows)


def put_span_kinds(writer: Writer, texts):
    """`texts`: the words for the kinds; the first stands for those that are unknown."""
    row: cython.Py_ssize_t
    kind: cython.int
    known: cython.int = len(texts)
    codes = Numbers(writer.rows)
    with cython.nogil:
        for row in range(writer.rows):
            kind = writer.tape.spans.at(row).kind
            codes.items[row] = kind if 0 <= kind < known else 0
    put_words(writer, texts, codes)


def put_status_codes(writer: Writer, texts):
    """As `put_span_kinds`."""
    row: cython.Py_ssize_t
    code: cython.int
    known: cython.int = len(texts)
    codes = Numbers(writer.rows)
    with cython.nogil:
        for row in range(writer.rows):
            code = writer.tape.spans.at(row).status
            codes.items[row] = code if 0 <= code < known else 0
    put_words(writer, texts, codes)


def pack_traces(tape: Tape, groups: Numbers, group: cython.Py_ssize_t):
    """The traces of the spans of one group of requests: for each its id and in four bytes how many spans it has.

    `groups` has a number for each request. A span whose trace id is none is left out.
    """
    index: cython.Py_ssize_t
    trace: cython.Py_ssize_t = 0
    traces = Names()
    counts = Numbers(0)
    packed = Buffer()
    with cython.nogil:
        for index in range(tape.scopes.count):
            scope = tape.scopes.at(index)
            if groups.items[tape.resources.at(scope.resource).request] == group:
                trace = _count(tape, scope, traces, counts, trace)
        for trace in range(traces.count):
            put_name_only(packed, traces, trace)
            put_number(packed, counts.items[trace], 4)
    return bytes(packed)


def _count(tape, scope, traces, counts, trace):
    row: cython.Py_ssize_t
    for row in range(scope.spans, scope.spans_end):
        span = tape.spans.at(row)
        if span.trace_id_end - span.trace_id_start == 16:
            trace = traces.next_number(trace, span.data, span.trace_id_start, span.trace_id_end)
            if trace >= counts.count:
                counts.resize(2 * trace + 64)
            counts.items[trace] += 1
    return trace
