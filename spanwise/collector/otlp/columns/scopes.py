"""The columns in which all spans of a scope are alike: what the request, the resource and the scope say themselves.

Each function writes one of them, for each scope as many times as it has spans.
"""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.columns.writer import (
        LOW_CARDINALITY,
        Dictionary,
        Writer,
        note,
        put_entries,
        put_low_cardinality,
        put_values,
        render,
    )
    from spanwise.collector.otlp.interpreted import (
        Names,
        Numbers,
        put_again,
        put_many,
        put_number,
        put_text,
    )
    from spanwise.collector.otlp.tape import Tape

from spanwise.collector.otlp.columns.writer import put_word, put_words


def put_scope_names(writer: Writer):
    index: cython.Py_ssize_t
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            _put_shared(writer, scope, scope.data, scope.name_start, scope.name_end)


def put_scope_versions(writer: Writer):
    index: cython.Py_ssize_t
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            _put_shared(writer, scope, scope.data, scope.version_start, scope.version_end)


def put_scope_schema_urls(writer: Writer):
    index: cython.Py_ssize_t
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            _put_shared(writer, scope, scope.data, scope.schema_url_start, scope.schema_url_end)


def put_resource_schema_urls(writer: Writer):
    index: cython.Py_ssize_t
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            resource = writer.tape.resources.at(scope.resource)
            _put_shared(writer, scope, resource.data, resource.schema_url_start, resource.schema_url_end)


def put_scope_dropped_attributes(writer: Writer):
    index: cython.Py_ssize_t
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            _put_shared_number(writer, scope, scope.dropped_attributes)


def put_resource_dropped_attributes(writer: Writer):
    index: cython.Py_ssize_t
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            _put_shared_number(writer, scope, writer.tape.resources.at(scope.resource).dropped_attributes)


def _put_shared(writer, scope, data, start, end):
    """A text that all spans of a scope have."""
    writer.scratch.size = 0
    put_text(writer.scratch, data, start, end)
    return put_many(writer.buffer, writer.scratch.items, 0, writer.scratch.size, scope.spans_end - scope.spans)


def _put_shared_number(writer, scope, number):
    """A number of four bytes that all spans of a scope have."""
    writer.scratch.size = 0
    put_number(writer.scratch, number, 4)
    return put_many(writer.buffer, writer.scratch.items, 0, 4, scope.spans_end - scope.spans)


def put_request_words(writer: Writer, texts):
    """A LowCardinality column with a text for each request."""
    if len(set(texts)) == 1:
        put_word(writer, texts[0])
    else:
        put_words(writer, texts, _request_numbers(writer.tape))


def _request_numbers(tape: Tape):
    """For each span the number of the request that it came with."""
    index: cython.Py_ssize_t
    row: cython.Py_ssize_t
    numbers = Numbers(len(tape))
    with cython.nogil:
        for index in range(tape.scopes.count):
            scope = tape.scopes.at(index)
            for row in range(scope.spans, scope.spans_end):
                numbers.items[row] = tape.resources.at(scope.resource).request
    return numbers


def put_request_bytes(writer: Writer, values: bytes, width: cython.Py_ssize_t):
    """A column of fixed width: `values` has that many bytes for each request."""
    index: cython.Py_ssize_t
    start: cython.Py_ssize_t
    view: cython.p_const_uchar = values
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            start = writer.tape.resources.at(scope.resource).request * width
            put_many(writer.buffer, view, start, start + width, scope.spans_end - scope.spans)


def put_services(writer: Writer, name: cython.Py_ssize_t):
    """The text of the first resource attribute with that name."""
    index: cython.Py_ssize_t
    row: cython.Py_ssize_t
    service: cython.Py_ssize_t
    names = Names()
    codes = Numbers(writer.rows)
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            service = _service(writer, names, scope.resource, name)
            for row in range(scope.spans, scope.spans_end):
                codes.items[row] = service
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


def put_resource_attributes(writer: Writer):
    """A Map column."""
    _put_shared_attributes(writer, writer.tape.resource_attributes, True)


def put_scope_attributes(writer: Writer):
    """A Map column."""
    _put_shared_attributes(writer, writer.tape.scope_attributes, False)


def _put_shared_attributes(writer, attributes, of_resource):
    """A Map column of what the resource says, or the scope."""
    index: cython.Py_ssize_t
    position: cython.Py_ssize_t
    start: cython.Py_ssize_t
    end: cython.Py_ssize_t
    total: cython.Py_ssize_t = 0
    keys = Dictionary(writer.tape.names)
    put_number(writer.buffer, LOW_CARDINALITY, 8)
    with cython.nogil:
        for index in range(writer.tape.scopes.count):
            scope = writer.tape.scopes.at(index)
            start = _first(writer, scope, of_resource)
            end = _end(writer, scope, of_resource)
            for _ in range(scope.spans, scope.spans_end):
                total += end - start
                put_number(writer.buffer, total, 8)
            for position in range(start, end):
                note(keys, attributes.at(position).key)
        if total:
            put_entries(writer.buffer, keys, total)
            for index in range(writer.tape.scopes.count):
                scope = writer.tape.scopes.at(index)
                start = _first(writer, scope, of_resource)
                end = _end(writer, scope, of_resource)
                _put_shared_keys(writer, keys, attributes, scope, start, end)
            for index in range(writer.tape.scopes.count):
                scope = writer.tape.scopes.at(index)
                start = _first(writer, scope, of_resource)
                end = _end(writer, scope, of_resource)
                _put_shared_values(writer, attributes, scope, start, end)
    return 0


def _first(writer, scope, of_resource):
    """Where the attributes of a scope begin, or those of its resource."""
    return writer.tape.resources.at(scope.resource).attributes if of_resource else scope.attributes


def _end(writer, scope, of_resource):
    return writer.tape.resources.at(scope.resource).attributes_end if of_resource else scope.attributes_end


def _put_shared_keys(writer, keys, attributes, scope, start, end):
    position: cython.Py_ssize_t
    writer.scratch.size = 0
    for position in range(start, end):
        put_number(writer.scratch, keys.positions.items[attributes.at(position).key], keys.width)
    return put_many(writer.buffer, writer.scratch.items, 0, writer.scratch.size, scope.spans_end - scope.spans)


def _put_shared_values(writer, attributes, scope, start, end):
    begin: cython.Py_ssize_t = writer.buffer.size
    if scope.spans == scope.spans_end:
        return 0
    put_values(writer, scope.data, attributes, start, end)
    return put_again(writer.buffer, begin, scope.spans_end - scope.spans - 1)
