from spanwise.collector.otlp.columns.writer cimport Writer, put_low_cardinality, put_sized, render
from spanwise.collector.otlp.native cimport (
    ARRAY, KEY_VALUES, STRING, Attribute, Buffer, Names, Numbers, put_byte, put_number,
)
from spanwise.collector.otlp.selection cimport IN_SPAN, NOWHERE, Selection, chosen, chosen_data

cdef class Words:
    cdef Writer writer
    cdef Names texts, raws
    cdef Numbers numbers, kinds
    cdef Py_ssize_t last_raw

cdef Py_ssize_t _number(Words words, Py_ssize_t last, const unsigned char* data, const Attribute* attribute) except -1 nogil
cdef Py_ssize_t _rendered(Words words, const unsigned char* data, const Attribute* attribute) except -1 nogil
cdef bint _is_derived(Selection selection, Py_ssize_t row, Py_ssize_t column, Py_ssize_t home) noexcept nogil
