from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Buffer, Event, Link, Names, Numbers, Resource, Scope, Span,
    NOTHING, STRING, BYTES,
    put_byte, put_bytes, put_length, put_number, put_repeated,
)
from spanwise.collector.otlp.scan cimport Cursor
from spanwise.collector.otlp.tape cimport Tape
from spanwise.collector.otlp.texts cimport hex_digit, put_value

cdef int put_text(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
cdef int put_sized_value(Buffer buffer, Buffer scratch, Cursor cursor, const unsigned char* data, Attribute* attribute) except -1 nogil
cdef int put_id(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
cdef bint is_zero(const unsigned char* data, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef int put_dictionary(Buffer buffer, Names names) except -1 nogil
cdef Py_ssize_t index_width(Py_ssize_t count) noexcept nogil
