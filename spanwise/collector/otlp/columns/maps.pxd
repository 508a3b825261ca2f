from spanwise.collector.otlp.columns.writer cimport (
    LOW_CARDINALITY, Writer, put_dictionary, put_sized, put_values,
)
from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Event, Link, Numbers, Span, put_id, put_number, put_text,
)
from spanwise.collector.otlp.selection cimport IN_SPAN, Selection, has_text

cdef class Divided:
    cdef Selection selection
    cdef Numbers moves, homes

cdef bint _is_in(Writer writer, Divided divided, Py_ssize_t row, Py_ssize_t index, bint moved) noexcept nogil
cdef int _put_event_ends(Writer writer) except -1 nogil
cdef int _put_link_ends(Writer writer) except -1 nogil
cdef int _put_keys(Writer writer, Attributes attributes) except -1
