from spanwise.collector.otlp.native cimport Event, Numbers, Span, is_zero
from spanwise.collector.otlp.tape cimport Tape

cdef bint _is_faulty(Tape tape, Py_ssize_t row) noexcept nogil
cdef bint _has_late_event(Tape tape, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef bint _is_no_id(const unsigned char* data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t size) noexcept nogil
