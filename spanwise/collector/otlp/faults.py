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
    span = tape.spans.at(row)
    return (
        _is_no_id(span.data, span.trace_id_start, span.trace_id_end, 16)
        or _is_no_id(span.data, span.span_id_start, span.span_id_end, 8)
        or (
            span.parent_id_end - span.parent_id_start != 8
            and not is_zero(span.data, span.parent_id_start, span.parent_id_end)
        )
        or span.start_time >> 63 != 0
        or _has_late_event(tape, span.events, span.events_end)
    )


def _has_late_event(tape, start, end):
    while start < end:
        if tape.events.at(start).time >> 63:
            return True
        start += 1
    return False


def _is_no_id(data, start, end, size):
    return end - start != size or is_zero(data, start, end)
