from spanwise.collector.otlp.columns.writer cimport (
    Writer, put_low_cardinality, render,
)
from spanwise.collector.otlp.native cimport Attribute, Buffer, Names, Numbers, Resource, Scope, Span, is_zero, put_byte, put_bytes, put_id, put_number, put_text
from spanwise.collector.otlp.tape cimport Tape

cdef Py_ssize_t _service(Writer writer, Names names, Py_ssize_t index, Py_ssize_t name) except -1 nogil
cdef Py_ssize_t _size_of_keys(Tape tape) noexcept nogil
