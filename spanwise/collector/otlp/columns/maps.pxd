from spanwise.collector.otlp.columns.writer cimport (
    LOW_CARDINALITY, Dictionary, Writer, note, put_dictionary, put_entries, put_sized,
)
from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Event, Link, Numbers, Resource, Scope, Span,
    put_again, put_id, put_many, put_number, put_repeated, put_text,
)
from spanwise.collector.otlp.selection cimport IN_SPAN, Selection, has_text

cdef class Divided:
    cdef Selection selection
    cdef Numbers moves, homes
    cdef bint any_moves

cdef int _put_resource_keys(Writer writer, Dictionary keys, const Scope* scope) except -1 nogil
cdef int _put_resource_values(Writer writer, const Scope* scope) except -1 nogil
cdef bint _is_in(Writer writer, Divided divided, Py_ssize_t row, Py_ssize_t index, bint moved) noexcept nogil
cdef int _put_event_ends(Writer writer) except -1 nogil
cdef int _put_link_ends(Writer writer) except -1 nogil
cdef int _put_keys(Writer writer, Attributes attributes) except -1
cdef int _put_values(Writer writer, const unsigned char* data, Attributes attributes, Py_ssize_t start, Py_ssize_t end) except -1 nogil
