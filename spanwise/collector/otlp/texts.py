"""Attribute values as the text that ClickHouse stores.

A text as it is, a number in decimal, bytes in base64; arrays and key-value lists as JSON, every pair in its order, also
those whose key stands there twice. What has no value is an empty text, in JSON `null`.
"""

from __future__ import annotations

import cython

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
        Buffer,
        load64,
        put_byte,
        put_bytes,
        put_integer,
    )
    from spanwise.collector.otlp.scan import Cursor, any_value, key_value, next_field


READ_BEFORE = -2  # instead of the depth: the scan has checked what is inside


def text_of(kind: cython.uint, payload: bytes):
    """The text of a value: `payload` is what the tape refers to, of a number its eight bytes."""
    buffer = Buffer(len(payload) + 32)
    view: cython.p_const_uchar = payload
    size: cython.Py_ssize_t = len(payload)
    number: cython.ulonglong = load64(view, 0) if kind in (BOOLEAN, INTEGER, DOUBLE) else 0
    put_value(buffer, Cursor(), view, kind, 0, size, number)
    return bytes(buffer)


def put_value(buffer, cursor, data, kind, start, end, number):
    """Appends the text of a value that `any_value` has read."""
    if kind == STRING:
        put_bytes(buffer, data, start, end)
    elif kind == INTEGER:
        put_integer(buffer, number)
    elif kind == BOOLEAN:
        _put_boolean(buffer, number)
    elif kind == DOUBLE:
        _put_double(buffer, cursor, number, False)
    elif kind == BYTES:
        _put_base64(buffer, data, start, end)
    elif kind == ARRAY:
        _put_json_array(buffer, cursor, data, start, end)
    elif kind == KEY_VALUES:
        _put_json_object(buffer, cursor, data, start, end)
    return 0


def _put_json(buffer, cursor, data):
    """Appends the value that `any_value` has just read as JSON."""
    kind: cython.uint = cursor.kind
    if kind == STRING:
        put_json_text(buffer, data, cursor.start, cursor.end)
    elif kind == ARRAY:
        _put_json_array(buffer, cursor, data, cursor.start, cursor.end)
    elif kind == KEY_VALUES:
        _put_json_object(buffer, cursor, data, cursor.start, cursor.end)
    elif kind == DOUBLE:
        _put_double(buffer, cursor, cursor.number, True)
    elif kind == BYTES:
        put_byte(buffer, 0x22)
        _put_base64(buffer, data, cursor.start, cursor.end)
        put_byte(buffer, 0x22)
    elif kind == NOTHING:
        put_bytes(buffer, b"null", 0, 4)
    else:
        put_value(buffer, cursor, data, kind, cursor.start, cursor.end, cursor.number)
    return 0


def _put_json_array(buffer, cursor, data, start, end):
    first: cython.bint = True
    position: cython.Py_ssize_t = start
    put_byte(buffer, 0x5B)
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 0)
        if position >= 0 and cursor.tag == 0x0A:
            if not first:
                put_byte(buffer, 0x2C)
            first = False
            any_value(cursor, data, cursor.start, position, READ_BEFORE)
            _put_json(buffer, cursor, data)
    put_byte(buffer, 0x5D)
    return 0


def _put_json_object(buffer, cursor, data, start, end):
    first: cython.bint = True
    position: cython.Py_ssize_t = start
    put_byte(buffer, 0x7B)
    while 0 <= position < end:
        position = next_field(cursor, data, position, end, 0)
        if position >= 0 and cursor.tag == 0x0A:
            if not first:
                put_byte(buffer, 0x2C)
            first = False
            key_value(cursor, data, cursor.start, position, READ_BEFORE)
            put_json_text(buffer, data, cursor.key_start, cursor.key_end)
            put_byte(buffer, 0x3A)
            _put_json(buffer, cursor, data)
    put_byte(buffer, 0x7D)
    return 0


def put_json_attribute(buffer, cursor, names, data, attribute):
    """Appends an attribute as a member of a JSON object."""
    name: bytes = names[attribute.key]
    put_json_text(buffer, name, 0, len(name))
    put_byte(buffer, 0x3A)
    cursor.kind = attribute.kind
    cursor.start = attribute.start
    cursor.end = attribute.end
    cursor.number = attribute.number
    return _put_json(buffer, cursor, data)


def put_json_text(buffer, data, start, end):
    """Appends a JSON string (RFC 8259): only what must be escaped is."""
    run: cython.Py_ssize_t = start
    position: cython.Py_ssize_t = start
    byte: cython.uchar
    put_byte(buffer, 0x22)
    while position < end:
        byte = data[position]
        if byte < 0x20 or byte in (0x22, 0x5C):
            put_bytes(buffer, data, run, position)
            _put_escaped(buffer, byte)
            run = position + 1
        position += 1
    put_bytes(buffer, data, run, end)
    put_byte(buffer, 0x22)
    return 0


def _put_escaped(buffer, byte):
    short: cython.uchar = 0
    if byte in (0x22, 0x5C):
        short = byte
    elif byte == 0x0A:
        short = 0x6E  # n
    elif byte == 0x0D:
        short = 0x72  # r
    elif byte == 0x09:
        short = 0x74  # t
    elif byte == 0x08:
        short = 0x62  # b
    elif byte == 0x0C:
        short = 0x66  # f
    put_byte(buffer, 0x5C)
    if short:
        put_byte(buffer, short)
    else:
        put_bytes(buffer, b"u00", 0, 3)
        put_byte(buffer, _hex_digit(byte >> 4))
        put_byte(buffer, _hex_digit(byte & 15))
    return 0


def _hex_digit(value):
    return 0x30 + value if value < 10 else 0x57 + value


def _put_boolean(buffer, number):
    if number:
        put_bytes(buffer, b"true", 0, 4)
    else:
        put_bytes(buffer, b"false", 0, 5)
    return 0


def _put_double(buffer, cursor, bits, in_json):
    """JSON has no word for infinity: there it is a text."""
    quoted: cython.bint = in_json and bits >> 52 & 0x7FF == 0x7FF
    if quoted:
        put_byte(buffer, 0x22)
    cursor.doubles.put(buffer, bits)
    if quoted:
        put_byte(buffer, 0x22)
    return 0


def _put_base64(buffer, data, start, end):
    position: cython.Py_ssize_t = start
    bits: cython.uint
    while position < end:
        bits = data[position] << 16
        if position + 1 < end:
            bits |= data[position + 1] << 8
        if position + 2 < end:
            bits |= data[position + 2]
        put_byte(buffer, _base64_digit(bits >> 18))
        put_byte(buffer, _base64_digit(bits >> 12 & 63))
        put_byte(buffer, _base64_digit(bits >> 6 & 63) if position + 1 < end else 0x3D)
        put_byte(buffer, _base64_digit(bits & 63) if position + 2 < end else 0x3D)
        position += 3
    return 0


def _base64_digit(value):
    if value < 26:
        return 0x41 + value  # A to Z
    if value < 52:
        return 0x61 - 26 + value  # a to z
    if value < 62:
        return 0x30 - 52 + value  # 0 to 9
    return 0x2B if value == 62 else 0x2F
