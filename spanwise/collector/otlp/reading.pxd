from spanwise.collector.otlp.native cimport Attribute, Attributes, Buffer, Event, Resource, Scope, Span, put_byte
from spanwise.collector.otlp.scan cimport Cursor
from spanwise.collector.otlp.tape cimport Tape
from spanwise.collector.otlp.texts cimport put_json_attribute, put_value

cdef list _pairs(Tape tape, const unsigned char* data, Attributes table, Py_ssize_t start, Py_ssize_t end)
cdef str _json(Tape tape, const unsigned char* data, Attributes table, Py_ssize_t start, Py_ssize_t end)
