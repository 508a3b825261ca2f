from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Doubles, Event, Kind, Link, Resource, Scope, Span,
    ARRAY, BOOLEAN, BYTES, DOUBLE, INTEGER, KEY_VALUES, NOTHING, STRING, UNREAD,
    first_invalid, load32, load64, signed32, unsigned32, unsigned64,
)
from spanwise.collector.otlp.tape cimport Tape

cdef class Cursor:
    cdef unsigned int tag
    cdef unsigned int kind
    cdef Py_ssize_t start, end
    cdef Py_ssize_t key_start, key_end
    cdef unsigned long long number
    cdef Py_ssize_t name
    cdef Py_ssize_t malformed
    cdef bint irregular, crowded
    cdef Py_ssize_t most_spans, most_entries, attributes, first_event, first_link
    cdef Doubles doubles

# All return the position after what they read, -1 where it is malformed, -2 with an exception.
cdef Py_ssize_t next_field(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) noexcept nogil
cdef Py_ssize_t _tag(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t _value(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) noexcept nogil
cdef Py_ssize_t _varint32(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t _varint(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t _group(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) noexcept nogil
cdef Py_ssize_t _crowded(Cursor cursor, Py_ssize_t position) noexcept nogil
cdef Py_ssize_t _fail(Cursor cursor, Py_ssize_t position) noexcept nogil
cdef Py_ssize_t _text(Cursor cursor, const unsigned char* data, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t any_value(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) noexcept nogil
cdef Py_ssize_t _values(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) noexcept nogil
cdef Py_ssize_t _key_values(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) noexcept nogil
cdef Py_ssize_t key_value(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) noexcept nogil
cdef bint _is_usual(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t _entity(Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t _attribute(Tape tape, Attributes table, Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end, int depth) except -2 nogil
cdef Py_ssize_t _request(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t end) except -2 nogil
cdef Py_ssize_t _resource_spans(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t field, Py_ssize_t position, Py_ssize_t end) except -2 nogil
cdef Py_ssize_t _resource(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) except -2 nogil
cdef Py_ssize_t _scope_spans(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t field, Py_ssize_t position, Py_ssize_t end) except -2 nogil
cdef Py_ssize_t _scope(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) except -2 nogil
cdef Py_ssize_t _span(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t field, Py_ssize_t position, Py_ssize_t end) except -2 nogil
cdef int _number(Tape tape, Span* span, unsigned int tag, unsigned int number) noexcept nogil
cdef Py_ssize_t _status(Span* span, Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t _event(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) except -2 nogil
cdef Py_ssize_t _link(Tape tape, Cursor cursor, const unsigned char* data, Py_ssize_t position, Py_ssize_t end) except -2 nogil
cdef int MAX_DEPTH
