from spanwise.collector.otlp.columns.writer cimport (
    Writer, is_zero, put_id, put_low_cardinality, put_text, render,
)
from spanwise.collector.otlp.native cimport Attribute, Buffer, Names, Numbers, Resource, Scope, Span, put_byte, put_bytes, put_number
from spanwise.collector.otlp.tape cimport Tape

cdef Py_ssize_t _service(Writer writer, Names names, Py_ssize_t index, Py_ssize_t name) except -1 nogil
