from spanwise.collector.otlp.columns.writer cimport (
    Writer, put_low_cardinality, render,
)
from spanwise.collector.otlp.native cimport (
    Attribute, Buffer, Names, Numbers, Resource, Scope, Span,
    is_zero, put_byte, put_id, put_many, put_name_only, put_number, put_text,
)
from spanwise.collector.otlp.tape cimport Tape

cdef int _put_shared(
    Writer writer, const Scope* scope, const unsigned char* data, Py_ssize_t start, Py_ssize_t end
) except -1 nogil
cdef Py_ssize_t _service(Writer writer, Names names, Py_ssize_t index, Py_ssize_t name) except -1 nogil
cdef Py_ssize_t _count(Tape tape, const Scope* scope, Names traces, Numbers counts, Py_ssize_t trace) except -1 nogil
