from spanwise.collector.otlp.native cimport (
    Attribute, Attributes, Buffer, Names, Numbers, STRING, put_chosen, put_length, put_name, put_number, put_repeated, put_text,
)
from spanwise.collector.otlp.scan cimport Cursor
from spanwise.collector.otlp.tape cimport Tape
from spanwise.collector.otlp.texts cimport put_value

cdef enum:
    LOW_CARDINALITY = 1  # the version of the serialisation
    OWN_DICTIONARY = 0x600  # the dictionary follows, and belongs to this block alone

cdef class Writer:
    cdef Buffer buffer
    cdef Tape tape
    cdef Buffer scratch
    cdef Cursor cursor
    cdef readonly Py_ssize_t rows

cdef class Dictionary:
    cdef Names names
    cdef Numbers positions, order
    cdef Py_ssize_t used, width

cpdef int put_low_cardinality(Writer writer, Names names, Numbers codes, Py_ssize_t count) except -1
cdef int put_dictionary(Writer writer, Names names, Numbers codes, Py_ssize_t count) except -1
cdef int note(Dictionary dictionary, Py_ssize_t name) noexcept nogil
cdef int put_entries(Buffer buffer, Dictionary dictionary, Py_ssize_t count) except -1 nogil
cdef int render(Writer writer, const unsigned char* data, const Attribute* attribute) except -1 nogil
cdef int put_sized(Writer writer, Buffer buffer, const unsigned char* data, const Attribute* attribute) except -1 nogil
cdef int put_values(
    Writer writer, const unsigned char* data, Attributes attributes, Py_ssize_t start, Py_ssize_t end
) except -1 nogil
