"""What a span says, as Python objects: for the few spans of which something must be made."""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.interpreted import Buffer, put_byte
    from spanwise.collector.otlp.tape import Tape
    from spanwise.collector.otlp.texts import put_json_attribute, put_value

from spanwise.collector.otlp.scan import Cursor
from spanwise.collector.otlp.subset import Interval, ResourceLayout, ScopeLayout


def span_attributes(tape: Tape, row: cython.Py_ssize_t):
    """The attributes as pairs of text, in their order."""
    span = tape.spans.at(row)
    return _pairs(tape, span.data, tape.span_attributes, span.attributes, span.attributes_end)


def resource_attributes(tape: Tape, row: cython.Py_ssize_t):
    """Those of the resource of a span."""
    resource = tape.resources.at(tape.scopes.at(tape.spans.at(row).scope).resource)
    return _pairs(tape, resource.data, tape.resource_attributes, resource.attributes, resource.attributes_end)


def events(tape: Tape, row: cython.Py_ssize_t):
    """The events of a span: name, attributes as pairs of text, and the same as a JSON object."""
    found = []
    span = tape.spans.at(row)
    position: cython.Py_ssize_t
    for position in range(span.events, span.events_end):
        event = tape.events.at(position)
        pairs = _pairs(tape, span.data, tape.event_attributes, event.attributes, event.attributes_end)
        json = _json(tape, span.data, tape.event_attributes, event.attributes, event.attributes_end)
        found.append((tape.names[event.name].decode(), pairs, json))
    return found


def _pairs(tape, data, table, start, end):
    found = []
    cursor = Cursor()
    position: cython.Py_ssize_t
    for position in range(start, end):
        buffer = Buffer()
        attribute = table.at(position)
        put_value(buffer, cursor, data, attribute.kind, attribute.start, attribute.end, attribute.number)
        found.append((tape.names[attribute.key].decode(), bytes(buffer).decode()))
    return found


def _json(tape, data, table, start, end):
    cursor = Cursor()
    buffer = Buffer()
    position: cython.Py_ssize_t
    put_byte(buffer, 0x7B)
    for position in range(start, end):
        if position > start:
            put_byte(buffer, 0x2C)
        attribute = table.at(position)
        put_json_attribute(buffer, cursor, tape.names, data, attribute)
    put_byte(buffer, 0x7D)
    return bytes(buffer).decode()


def layout(tape: Tape):
    """Where everything is in the one request of a tape."""
    index: cython.Py_ssize_t
    spans = [[] for _ in range(tape.scopes.count)]
    for index in range(tape.spans.count):
        span = tape.spans.at(index)
        spans[span.scope].append(Interval(span.field, span.start, span.end))
    scopes = [[] for _ in range(tape.resources.count)]
    for index in range(tape.scopes.count):
        scope = tape.scopes.at(index)
        scopes[scope.resource].append(ScopeLayout(Interval(scope.field, scope.start, scope.end), spans[index]))
    resources = []
    for index in range(tape.resources.count):
        resource = tape.resources.at(index)
        interval = Interval(resource.field, resource.start, resource.end)
        resources.append(ResourceLayout(interval, scopes[index]))
    return resources


def identity(tape: Tape, row: cython.Py_ssize_t):
    """A span's name, its own id, its trace's and its parent's, and when it started (nanoseconds since 1970)."""
    span = tape.spans.at(row)
    data: bytes = tape.data[tape.resources.at(tape.scopes.at(span.scope).resource).request]
    return (
        data[span.name_start : span.name_end].decode(),
        data[span.span_id_start : span.span_id_end],
        data[span.trace_id_start : span.trace_id_end],
        data[span.parent_id_start : span.parent_id_end],
        span.start_time,
    )
