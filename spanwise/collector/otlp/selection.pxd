from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Buffer, Event, Numbers, Resource, Scope, Span,
    BYTES, DOUBLE, INTEGER, NOTHING, STRING, contains, load64,
)
from spanwise.collector.otlp.scan cimport Cursor
from spanwise.collector.otlp.tape cimport Tape
from spanwise.collector.otlp.texts cimport put_value

cdef enum Place:  # where the attribute of a cell is
    NOWHERE = 0
    IN_SPAN = 1
    IN_EVENT = 2
    IN_RESOURCE = 3
    MADE = 4

cdef enum Check:  # what the values of a column must be
    AS_TEXT = 0
    AS_COUNT = 1
    AS_SCORE = 2

cdef enum Shape:  # how the column's value is made of the attribute's
    PLAIN = 0  # just as it came
    SHAPED = 1
    INDEXED = 2  # shaped, of several attributes
    MESSAGES = 3  # shaped, unless it is canonical
    INSTRUCTIONS = 4

cdef enum:
    HOME = 99  # an answer: just as the attribute says, after all
    UNRANKED = 1 << 30

cdef class Uses:
    cdef Numbers first, column, rank, kinds, shape, event

cdef class Plan:
    cdef readonly tuple columns
    cdef Numbers checks
    cdef Uses attributes, events, assemblies, resources
    cdef bint uses_events, uses_resources

cdef class Selection:
    cdef readonly Py_ssize_t rows, width
    cdef Tape tape
    cdef Numbers places, indices  # of each cell: a row's columns are together
    cdef Numbers asked
    cdef Py_ssize_t asked_count
    cdef Attributes made
    cdef bytes made_data
    cdef const unsigned char* made_bytes
    cdef Numbers ranks, shapes  # of the row's columns, while it is looked at
    cdef Numbers seen, events_seen  # for each name, when it was last seen
    cdef Py_ssize_t seen_count
    cdef Buffer scratch
    cdef Cursor cursor

cdef Attribute* chosen(Selection selection, Py_ssize_t row, Py_ssize_t column) noexcept nogil
cdef const unsigned char* chosen_data(Selection selection, Py_ssize_t row, Py_ssize_t column) noexcept nogil
cdef bint has_text(const Attribute* attribute) noexcept nogil
cdef int _select_row(Selection selection, Plan plan, Py_ssize_t row, unsigned int kind) except -1 nogil
cdef int _consider_span(Selection selection, Plan plan, Py_ssize_t row, unsigned int kind) noexcept nogil
cdef int _consider_resource(Selection selection, Plan plan, Py_ssize_t row, unsigned int kind) noexcept nogil
cdef int _consider_events(Selection selection, Plan plan, Py_ssize_t row, unsigned int kind) noexcept nogil
cdef int _consider_assembly(Selection selection, Uses uses, Py_ssize_t row, unsigned int kind, Py_ssize_t name) noexcept nogil
cdef int _consider(
    Selection selection, Plan plan, Uses uses, Py_ssize_t row, unsigned int kind, Attribute* attribute,
    Py_ssize_t event, int place, Py_ssize_t index
) noexcept nogil
cdef bint _is_used(Uses uses, const Attribute* attribute) noexcept nogil
cdef int _shape_of(const Attribute* attribute, int shape, int check) noexcept nogil
cdef int _take(Selection selection, Uses uses, Py_ssize_t use, int shape, Py_ssize_t row, int place, Py_ssize_t index) noexcept nogil
cdef bint _is_there(const Attribute* attribute, int check) noexcept nogil
cdef int _is_to_be_made(Selection selection, Py_ssize_t row, Py_ssize_t column) except -1 nogil
cdef int _is_canonical(Selection selection, Py_ssize_t row, Py_ssize_t column, int shape) except -1 nogil
cdef bint _looks_canonical(const unsigned char* data, Py_ssize_t start, Py_ssize_t end, int shape) noexcept nogil
cdef bint _is_space(unsigned char byte) noexcept nogil
cdef int _ask(Selection selection, Py_ssize_t cell) except -1 nogil
cdef int _answer(Selection selection, Py_ssize_t cell, unsigned int kind, Py_ssize_t position, Py_ssize_t size) except -1
