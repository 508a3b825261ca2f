"""The columns that are maps, and those of events and links, which are arrays. Each function writes one of them."""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.columns.writer import (
        LOW_CARDINALITY,
        Writer,
        put_dictionary,
        put_sized,
        put_values,
    )
    from spanwise.collector.otlp.interpreted import (
        Numbers,
        put_id,
        put_number,
        put_text,
    )
    from spanwise.collector.otlp.selection import IN_SPAN, Selection, has_text


class Divided:
    """Which span attributes have left `SpanAttributes`, for `put_span_attributes`.

    `moves` says so for each name; `homes` has the column, by its number in the selection, that holds the text of the
    attribute just as it came if it holds it at all (-1: there is none).
    """

    def __init__(self, selection: Selection, moves: Numbers, homes: Numbers):
        self.selection = selection
        self.moves = moves
        self.homes = homes


def put_span_attributes(writer: Writer, divided: Divided, moved: cython.bint):
    """A Map column: the attributes that have not left the map, or those that have and that no column holds."""
    row: cython.Py_ssize_t
    index: cython.Py_ssize_t
    total: cython.Py_ssize_t = 0
    keys: Numbers = Numbers(writer.tape.span_attributes.count)
    put_number(writer.buffer, LOW_CARDINALITY, 8)
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            for index in range(span.attributes, span.attributes_end):
                if _is_in(writer, divided, row, index, moved):
                    keys.items[total] = writer.tape.span_attributes.at(index).key
                    total += 1
            put_number(writer.buffer, total, 8)
    put_dictionary(writer, writer.tape.names, keys, total)
    if total == 0:
        return
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            for index in range(span.attributes, span.attributes_end):
                if _is_in(writer, divided, row, index, moved):
                    put_sized(writer, writer.buffer, span.data, writer.tape.span_attributes.at(index))


def _is_in(writer, divided, row, index, moved):
    home: cython.Py_ssize_t
    cell: cython.Py_ssize_t
    attribute = writer.tape.span_attributes.at(index)
    # An empty content attribute stays in the map: an empty column could not say that it was there.
    if not divided.moves.items[attribute.key] or not has_text(attribute):
        return not moved
    home = divided.homes.items[attribute.key]
    if not moved or home < 0:
        return moved
    cell = row * divided.selection.width + home
    return not (divided.selection.places.items[cell] == IN_SPAN and divided.selection.indices.items[cell] == index)


def put_event_times(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        _put_event_ends(writer)
        for row in range(writer.tape.events.count):
            put_number(writer.buffer, writer.tape.events.at(row).time, 8)


def put_event_dropped_attributes(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        _put_event_ends(writer)
        for row in range(writer.tape.events.count):
            put_number(writer.buffer, writer.tape.events.at(row).dropped_attributes, 4)


def put_event_names(writer: Writer):
    row: cython.Py_ssize_t
    count: cython.Py_ssize_t = writer.tape.events.count
    names: Numbers = Numbers(count)
    put_number(writer.buffer, LOW_CARDINALITY, 8)
    with cython.nogil:
        _put_event_ends(writer)
        for row in range(count):
            names.items[row] = writer.tape.events.at(row).name
    put_dictionary(writer, writer.tape.names, names, count)


def put_event_attributes(writer: Writer):
    row: cython.Py_ssize_t
    position: cython.Py_ssize_t
    put_number(writer.buffer, LOW_CARDINALITY, 8)
    with cython.nogil:
        _put_event_ends(writer)
        for row in range(writer.tape.events.count):
            put_number(writer.buffer, writer.tape.events.at(row).attributes_end, 8)
    _put_keys(writer, writer.tape.event_attributes)
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            for position in range(span.events, span.events_end):
                event = writer.tape.events.at(position)
                put_values(writer, span.data, writer.tape.event_attributes, event.attributes, event.attributes_end)


def put_link_trace_ids(writer: Writer):
    row: cython.Py_ssize_t
    position: cython.Py_ssize_t
    with cython.nogil:
        _put_link_ends(writer)
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            for position in range(span.links, span.links_end):
                link = writer.tape.links.at(position)
                put_id(writer.buffer, span.data, link.trace_id_start, link.trace_id_end)


def put_link_span_ids(writer: Writer):
    row: cython.Py_ssize_t
    position: cython.Py_ssize_t
    with cython.nogil:
        _put_link_ends(writer)
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            for position in range(span.links, span.links_end):
                link = writer.tape.links.at(position)
                put_id(writer.buffer, span.data, link.span_id_start, link.span_id_end)


def put_link_trace_states(writer: Writer):
    row: cython.Py_ssize_t
    position: cython.Py_ssize_t
    with cython.nogil:
        _put_link_ends(writer)
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            for position in range(span.links, span.links_end):
                link = writer.tape.links.at(position)
                put_text(writer.buffer, span.data, link.trace_state_start, link.trace_state_end)


def put_link_dropped_attributes(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        _put_link_ends(writer)
        for row in range(writer.tape.links.count):
            put_number(writer.buffer, writer.tape.links.at(row).dropped_attributes, 4)


def put_link_flags(writer: Writer):
    row: cython.Py_ssize_t
    with cython.nogil:
        _put_link_ends(writer)
        for row in range(writer.tape.links.count):
            put_number(writer.buffer, writer.tape.links.at(row).flags, 4)


def put_link_attributes(writer: Writer):
    row: cython.Py_ssize_t
    position: cython.Py_ssize_t
    put_number(writer.buffer, LOW_CARDINALITY, 8)
    with cython.nogil:
        _put_link_ends(writer)
        for row in range(writer.tape.links.count):
            put_number(writer.buffer, writer.tape.links.at(row).attributes_end, 8)
    _put_keys(writer, writer.tape.link_attributes)
    with cython.nogil:
        for row in range(writer.rows):
            span = writer.tape.spans.at(row)
            for position in range(span.links, span.links_end):
                link = writer.tape.links.at(position)
                put_values(writer, span.data, writer.tape.link_attributes, link.attributes, link.attributes_end)


def _put_event_ends(writer):
    row: cython.Py_ssize_t
    for row in range(writer.rows):
        put_number(writer.buffer, writer.tape.spans.at(row).events_end, 8)
    return 0


def _put_link_ends(writer):
    row: cython.Py_ssize_t
    for row in range(writer.rows):
        put_number(writer.buffer, writer.tape.spans.at(row).links_end, 8)
    return 0


def _put_keys(writer, attributes):
    row: cython.Py_ssize_t
    keys: Numbers = Numbers(attributes.count)
    with cython.nogil:
        for row in range(attributes.count):
            keys.items[row] = attributes.at(row).key
    return put_dictionary(writer, writer.tape.names, keys, keys.count)
