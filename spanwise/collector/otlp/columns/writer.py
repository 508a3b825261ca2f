"""What all columns of a ClickHouse Native block are written with.

The format is https://clickhouse.com/docs/interfaces/formats/Native and, where that is silent, what ClickHouse reads.
"""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.interpreted import (
        STRING,
        Buffer,
        Names,
        Numbers,
        put_length,
        put_name,
        put_number,
        put_repeated,
        put_text,
    )
    from spanwise.collector.otlp.tape import Tape
    from spanwise.collector.otlp.texts import put_value

from spanwise.collector.otlp.scan import Cursor

if not cython.compiled:
    LOW_CARDINALITY, OWN_DICTIONARY = 1, 0x600


class Writer:
    """What the columns of one block have in common: where they go, what they are made of, room for a value."""

    def __init__(self, buffer: Buffer, tape: Tape):
        self.buffer = buffer
        self.tape = tape
        self.rows = len(tape)
        self.scratch = Buffer()
        self.cursor = Cursor()

    def length(self, value: cython.ulonglong):
        """A number in as many bytes as it needs."""
        put_length(self.buffer, value)

    def header(self, name: bytes, kind: bytes):
        """A column's name and type, which stand before its data."""
        for text in (name, kind):
            size: cython.Py_ssize_t = len(text)
            view: cython.p_const_uchar = text
            put_text(self.buffer, view, 0, size)


def put_low_cardinality(writer, names, codes, count):
    """A column of type LowCardinality(String): `codes` has the number of a name for each of `count` rows."""
    put_number(writer.buffer, LOW_CARDINALITY, 8)
    return put_dictionary(writer, names, codes, count)


def put_word(writer: Writer, text: bytes):
    """The same, where all rows have one text."""
    size: cython.Py_ssize_t = len(text)
    view: cython.p_const_uchar = text
    put_number(writer.buffer, LOW_CARDINALITY, 8)
    if writer.rows:
        put_number(writer.buffer, OWN_DICTIONARY, 8)
        put_number(writer.buffer, 1, 8)
        put_text(writer.buffer, view, 0, size)
        put_number(writer.buffer, writer.rows, 8)
        put_repeated(writer.buffer, 0, writer.rows)


def put_words(writer: Writer, texts, codes: Numbers):
    """The same, where `codes` are positions in a list of byte strings."""
    if len(set(texts)) == 1:
        put_word(writer, texts[0])
        return
    names = Names()
    numbers = Numbers(len(texts))
    row: cython.Py_ssize_t
    size: cython.Py_ssize_t
    for row, text in enumerate(texts):
        view: cython.p_const_uchar = text
        size = len(text)
        numbers.items[row] = names.number_of_copy(view, 0, size)
    mapped: Numbers = Numbers(codes.count)
    with cython.nogil:
        for row in range(codes.count):
            mapped.items[row] = numbers.items[codes.items[row]]
    put_low_cardinality(writer, names, mapped, codes.count)


def put_dictionary(writer, names, codes, count):
    """The same without the version that stands before it: the names that occur, and which of them each row has."""
    row: cython.Py_ssize_t
    used: cython.Py_ssize_t = 0
    width: cython.Py_ssize_t
    if count == 0:
        return 0
    positions: Numbers = Numbers(names.count)
    order: Numbers = Numbers(names.count)
    with cython.nogil:
        for row in range(count):
            if positions.items[codes.items[row]] == 0:
                order.items[used] = codes.items[row]
                used += 1
                positions.items[codes.items[row]] = used
        width = 1 if used <= 1 << 8 else 2 if used <= 1 << 16 else 4
        put_number(writer.buffer, OWN_DICTIONARY | width >> 1, 8)
        put_number(writer.buffer, used, 8)
        for row in range(used):
            put_name(writer.buffer, names, order.items[row])
        put_number(writer.buffer, count, 8)
        if used == 1:
            put_repeated(writer.buffer, 0, count)
        else:
            for row in range(count):
                put_number(writer.buffer, positions.items[codes.items[row]] - 1, width)
    return 0


def render(writer, data, attribute):
    """The text of an attribute, in `writer.scratch`."""
    writer.scratch.size = 0
    put_value(writer.scratch, writer.cursor, data, attribute.kind, attribute.start, attribute.end, attribute.number)
    return 0


def put_sized(writer, buffer, data, attribute):
    """The text of an attribute, after its length."""
    if attribute.kind == STRING:
        put_text(buffer, data, attribute.start, attribute.end)
    else:
        render(writer, data, attribute)
        put_text(buffer, writer.scratch.items, 0, writer.scratch.size)
    return 0
