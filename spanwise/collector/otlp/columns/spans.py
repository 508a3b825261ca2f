"""The columns that OpenTelemetry's span has itself. Each function writes one of them, for all spans."""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.columns.writer import Writer, put_low_cardinality, render
    from spanwise.collector.otlp.interpreted import (
        Buffer,
        Names,
        Numbers,
        is_zero,
        put_byte,
        put_bytes,
        put_id,
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


def put_scope_names(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            scope = writer.tape.scopes.at(writer.tape.spans.at(row).scope)
            put_text(writer.buffer, scope.data, scope.name_start, scope.name_end)


def put_scope_versions(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            scope = writer.tape.scopes.at(writer.tape.spans.at(row).scope)
            put_text(writer.buffer, scope.data, scope.version_start, scope.version_end)


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


def put_request_words(writer: Writer, texts):
    """A LowCardinality column with a text for each request."""
    put_words(writer, texts, request_numbers(writer.tape))


def put_request_bytes(writer: Writer, values: bytes, width: cython.Py_ssize_t):
    """A column of fixed width: `values` has that many bytes for each request."""
    row: cython.Py_ssize_t
    numbers: Numbers = request_numbers(writer.tape)
    view: cython.p_const_uchar = values
    with cython.nogil:
        for row in range(writer.rows):
            put_bytes(writer.buffer, view, numbers.items[row] * width, (numbers.items[row] + 1) * width)


def request_numbers(tape: Tape):
    """For each span the number of the request that it came with."""
    row: cython.Py_ssize_t
    rows: cython.Py_ssize_t = len(tape)
    numbers = Numbers(rows)
    with cython.nogil:
        for row in range(rows):
            numbers.items[row] = tape.resources.at(tape.scopes.at(tape.spans.at(row).scope).resource).request
    return numbers


def put_services(writer: Writer, name: cython.Py_ssize_t):
    """The text of the first resource attribute with that name."""
    row: cython.Py_ssize_t
    names = Names()
    codes = Numbers(writer.rows)
    services = Numbers(writer.tape.resources.count)
    with cython.nogil:
        for row in range(writer.tape.resources.count):
            services.items[row] = _service(writer, names, row, name)
        for row in range(writer.rows):
            codes.items[row] = services.items[writer.tape.scopes.at(writer.tape.spans.at(row).scope).resource]
    put_low_cardinality(writer, names, codes, writer.rows)


def _service(writer, names, index, name):
    position: cython.Py_ssize_t
    resource = writer.tape.resources.at(index)
    writer.scratch.size = 0  # what it says if it has no such attribute
    for position in range(resource.attributes, resource.attributes_end):
        attribute = writer.tape.resource_attributes.at(position)
        if attribute.key == name:
            render(writer, resource.data, attribute)
            break
    return names.number_of_copy(writer.scratch.items, 0, writer.scratch.size)


def count_traces(tape: Tape, groups: Numbers):
    """The traces of the spans as (group, trace id, spans), where `groups` has a number for each request."""
    row: cython.Py_ssize_t
    start: cython.Py_ssize_t
    rows: cython.Py_ssize_t = len(tape)
    numbers: Numbers = request_numbers(tape)
    counts: Numbers = Numbers(rows)
    keys: Buffer = Buffer(_size_of_keys(tape))  # never grows, so that the names in it stay where they are
    names: Names = Names()
    with cython.nogil:
        for row in range(rows):
            span = tape.spans.at(row)
            start = keys.size
            put_number(keys, groups.items[numbers.items[row]], 8)
            put_bytes(keys, span.data, span.trace_id_start, span.trace_id_end)
            counts.items[names.number(keys.items, start, keys.size)] += 1
    found = [names[number] for number in range(len(names))]
    return [(int.from_bytes(key[:8], "little"), key[8:], counts[number]) for number, key in enumerate(found)]


def _size_of_keys(tape):
    row: cython.Py_ssize_t
    size: cython.Py_ssize_t = 8
    for row in range(tape.spans.count):
        span = tape.spans.at(row)
        size += 8 + span.trace_id_end - span.trace_id_start
    return size
