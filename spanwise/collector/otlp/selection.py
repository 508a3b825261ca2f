"""Which attribute fills which column of which span: the table of conventions, applied to a tape.

For every span and column the row of the table wins that ranks first of those that have a value. Where that row has a
shape, or a number stands there as text, the selection asks, and `make` answers with what Python has made.
"""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.interpreted import (
        BYTES,
        DOUBLE,
        INTEGER,
        NOTHING,
        STRING,
        Attributes,
        Buffer,
        Numbers,
        contains,
        load64,
    )
    from spanwise.collector.otlp.texts import put_value

    NOWHERE, IN_SPAN, IN_EVENT, IN_RESOURCE, MADE = range(5)
    AS_TEXT, AS_COUNT, AS_SCORE = range(3)
    PLAIN, SHAPED, INDEXED, MESSAGES, INSTRUCTIONS = range(5)
    HOME = 99
    UNRANKED = 1 << 30

from spanwise.collector.otlp.scan import Cursor


class Uses:
    """What each name of a tape is used for: those of name `n` stand from `first[n]` to `first[n + 1]`.

    A use is a column, the rank of its row, the kinds of span for which the row holds (bits), its shape (a `Shape` of
    selection.pxd), and the name of the event that the attribute must be of (-1: of none).
    """

    def __init__(self, uses):
        """`uses`: for every name the list of its uses, tuples."""
        flat = [use for of_name in uses for use in of_name]
        self.first = Numbers(len(uses) + 1)
        for name, of_name in enumerate(uses):
            self.first[name + 1] = self.first[name] + len(of_name)
        self.column, self.rank, self.kinds, self.shape, self.event = (
            numbers([use[part] for use in flat]) for part in range(5)
        )


class Plan:
    """The table of conventions, for the names of one tape."""

    def __init__(self, columns, checks, attributes, events, assemblies, resources):
        """`checks`: what the values of each column must be. The others, one for each place, are what `Uses` takes."""
        self.columns = tuple(columns)
        self.checks = numbers(checks)
        self.attributes = Uses(attributes)
        self.events = Uses(events)
        self.assemblies = Uses(assemblies)
        self.resources = Uses(resources)
        self.uses_events = any(events) or any(assemblies)
        self.uses_resources = any(resources)


class Selection:
    """For every span (a row) and every column of a plan the attribute that fills it."""

    def __init__(self, tape, columns, names):
        self.tape = tape
        self.rows = len(tape)
        self.width = columns
        self.places = Numbers(self.rows * self.width)
        self.indices = Numbers(self.rows * self.width)
        self.asked = Numbers(0)
        self.asked_count = 0
        self.made = Attributes()
        self.made_data = b""
        self.ranks = Numbers(self.width)
        self.shapes = Numbers(self.width)
        self.seen = Numbers(names)
        self.events_seen = Numbers(names)
        self.seen_count = 0
        self.scratch = Buffer()
        self.cursor = Cursor()

    def questions(self):
        """What `make` must answer, as (row, column): where no attribute gives the value just as it came."""
        return [divmod(self.asked[index], self.width) for index in range(self.asked_count)]

    def make(self, answers):
        """Answer the questions in their order, each with a kind and payload as `texts.text_of` takes them.

        The kind `NOTHING` leaves the column empty.
        """
        self.made_data = b"".join(payload for _, payload in answers)
        view: cython.p_const_uchar = self.made_data
        self.made_bytes = view
        position: cython.Py_ssize_t = 0
        size: cython.Py_ssize_t
        for index, (kind, payload) in enumerate(answers):
            size = len(payload)
            _answer(self, self.asked[index], kind, position, size)
            position += size


def chosen(selection, row, column):
    """The attribute of a cell that has one."""
    place: cython.int = selection.places.items[row * selection.width + column]
    index: cython.Py_ssize_t = selection.indices.items[row * selection.width + column]
    if place == IN_SPAN:
        return selection.tape.span_attributes.at(index)
    if place == IN_EVENT:
        return selection.tape.event_attributes.at(index)
    if place == IN_RESOURCE:
        return selection.tape.resource_attributes.at(index)
    return selection.made.at(index)


def chosen_data(selection, row, column):
    """The bytes that the attribute is in."""
    if selection.places.items[row * selection.width + column] == MADE:
        return selection.made_bytes
    return selection.tape.spans.at(row).data


def numbers(values):
    """A list as an array."""
    array = Numbers(len(values))
    for index, value in enumerate(values):
        array[index] = value
    return array


def select(tape, plan: Plan, kinds: Numbers):
    """The selection for all spans; `kinds` has for each the bit of its kind."""
    selection = Selection(tape, len(plan.columns), len(tape.names))
    row: cython.Py_ssize_t
    rows: cython.Py_ssize_t = selection.rows if plan.columns else 0
    with cython.nogil:
        for row in range(rows):
            _select_row(selection, plan, row, kinds.items[row])
    return selection


def _select_row(selection, plan, row, kind):
    column: cython.Py_ssize_t
    for column in range(selection.width):
        selection.ranks.items[column] = UNRANKED
    _consider_span(selection, plan, row, kind)
    if plan.uses_events:
        _consider_events(selection, plan, row, kind)
    if plan.uses_resources:
        _consider_resource(selection, plan, row, kind)
    for column in range(selection.width):
        if selection.ranks.items[column] != UNRANKED and _is_to_be_made(selection, row, column):
            _ask(selection, row * selection.width + column)
    return 0


def _consider_span(selection, plan, row, kind):
    index: cython.Py_ssize_t
    span = selection.tape.spans.at(row)
    selection.seen_count += 1
    for index in range(span.attributes, span.attributes_end):
        attribute = selection.tape.span_attributes.at(index)
        if _is_used(plan.attributes, attribute):
            _consider(selection, plan, plan.attributes, row, kind, attribute, -1, IN_SPAN, index)
    return 0


def _consider_resource(selection, plan, row, kind):
    index: cython.Py_ssize_t
    scope = selection.tape.scopes.at(selection.tape.spans.at(row).scope)
    resource = selection.tape.resources.at(scope.resource)
    selection.seen_count += 1
    for index in range(resource.attributes, resource.attributes_end):
        attribute = selection.tape.resource_attributes.at(index)
        if _is_used(plan.resources, attribute):
            _consider(selection, plan, plan.resources, row, kind, attribute, -1, IN_RESOURCE, index)
    return 0


def _consider_events(selection, plan, row, kind):
    position: cython.Py_ssize_t
    index: cython.Py_ssize_t
    base: cython.Py_ssize_t = selection.seen_count
    span = selection.tape.spans.at(row)
    for position in range(span.events, span.events_end):
        event = selection.tape.events.at(position)
        _consider_assembly(selection, plan.assemblies, row, kind, event.name)
        if selection.events_seen.items[event.name] > base:
            continue  # only the first event of a name counts
        selection.seen_count += 1
        selection.events_seen.items[event.name] = selection.seen_count
        for index in range(event.attributes, event.attributes_end):
            attribute = selection.tape.event_attributes.at(index)
            if _is_used(plan.events, attribute):
                _consider(selection, plan, plan.events, row, kind, attribute, event.name, IN_EVENT, index)
    return 0


def _consider_assembly(selection, uses, row, kind, name):
    use: cython.Py_ssize_t
    for use in range(uses.first.items[name], uses.first.items[name + 1]):
        if uses.kinds.items[use] & kind:
            _take(selection, uses, use, SHAPED, row, IN_EVENT, 0)
    return 0


def _consider(selection, plan, uses, row, kind, attribute, event, place, index):
    """Takes the attribute for the columns that it feeds, where it ranks before what was found so far."""
    use: cython.Py_ssize_t
    shape: cython.int
    first: cython.bint
    name: cython.Py_ssize_t = attribute.key
    first = selection.seen.items[name] != selection.seen_count  # of a key that was sent twice the first counts
    selection.seen.items[name] = selection.seen_count
    for use in range(uses.first.items[name], uses.first.items[name + 1]):
        if (
            uses.kinds.items[use] & kind
            and uses.event.items[use] == event
            and (first or uses.shape.items[use] == INDEXED)
            and _is_there(attribute, plan.checks.items[uses.column.items[use]])
        ):
            shape = _shape_of(attribute, uses.shape.items[use], plan.checks.items[uses.column.items[use]])
            _take(selection, uses, use, shape, row, place, index)
    return 0


def _is_used(uses, attribute):
    return uses.first.items[attribute.key] != uses.first.items[attribute.key + 1]


def _shape_of(attribute, shape, check):
    """A number that does not stand there as one must be made of what does."""
    return shape if check == AS_TEXT or (check == AS_COUNT and attribute.kind == INTEGER) else SHAPED


def _take(selection, uses, use, shape, row, place, index):
    column: cython.Py_ssize_t = uses.column.items[use]
    if uses.rank.items[use] >= selection.ranks.items[column]:
        return 0
    selection.ranks.items[column] = uses.rank.items[use]
    selection.shapes.items[column] = shape
    selection.places.items[row * selection.width + column] = place
    selection.indices.items[row * selection.width + column] = index
    return 0


def _is_there(attribute, check):
    """Whether the attribute has a value that its column can hold, or that may be read as one."""
    if check == AS_COUNT and attribute.kind == INTEGER:
        return attribute.number >> 63 == 0
    return has_text(attribute)


def has_text(attribute):
    """Whether the attribute's text is not empty."""
    if attribute.kind in (STRING, BYTES):
        return attribute.end > attribute.start
    return attribute.kind != NOTHING


def _is_to_be_made(selection, row, column):
    """Whether the column's value is not that of the attribute just as it came."""
    shape: cython.int = selection.shapes.items[column]
    if shape in (MESSAGES, INSTRUCTIONS):
        return not _is_canonical(selection, row, column, shape)
    return shape != PLAIN


def _is_canonical(selection, row, column, shape):
    """The same as `messages.canonical.is_canonical`, for the text of the attribute that was found."""
    attribute = selection.tape.span_attributes.at(selection.indices.items[row * selection.width + column])
    data = selection.tape.spans.at(row).data
    if attribute.kind == STRING:
        return _looks_canonical(data, attribute.start, attribute.end, shape)
    selection.scratch.size = 0
    put_value(
        selection.scratch, selection.cursor, data, attribute.kind, attribute.start, attribute.end, attribute.number
    )
    return _looks_canonical(selection.scratch.items, 0, selection.scratch.size, shape)


def _looks_canonical(data, start, end, shape):
    while start < end and _is_space(data[start]):
        start += 1
    while end > start and _is_space(data[end - 1]):
        end -= 1
    if start == end or data[start] != 0x5B:
        return False
    if end - start == 2 and data[start + 1] == 0x5D:
        return True
    return (
        contains(data, start, end, b'"parts"', 7) if shape == MESSAGES else contains(data, start, end, b'"content"', 9)
    )


def _is_space(byte):
    return byte in (0x20, 0x09, 0x0A, 0x0D)


def _ask(selection, cell):
    if selection.asked_count == selection.asked.count:
        selection.asked.resize(2 * selection.asked_count + 64)
    selection.asked.items[selection.asked_count] = cell
    selection.asked_count += 1
    selection.places.items[cell] = NOWHERE
    return 0


def _answer(selection, cell, kind, position, size):
    if kind == HOME:
        selection.places.items[cell] = IN_SPAN
        return 0
    if kind == NOTHING:
        return 0
    made = selection.made.add()
    made.kind = kind
    made.start = position
    made.end = position + size
    if kind in (INTEGER, DOUBLE):
        made.number = load64(selection.made_bytes, position)
    selection.places.items[cell] = MADE
    selection.indices.items[cell] = selection.made.count - 1
    return 0
