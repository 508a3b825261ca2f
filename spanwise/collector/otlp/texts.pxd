from spanwise.collector.otlp.native cimport (
    ARRAY, BOOLEAN, BYTES, DOUBLE, INTEGER, KEY_VALUES, NOTHING, STRING,
    Attribute, Buffer, Names, load64, put_byte, put_bytes, put_integer,
)
from spanwise.collector.otlp.scan cimport Cursor, any_value, key_value, next_field

cdef int READ_BEFORE

cdef int put_value(
    Buffer buffer, Cursor cursor, const unsigned char* data,
    unsigned int kind, Py_ssize_t start, Py_ssize_t end, unsigned long long number
) except -1 nogil
cdef int _put_json(Buffer buffer, Cursor cursor, const unsigned char* data) except -1 nogil
cdef int _put_json_array(Buffer buffer, Cursor cursor, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
cdef int _put_json_object(Buffer buffer, Cursor cursor, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
cdef int put_json_attribute(
    Buffer buffer, Cursor cursor, Names names, const unsigned char* data, const Attribute* attribute
) except -1
cdef int put_json_text(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
cdef int _put_escaped(Buffer buffer, unsigned char byte) except -1 nogil
cdef unsigned char _hex_digit(unsigned char value) noexcept nogil
cdef int _put_boolean(Buffer buffer, unsigned long long number) except -1 nogil
cdef int _put_double(Buffer buffer, Cursor cursor, unsigned long long bits, bint in_json) except -1 nogil
cdef int _put_base64(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
cdef unsigned char _base64_digit(unsigned int value) noexcept nogil
