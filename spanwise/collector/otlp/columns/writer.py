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
        put_chosen,
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
    if count == 0:
        return 0
    dictionary = Dictionary(names)
    with cython.nogil:
        for row in range(count):
            note(dictionary, codes.items[row])
        put_entries(writer.buffer, dictionary, count)
        if dictionary.used == 1:
            put_repeated(writer.buffer, 0, count)
        else:
            put_chosen(writer.buffer, codes.items, count, dictionary.positions.items, dictionary.width)
    return 0


class Dictionary:
    """The names that occur in a column: `positions` has for each its place among them, `order` is the other way round.

    A place takes `width` bytes once all names are noted.
    """

    def __init__(self, names: Names):
        self.names = names
        self.positions = Numbers(names.count)
        self.order = Numbers(names.count)
        self.used = 0
        self.width = 1


def note(dictionary, name):
    """The name occurs. The first that is noted has the place 0, and so has what was never noted."""
    position: cython.Py_ssize_t = dictionary.positions.items[name]
    if position < dictionary.used and dictionary.order.items[position] == name:
        return 0
    dictionary.order.items[dictionary.used] = name
    dictionary.positions.items[name] = dictionary.used
    dictionary.used += 1
    return 0


def put_entries(buffer, dictionary, count):
    """What stands before the places of `count` rows."""
    row: cython.Py_ssize_t
    used: cython.Py_ssize_t = dictionary.used
    dictionary.width = 1 if used <= 1 << 8 else 2 if used <= 1 << 16 else 4
    put_number(buffer, OWN_DICTIONARY | dictionary.width >> 1, 8)
    put_number(buffer, used, 8)
    for row in range(used):
        put_name(buffer, dictionary.names, dictionary.order.items[row])
    return put_number(buffer, count, 8)


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


def put_values(writer, data, attributes, start, end):
    """The texts of the attributes from `start` to `end` of a table."""
    position: cython.Py_ssize_t
    for position in range(start, end):
        put_sized(writer, writer.buffer, data, attributes.at(position))
    return 0
