from spanwise.collector.otlp.columns.writer cimport (
    LOW_CARDINALITY, Dictionary, Writer, note, put_entries, put_low_cardinality, put_values, render,
)
from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Names, Numbers, Resource, Scope, put_again, put_many, put_number, put_text,
)
from spanwise.collector.otlp.tape cimport Tape

cdef int _put_shared(
    Writer writer, const Scope* scope, const unsigned char* data, Py_ssize_t start, Py_ssize_t end
) except -1 nogil
cdef int _put_shared_number(Writer writer, const Scope* scope, unsigned int number) except -1 nogil
cdef Py_ssize_t _service(Writer writer, Names names, Py_ssize_t index, Py_ssize_t name) except -1 nogil
cdef int _put_shared_attributes(Writer writer, Attributes attributes, bint of_resource) except -1
cdef Py_ssize_t _first(Writer writer, const Scope* scope, bint of_resource) noexcept nogil
cdef Py_ssize_t _end(Writer writer, const Scope* scope, bint of_resource) noexcept nogil
cdef int _put_shared_keys(
    Writer writer, Dictionary keys, Attributes attributes, const Scope* scope, Py_ssize_t start, Py_ssize_t end
) except -1 nogil
cdef int _put_shared_values(
    Writer writer, Attributes attributes, const Scope* scope, Py_ssize_t start, Py_ssize_t end
) except -1 nogil
