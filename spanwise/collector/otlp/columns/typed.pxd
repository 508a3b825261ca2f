from spanwise.collector.otlp.columns.writer cimport Writer, put_low_cardinality, put_sized, render
from spanwise.collector.otlp.native cimport (
    Attribute, Buffer, Names, Numbers, STRING, put_byte, put_number, put_repeated,
)
from spanwise.collector.otlp.selection cimport IN_SPAN, NOWHERE, Selection, chosen, chosen_data

cdef Py_ssize_t _number(Writer writer, Names names, Selection selection, Py_ssize_t row, Py_ssize_t column) except -1 nogil
cdef bint _is_derived(Selection selection, Py_ssize_t row, Py_ssize_t column, Py_ssize_t home) noexcept nogil
