from spanwise.collector.otlp.native cimport (
    Attributes, Events, Links, Names, Requests, Resources, Scopes, Spans,
)

cdef class Tape:
    cdef readonly list data
    cdef readonly Requests requests
    cdef readonly Resources resources
    cdef readonly Scopes scopes
    cdef readonly Spans spans
    cdef readonly Events events
    cdef readonly Links links
    cdef readonly Attributes resource_attributes, scope_attributes, span_attributes, event_attributes, link_attributes
    cdef readonly Names names
    cdef readonly bint has_flags, has_drops
