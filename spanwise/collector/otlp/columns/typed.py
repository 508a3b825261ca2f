"""The columns that a selection fills: what analysts ask for, and content. Each function writes one of them."""

from __future__ import annotations

import struct

import cython

if not cython.compiled:
    from spanwise.collector.otlp.columns.writer import Writer, put_low_cardinality, put_sized, render
    from spanwise.collector.otlp.interpreted import (
        ARRAY,
        KEY_VALUES,
        STRING,
        Buffer,
        Names,
        Numbers,
        put_byte,
        put_number,
    )
    from spanwise.collector.otlp.selection import IN_SPAN, NOWHERE, Selection, chosen, chosen_data


def put_words_of(writer: Writer, selection: Selection, column: cython.Py_ssize_t):
    """A LowCardinality column."""
    names, codes = words(writer, selection, column)
    put_low_cardinality(writer, names, codes, writer.rows)


def look_up(codes: Numbers, table: Numbers):
    """`table[code]` for each of `codes`."""
    row: cython.Py_ssize_t
    found = Numbers(codes.count)
    with cython.nogil:
        for row in range(codes.count):
            found.items[row] = table.items[codes.items[row]]
    return found


def put_texts(writer: Writer, selection: Selection, column: cython.Py_ssize_t):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            if selection.places.items[row * selection.width + column] == NOWHERE:
                put_byte(writer.buffer, 0)
            else:
                data = chosen_data(selection, row, column)
                put_sized(writer, writer.buffer, data, chosen(selection, row, column))


class Words:
    """The texts that occur in a column, numbered; 0 is the empty one.

    A value that is no text is rendered when its bytes are first seen: `raws` numbers these, `numbers` and `kinds` say
    what became of them.
    """

    def __init__(self, writer: Writer):
        self.writer = writer
        self.texts = Names()
        self.raws = Names()
        self.numbers = Numbers(0)
        self.kinds = Numbers(0)
        self.last_raw = 0
        writer.scratch.size = 0
        self.texts.number_of_copy(writer.scratch.items, 0, 0)


def words(writer: Writer, selection: Selection, column: cython.Py_ssize_t):
    """The texts of a column, and for each row the number of its text."""
    row: cython.Py_ssize_t
    last: cython.Py_ssize_t = 0
    found = Words(writer)
    codes = Numbers(writer.rows)
    with cython.nogil:
        for row in range(writer.rows):
            if selection.places.items[row * selection.width + column] != NOWHERE:
                last = _number(found, last, chosen_data(selection, row, column), chosen(selection, row, column))
                codes.items[row] = last
    return found.texts, codes


def _number(words, last, data, attribute):
    raw: cython.Py_ssize_t
    kind: cython.uint = attribute.kind
    if kind == STRING:
        return words.texts.next_number(last, data, attribute.start, attribute.end)
    if kind not in (ARRAY, KEY_VALUES):
        return _rendered(words, data, attribute)
    raw = words.last_raw = words.raws.next_number(words.last_raw, data, attribute.start, attribute.end)
    if raw >= words.numbers.count:
        words.numbers.resize(2 * raw + 16)
        words.kinds.resize(2 * raw + 16)
    if words.kinds.items[raw] != kind:
        words.numbers.items[raw] = _rendered(words, data, attribute)
        words.kinds.items[raw] = kind
    return words.numbers.items[raw]


def _rendered(words, data, attribute):
    render(words.writer, data, attribute)
    return words.texts.number_of_copy(words.writer.scratch.items, 0, words.writer.scratch.size)


def sources(writer: Writer, selection: Selection, column: cython.Py_ssize_t):
    """For each row the name of the attribute that fills the column; -1 where none does."""
    row: cython.Py_ssize_t
    codes = Numbers(writer.rows)
    with cython.nogil:
        for row in range(writer.rows):
            if selection.places.items[row * selection.width + column] == NOWHERE:
                codes.items[row] = -1
            else:
                codes.items[row] = chosen(selection, row, column).key
    return codes


def pairs(first: Numbers, second: Numbers):
    """The distinct pairs of two arrays, and for each row the number of its pair."""
    row: cython.Py_ssize_t
    found = Names()
    codes = Numbers(first.count)
    buffer = Buffer()
    with cython.nogil:
        for row in range(first.count):
            if row and first.items[row] == first.items[row - 1] and second.items[row] == second.items[row - 1]:
                codes.items[row] = codes.items[row - 1]
                continue
            buffer.size = 0
            put_number(buffer, first.items[row], 8)
            put_number(buffer, second.items[row], 8)
            codes.items[row] = found.number_of_copy(buffer.items, 0, 16)
    return [struct.unpack("<qq", found[number]) for number in range(len(found))], codes


def put_counts(writer: Writer, selection: Selection, column: cython.Py_ssize_t):
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            if selection.places.items[row * selection.width + column] == NOWHERE:
                put_number(writer.buffer, 0, 8)
            else:
                put_number(writer.buffer, chosen(selection, row, column).number, 8)


def put_scores(writer: Writer, selection: Selection, column: cython.Py_ssize_t):
    """A column of type Nullable(Float64)."""
    row: cython.Py_ssize_t
    with cython.nogil:
        for row in range(writer.rows):
            put_byte(writer.buffer, selection.places.items[row * selection.width + column] == NOWHERE)
    put_counts(writer, selection, column)  # the bits of a double, or zeros


def put_derived(writer: Writer, selection: Selection, columns: Numbers, homes: Numbers):
    """A bit for each content column: whether it holds something else than the text of its home attribute.

    `columns` are their numbers in the selection (-1: not there), `homes` the names of the attributes.
    """
    row: cython.Py_ssize_t
    bit: cython.Py_ssize_t
    bits: cython.uint
    with cython.nogil:
        for row in range(writer.rows):
            bits = 0
            for bit in range(columns.count):
                if columns.items[bit] >= 0 and _is_derived(selection, row, columns.items[bit], homes.items[bit]):
                    bits |= 1 << bit
            put_byte(writer.buffer, bits)


def _is_derived(selection, row, column, home):
    place: cython.int = selection.places.items[row * selection.width + column]
    return place != NOWHERE and not (place == IN_SPAN and chosen(selection, row, column).key == home)
