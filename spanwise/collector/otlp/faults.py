"""Which spans of a tape cannot be stored, found without making an object of any."""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.interpreted import Numbers, is_zero
    from spanwise.collector.otlp.tape import Tape


def faulty(tape: Tape):
    """Their numbers: ids of a wrong length or of zeros (OTLP), times that a `DateTime64(9)` cannot hold."""
    row: cython.Py_ssize_t
    rows: cython.Py_ssize_t = tape.spans.count
    count: cython.Py_ssize_t = 0
    found: Numbers = Numbers(rows)
    with cython.nogil:
        for row in range(rows):
            if _is_faulty(tape, row):
                found.items[count] = row
                count += 1
    return [found[index] for index in range(count)]


def _is_faulty(tape, row):
    position: cython.Py_ssize_t
    span = tape.spans.at(row)
    if _is_no_id(span.data, span.trace_id_start, span.trace_id_end, 16):
        return True
    if _is_no_id(span.data, span.span_id_start, span.span_id_end, 8):
        return True
    if not is_zero(span.data, span.parent_id_start, span.parent_id_end):
        if span.parent_id_end - span.parent_id_start != 8:
            return True
    if span.start_time >> 63:
        return True
    for position in range(span.events, span.events_end):
        if tape.events.at(position).time >> 63:
            return True
    return False


def _is_no_id(data, start, end, size):
    return end - start != size or is_zero(data, start, end)
