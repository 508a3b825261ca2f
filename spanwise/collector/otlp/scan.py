"""One walk over the bytes of OTLP requests: what protobuf accepts becomes a tape, what it rejects is rejected.

The wire format is https://protobuf.dev/programming-guides/encoding/; the messages are those of OTLP 1.11. A tag such
as 0x4A is a field's number and wire type: 9 << 3 | 2. A field that is unknown, or of another wire type than its own,
is skipped.

Every function gets the interval that it may read and returns the position after it, or -1.
"""

from __future__ import annotations

import cython
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.otlp.malformed import Malformed, complaint

if not cython.compiled:
    from spanwise.collector.otlp.interpreted import (
        ARRAY,
        BOOLEAN,
        BYTES,
        DOUBLE,
        INTEGER,
        KEY_VALUES,
        NOTHING,
        STRING,
        UNREAD,
        Doubles,
        first_invalid,
        load32,
        load64,
        signed32,
        unsigned32,
        unsigned64,
    )
    from spanwise.collector.otlp.tape import Tape
MAX_DEPTH = 100  # protobuf's own limit for messages inside messages

# An entry of the tape is up to sixty times as large as an empty message: 64 MiB of these would take 4 GB. A span
# without room for its ids cannot be stored; other messages of less than four bytes say nothing. Some are let pass.
LEAST_SPAN = 28
LEAST_ENTRY = 4
SPARE = 10_000

EXPLAINED_BYTES = 1_000_000


def scan(requests, explain=True):
    """A tape of all `requests`. The walk runs without the GIL.

    Raises `Malformed`, which names the request and the byte, if one is no `ExportTraceServiceRequest`. With `explain`
    it also names the field and what is wrong with it, for which up to a megabyte is walked once more, slowly.
    """
    tape, irregular = _tape(requests, explain)
    if irregular:
        # Protobuf merges what stands twice where one is expected; nobody sends that, so protobuf may do it.
        requests = [_merged(index, data) if index in irregular else data for index, data in enumerate(requests)]
        tape, _ = _tape(requests, explain)
    return tape


def _tape(requests, explain):
    """A tape, and the indices of the requests in which something stands twice that is to be merged."""
    tape = Tape()
    irregular = {index for index, data in enumerate(requests) if _is_irregular(tape, index, data, explain)}
    return tape, irregular


def _is_irregular(tape: Tape, index, data: bytes, explain):
    cursor = Cursor()
    view: cython.p_const_uchar = data
    size: cython.Py_ssize_t = len(data)
    end: cython.Py_ssize_t
    if size >> 32:
        raise Malformed(index, f"{size:,} bytes are more than a request may have")
    tape.data.append(data)
    cursor.most_spans = tape.spans.count + size // LEAST_SPAN + SPARE
    cursor.most_entries = size // LEAST_ENTRY + SPARE
    cursor.first_event = tape.events.count
    cursor.first_link = tape.links.count
    with cython.nogil:
        request = tape.requests.add()
        request.data = view
        request.size = size
        end = _request(tape, cursor, view, size)
    if end == -1:
        raise Malformed(index, _problem(data, cursor.malformed, cursor.crowded, explain))
    return bool(cursor.irregular)


def _problem(data, position, crowded, explain):
    if crowded:
        return f"more messages at byte {position:,} than {position:,} bytes of spans can need"
    # The second walk is in Python: not through megabytes that somebody may have made just for that.
    return (complaint(data) if explain and position < EXPLAINED_BYTES else "") or f"malformed at byte {position:,}"


def _merged(index, data):
    try:
        return ExportTraceServiceRequest.FromString(data).SerializeToString()
    except DecodeError as error:
        raise Malformed(index, complaint(data) or str(error)) from None


class Cursor:
    """What the last call found: a field's tag and value, or an attribute's. And how many entries a request may make."""

    def __init__(self):
        self.tag = 0
        self.kind = NOTHING
        self.start = self.end = 0
        self.key_start = self.key_end = 0
        self.number = 0
        self.name = 0
        self.malformed = -1
        self.crowded = False
        self.most_spans = self.most_entries = self.attributes = 0
        self.first_event = self.first_link = 0
        self.irregular = False
        self.doubles = Doubles()


def _request(tape, cursor, data, end):
    position: cython.Py_ssize_t = 0
    field: cython.Py_ssize_t
    while 0 <= position < end:
        field = position
        position = next_field(cursor, data, position, end, 0)
        if position >= 0 and cursor.tag == 0x0A:
            position = _resource_spans(tape, cursor, data, field, cursor.start, position)
    return position


def _resource_spans(tape, cursor, data, field, position, end):
    resource = tape.resources.add()
    resource.data = data
    resource.request = tape.requests.count - 1
    resource.field = field
    resource.start = position
    resource.end = end
    resource.attributes = tape.resource_attributes.count
    while 0 <= position < end:
        field = position
        position = next_field(cursor, data, position, end, 1)
        if position < 0:
            return -1
        if cursor.tag == 0x0A:
            position = _resource(tape, cursor, data, cursor.start, position)
        elif cursor.tag == 0x12:
            position = _scope_spans(tape, cursor, data, field, cursor.start, position)
        elif cursor.tag == 0x1A:
            resource.schema_url_start = cursor.start
            resource.schema_url_end = position
            position = _text(cursor, data, position)
    resource.attributes_end = tape.resource_attributes.count
    return position


def _resource(tape, cursor, data, position, end):
    index: cython.Py_ssize_t = tape.resources.count - 1
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 2)
        if position < 0:
            return -1
        if cursor.tag == 0x0A:
            position = _attribute(tape, tape.resource_attributes, cursor, data, cursor.start, position, 3)
        elif cursor.tag == 0x10:
            tape.resources.items[index].dropped_attributes = unsigned32(cursor.number)
            tape.has_drops = True
        elif cursor.tag == 0x1A:
            position = _entity(cursor, data, cursor.start, position)
    return position


def _entity(cursor, data, position, end):
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 3)
        if position >= 0 and cursor.tag in (0x0A, 0x12, 0x1A, 0x22):
            position = _text(cursor, data, position)
    return position


def _scope_spans(tape, cursor, data, field, position, end):
    scope = tape.scopes.add()
    scope.data = data
    scope.resource = tape.resources.count - 1
    scope.field = field
    scope.start = position
    scope.end = end
    scope.attributes = tape.scope_attributes.count
    scope.spans = tape.spans.count
    while 0 <= position < end:
        field = position
        position = next_field(cursor, data, position, end, 2)
        if position < 0:
            return -1
        if cursor.tag == 0x12:
            position = _span(tape, cursor, data, field, cursor.start, position)
        elif cursor.tag == 0x0A:
            position = _scope(tape, cursor, data, cursor.start, position)
        elif cursor.tag == 0x1A:
            scope.schema_url_start = cursor.start
            scope.schema_url_end = position
            position = _text(cursor, data, position)
    scope.attributes_end = tape.scope_attributes.count
    scope.spans_end = tape.spans.count
    return position


def _scope(tape, cursor, data, position, end):
    index: cython.Py_ssize_t = tape.scopes.count - 1
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 3)
        if position < 0:
            return -1
        if cursor.tag == 0x0A:
            tape.scopes.items[index].name_start = cursor.start
            tape.scopes.items[index].name_end = position
            position = _text(cursor, data, position)
        elif cursor.tag == 0x12:
            tape.scopes.items[index].version_start = cursor.start
            tape.scopes.items[index].version_end = position
            position = _text(cursor, data, position)
        elif cursor.tag == 0x1A:
            position = _attribute(tape, tape.scope_attributes, cursor, data, cursor.start, position, 4)
        elif cursor.tag == 0x20:
            tape.scopes.items[index].dropped_attributes = unsigned32(cursor.number)
            tape.has_drops = True
    return position


def _span(tape, cursor, data, field, position, end):
    tag: cython.uint
    if tape.spans.count >= cursor.most_spans:
        return _crowded(cursor, field)
    span = tape.spans.add()
    span.data = data
    span.scope = tape.scopes.count - 1
    span.field = field
    span.start = position
    span.end = end
    span.attributes = tape.span_attributes.count
    span.events = tape.events.count
    span.links = tape.links.count
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 3)
        if position < 0:
            return -1
        tag = cursor.tag
        if tag == 0x4A:
            position = _attribute(tape, tape.span_attributes, cursor, data, cursor.start, position, 4)
        elif tag == 0x0A:
            span.trace_id_start = cursor.start
            span.trace_id_end = position
        elif tag == 0x12:
            span.span_id_start = cursor.start
            span.span_id_end = position
        elif tag == 0x1A:
            span.trace_state_start = cursor.start
            span.trace_state_end = position
            position = _text(cursor, data, position)
        elif tag == 0x22:
            span.parent_id_start = cursor.start
            span.parent_id_end = position
        elif tag == 0x2A:
            span.name_start = cursor.start
            span.name_end = position
            position = _text(cursor, data, position)
        elif tag == 0x30:
            span.kind = signed32(cursor.number)
        elif tag == 0x39:
            span.start_time = cursor.number
        elif tag == 0x41:
            span.end_time = cursor.number
        elif tag == 0x5A:
            position = _event(tape, cursor, data, cursor.start, position)
        elif tag == 0x6A:
            position = _link(tape, cursor, data, cursor.start, position)
        elif tag == 0x7A:
            position = _status(span, cursor, data, cursor.start, position)
        else:
            _number(tape, span, tag, unsigned32(cursor.number))
    span.attributes_end = tape.span_attributes.count
    span.events_end = tape.events.count
    span.links_end = tape.links.count
    return position


def _number(tape, span, tag, number):
    """What only some spans have."""
    if tag == 0x85:
        span.flags = number
        tape.has_flags = True
        return 0
    if tag == 0x50:
        span.dropped_attributes = number
    elif tag == 0x60:
        span.dropped_events = number
    elif tag == 0x70:
        span.dropped_links = number
    else:
        return 0
    tape.has_drops = True
    return 0


def _status(span, cursor, data, position, end):
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 4)
        if position < 0:
            return -1
        if cursor.tag == 0x12:
            span.message_start = cursor.start
            span.message_end = position
            position = _text(cursor, data, position)
        elif cursor.tag == 0x18:
            span.status = signed32(cursor.number)
    return position


def _event(tape, cursor, data, position, end):
    name_start: cython.Py_ssize_t = position
    name_end: cython.Py_ssize_t = position
    if tape.events.count - cursor.first_event > cursor.most_entries:
        return _crowded(cursor, position)
    event = tape.events.add()
    event.attributes = tape.event_attributes.count
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 4)
        if position < 0:
            return -1
        if cursor.tag == 0x09:
            event.time = cursor.number
        elif cursor.tag == 0x12:
            name_start = cursor.start
            name_end = position
            position = _text(cursor, data, position)
        elif cursor.tag == 0x1A:
            position = _attribute(tape, tape.event_attributes, cursor, data, cursor.start, position, 5)
        elif cursor.tag == 0x20:
            event.dropped_attributes = unsigned32(cursor.number)
            tape.has_drops = True
    event.attributes_end = tape.event_attributes.count
    event.name = tape.names.number(data, name_start, name_end)
    return position


def _link(tape, cursor, data, position, end):
    if tape.links.count - cursor.first_link > cursor.most_entries:
        return _crowded(cursor, position)
    link = tape.links.add()
    link.attributes = tape.link_attributes.count
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 4)
        if position < 0:
            return -1
        if cursor.tag == 0x0A:
            link.trace_id_start = cursor.start
            link.trace_id_end = position
        elif cursor.tag == 0x12:
            link.span_id_start = cursor.start
            link.span_id_end = position
        elif cursor.tag == 0x1A:
            link.trace_state_start = cursor.start
            link.trace_state_end = position
            position = _text(cursor, data, position)
        elif cursor.tag == 0x22:
            position = _attribute(tape, tape.link_attributes, cursor, data, cursor.start, position, 5)
        elif cursor.tag == 0x28:
            link.dropped_attributes = unsigned32(cursor.number)
            tape.has_drops = True
        elif cursor.tag == 0x35:
            link.flags = unsigned32(cursor.number)
            tape.has_flags = True
    link.attributes_end = tape.link_attributes.count
    return position


def _attribute(tape, table, cursor, data, position, end, depth):
    known: cython.Py_ssize_t = tape.names.count
    cursor.attributes += 1
    if cursor.attributes > cursor.most_entries:
        return _crowded(cursor, position)
    attribute = table.add()
    if not _is_usual(cursor, data, position, end):
        end = key_value(cursor, data, position, end, depth)
    key_start: cython.Py_ssize_t = cursor.key_start
    key_end: cython.Py_ssize_t = cursor.key_end
    if cursor.kind == UNREAD:
        end = any_value(cursor, data, cursor.start, end, depth + 1)
    if end < 0:
        return -1
    cursor.name = tape.names.next_number(cursor.name, data, key_start, key_end)
    if tape.names.count > known and first_invalid(data, key_start, key_end) < key_end:
        return _fail(cursor, key_start)
    attribute.key = cursor.name
    attribute.kind = cursor.kind
    attribute.start = cursor.start
    attribute.end = cursor.end
    attribute.number = cursor.number
    return end


def _is_usual(cursor, data, position, end):
    """Reads a `KeyValue` that is as every SDK writes it: a key, then a value, of less than 128 bytes each.

    The value is only read if it is a text, else `UNREAD`. Half of the time of a scan is saved by not reading such
    attributes field by field.
    """
    value: cython.Py_ssize_t
    if end - position < 4 or data[position] != 0x0A or data[position + 1] >= 0x80:
        return False
    value = position + 2 + data[position + 1]
    if value + 2 > end or data[value] != 0x12 or data[value + 1] != end - value - 2 or data[value + 1] >= 0x80:
        return False
    cursor.key_start = position + 2
    cursor.key_end = value
    if end - value >= 4 and data[value + 2] == 0x0A and data[value + 3] == end - value - 4:
        cursor.kind = STRING
        cursor.start = value + 4
        cursor.end = end
        return _text(cursor, data, end) == end
    cursor.kind = UNREAD
    cursor.start = value + 2
    return True


def key_value(cursor, data, position, end, depth):
    """Reads a `KeyValue`; its key is not checked to be UTF-8."""
    key_start: cython.Py_ssize_t = position
    key_end: cython.Py_ssize_t = -1
    valued: cython.bint = False
    kind: cython.uint = NOTHING
    start: cython.Py_ssize_t = position
    value_end: cython.Py_ssize_t = position
    number: cython.ulonglong = 0
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, depth)
        if position < 0:
            return -1
        if cursor.tag == 0x0A:
            cursor.irregular |= key_end >= 0
            key_start = cursor.start
            key_end = position
        elif cursor.tag == 0x12:
            cursor.irregular |= valued
            valued = True
            position = any_value(cursor, data, cursor.start, position, depth + 1)
            kind = cursor.kind  # whatever comes after it is read with the same cursor
            start = cursor.start
            value_end = cursor.end
            number = cursor.number
    cursor.key_start = key_start
    cursor.key_end = max(key_end, key_start)
    cursor.kind = kind
    cursor.start = start
    cursor.end = value_end
    cursor.number = number
    return position


def any_value(cursor, data, position, end, depth):
    """Reads an `AnyValue`: of several members the last one counts.

    What is inside an array or a list is read too, but not where `depth` is negative: where that has been done before.
    """
    kind: cython.uint = NOTHING
    start: cython.Py_ssize_t = position
    value_end: cython.Py_ssize_t = position
    number: cython.ulonglong = 0
    composed: cython.uint = NOTHING
    tag: cython.uint
    if depth > MAX_DEPTH:
        return _fail(cursor, position)
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, depth)
        if position < 0:
            return -1
        tag = cursor.tag
        if tag == 0x0A:
            kind = STRING
            position = _text(cursor, data, position)
        elif tag == 0x10:
            kind = BOOLEAN
        elif tag in (0x18, 0x40):  # the latter an index into a dictionary that traces do not have
            kind = INTEGER
        elif tag == 0x21:
            kind = DOUBLE
        elif tag in (0x2A, 0x32):
            kind = ARRAY if tag == 0x2A else KEY_VALUES
            cursor.irregular |= composed == kind
            composed = kind
        elif tag == 0x3A:
            kind = BYTES
        else:
            continue
        start = cursor.start
        value_end = position
        number = cursor.number if tag != 0x40 else signed32(cursor.number)
        if tag == 0x2A and depth >= 0:
            position = _values(cursor, data, start, position, depth + 1)
        elif tag == 0x32 and depth >= 0:
            position = _key_values(cursor, data, start, position, depth + 1)
    cursor.kind = kind
    cursor.start = start
    cursor.end = value_end
    cursor.number = number
    return position


def _values(cursor, data, position, end, depth):
    if depth > MAX_DEPTH:
        return _fail(cursor, position)
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, depth)
        if position >= 0 and cursor.tag == 0x0A:
            position = any_value(cursor, data, cursor.start, position, depth + 1)
    return position


def _key_values(cursor, data, position, end, depth):
    if depth > MAX_DEPTH:
        return _fail(cursor, position)
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, depth)
        if position >= 0 and cursor.tag == 0x0A:
            if depth + 1 > MAX_DEPTH:
                return _fail(cursor, position)
            position = key_value(cursor, data, cursor.start, position, depth + 1)
            if position >= 0 and first_invalid(data, cursor.key_start, cursor.key_end) < cursor.key_end:
                return _fail(cursor, cursor.key_start)
    return position


def _text(cursor, data, end):
    """Checks the text from `cursor.start` to `end`."""
    invalid: cython.Py_ssize_t = first_invalid(data, cursor.start, end)
    return end if invalid == end else _fail(cursor, invalid)


def next_field(cursor, data, position, end, depth):
    """Reads a field of a message that is `depth` messages deep: its tag, and where its value starts or its number."""
    start: cython.Py_ssize_t = position
    position = _tag(cursor, data, position, end)
    if position >= 0 and cursor.tag < 8:
        return _fail(cursor, start)  # no field has the number 0
    return _value(cursor, data, position, end, depth) if position >= 0 else -1


def _tag(cursor, data, position, end):
    tag: cython.ulonglong = data[position]
    size: cython.Py_ssize_t = 1
    if tag >= 0x80:
        start: cython.Py_ssize_t = position
        position = _varint32(cursor, data, position, end)
        tag = cursor.number
        if position < 0 or tag >> 32:
            return _fail(cursor, start)
        size = 0
    cursor.tag = tag
    return position + size


def _value(cursor, data, position, end, depth):
    wire_type: cython.uint = cursor.tag & 7
    number: cython.ulonglong
    if wire_type == 2:
        if position < end and data[position] < 0x80:
            number = data[position]
            position += 1
        else:
            position = _varint32(cursor, data, position, end)
            number = cursor.number
            if position < 0 or number > 0x7FFF_FFFF:
                return _fail(cursor, position)
        if number > cython.cast(cython.ulonglong, end - position):
            return _fail(cursor, position)
        cursor.start = position
        return position + cython.cast(cython.Py_ssize_t, number)
    if wire_type == 0:
        return _varint(cursor, data, position, end)
    if wire_type == 1:
        if position + 8 > end:
            return _fail(cursor, position)
        cursor.number = load64(data, position)
        return position + 8
    if wire_type == 5:
        if position + 4 > end:
            return _fail(cursor, position)
        cursor.number = load32(data, position)
        return position + 4
    if wire_type == 3:
        return _group(cursor, data, position, end, depth + 1)
    return _fail(cursor, position)


def _varint32(cursor, data, position, end):
    """A tag or a length: of these protobuf takes no more than five bytes, even where the last are empty."""
    start: cython.Py_ssize_t = position
    position = _varint(cursor, data, position, end)
    return position if position - start <= 5 else _fail(cursor, start)


def _varint(cursor, data, position, end):
    value: cython.ulonglong = 0
    byte: cython.ulonglong
    shift: cython.int = 0
    start: cython.Py_ssize_t = position
    while position < end and shift < 70:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            cursor.number = unsigned64(value)
            return position
        shift += 7
    return _fail(cursor, start)


def _group(cursor, data, position, end, depth):
    """Skips a group, which is deprecated but valid: fields up to an end tag with the same number.

    As protobuf does, which looks at nothing but lengths in it: a field may have the number 0 here.
    """
    field: cython.uint = cursor.tag >> 3
    if depth > MAX_DEPTH:
        return _fail(cursor, position)
    while 0 <= position < end:
        position = _tag(cursor, data, position, end)
        if position >= 0 and cursor.tag & 7 == 4:
            if cursor.tag >> 3 != field:
                return _fail(cursor, position)
            cursor.tag = field << 3 | 3
            return position
        if position >= 0:
            position = _value(cursor, data, position, end, depth)
    return _fail(cursor, position)


def _crowded(cursor, position):
    cursor.crowded = True
    return _fail(cursor, position)


def _fail(cursor, position):
    if cursor.malformed < 0:
        cursor.malformed = position
    return -1
