from spanwise.collector.otlp.columns.writer cimport (
    LOW_CARDINALITY, Writer, put_dictionary, put_sized,
)
from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Buffer, Event, Link, Numbers, Resource, Span, put_bytes, put_id, put_number, put_text,
)
from spanwise.collector.otlp.selection cimport IN_SPAN, Selection, has_text

cdef class Divided:
    cdef Selection selection
    cdef Numbers moves, homes

cdef int _render_resource(Writer writer, Buffer rendered, Py_ssize_t index) except -1 nogil
cdef bint _is_in(Writer writer, Divided divided, Py_ssize_t row, Py_ssize_t index, bint moved) noexcept nogil
cdef int _put_event_ends(Writer writer) except -1 nogil
cdef int _put_link_ends(Writer writer) except -1 nogil
cdef int _put_keys(Writer writer, Attributes attributes) except -1
cdef int _put_values(Writer writer, const unsigned char* data, Attributes attributes, Py_ssize_t start, Py_ssize_t end) except -1 nogil
