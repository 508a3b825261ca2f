from spanwise.collector.otlp.columns.writer cimport Writer, put_low_cardinality
from spanwise.collector.otlp.native cimport (
    Buffer, Names, Numbers, Scope, Span, is_zero, put_byte, put_id, put_name_only, put_number, put_text,
)
from spanwise.collector.otlp.tape cimport Tape

cdef Py_ssize_t _count(Tape tape, const Scope* scope, Names traces, Numbers counts, Py_ssize_t trace) except -1 nogil
