# What the scan and the block are made of, as C: the entries of a tape, tables of them, a growing buffer, interning.
# `interpreted.py` has the same for an installation without a C compiler.

from libc.string cimport memcmp, memcpy, memset

cpdef enum Kind:  # which member of AnyValue is set
    NOTHING = 0
    STRING = 1
    BOOLEAN = 2
    INTEGER = 3
    DOUBLE = 4
    ARRAY = 5
    KEY_VALUES = 6
    BYTES = 7
    UNREAD = 8

# In all entries, `start` and `end` are positions in `data`, the bytes of the request, an empty interval where there is
# nothing; `field` is where the message begins with its tag; a plural and its `_end` are positions in another table.

cdef struct Request:
    const unsigned char* data
    Py_ssize_t size

cdef struct Resource:
    const unsigned char* data
    unsigned int request, field, start, end
    unsigned int attributes, attributes_end

cdef struct Scope:
    const unsigned char* data
    unsigned int resource, field, start, end
    unsigned int name_start, name_end
    unsigned int version_start, version_end
    unsigned int attributes, attributes_end

cdef struct Span:
    const unsigned char* data
    unsigned int scope, field, start, end
    unsigned int trace_id_start, trace_id_end
    unsigned int span_id_start, span_id_end
    unsigned int parent_id_start, parent_id_end
    unsigned int trace_state_start, trace_state_end
    unsigned int name_start, name_end
    unsigned int message_start, message_end
    int kind, status
    unsigned long long start_time, end_time
    unsigned int attributes, attributes_end
    unsigned int events, events_end
    unsigned int links, links_end

cdef struct Event:
    unsigned int name  # its number in the tape's `names`
    unsigned long long time
    unsigned int attributes, attributes_end

cdef struct Link:
    unsigned int trace_id_start, trace_id_end
    unsigned int span_id_start, span_id_end
    unsigned int trace_state_start, trace_state_end
    unsigned int attributes, attributes_end

cdef struct Attribute:
    unsigned int key  # its number in the tape's `names`
    unsigned int kind  # a Kind
    unsigned int start, end
    unsigned long long number  # the bits of a boolean, an integer or a double

cdef class Requests:
    cdef Request* items
    cdef Py_ssize_t count, capacity
    cdef Request* add(self) except NULL nogil

cdef class Resources:
    cdef Resource* items
    cdef Py_ssize_t count, capacity
    cdef Resource* add(self) except NULL nogil
    cdef inline Resource* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Scopes:
    cdef Scope* items
    cdef Py_ssize_t count, capacity
    cdef Scope* add(self) except NULL nogil
    cdef inline Scope* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Spans:
    cdef Span* items
    cdef Py_ssize_t count, capacity
    cdef Span* add(self) except NULL nogil
    cdef inline Span* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Events:
    cdef Event* items
    cdef Py_ssize_t count, capacity
    cdef Event* add(self) except NULL nogil
    cdef inline Event* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Links:
    cdef Link* items
    cdef Py_ssize_t count, capacity
    cdef Link* add(self) except NULL nogil
    cdef inline Link* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Attributes:
    cdef Attribute* items
    cdef Py_ssize_t count, capacity
    cdef Attribute* add(self) except NULL nogil
    cdef inline Attribute* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Numbers:
    cdef long long* items
    cdef Py_ssize_t count
    cdef int resize(self, Py_ssize_t count) except -1 nogil

cdef struct Name:
    const unsigned char* data
    Py_ssize_t size
    Py_ssize_t next  # what came after it last time
    unsigned long long hash

cdef class Names:
    cdef Name* items
    cdef Py_ssize_t count, capacity
    cdef unsigned int* slots
    cdef Py_ssize_t slot_count
    cdef list kept
    cdef inline Name* at(self, Py_ssize_t number) noexcept nogil:
        return &self.items[number]
    cdef Py_ssize_t number(self, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
    cdef Py_ssize_t number_of_copy(self, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil
    cdef Py_ssize_t next_number(
        self, Py_ssize_t previous, const unsigned char* data, Py_ssize_t start, Py_ssize_t end
    ) except -1 nogil
    cdef int is_name(self, Py_ssize_t number, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef int _append(self, const unsigned char* data, Py_ssize_t size, unsigned long long hash) except -1 nogil
    cdef int _rehash(self) except -1 nogil

cdef class Buffer:
    cdef unsigned char* items
    cdef Py_ssize_t size, capacity, views
    cdef int grow(self, Py_ssize_t size) except -1 nogil

cdef class Doubles:
    cdef unsigned long long bits[256]
    cdef unsigned char sizes[256]
    cdef unsigned char texts[256][32]
    cdef int put(self, Buffer buffer, unsigned long long bits) except -1 nogil

cdef const unsigned char* HEX_PAIRS

cdef Py_ssize_t first_invalid(const unsigned char* data, Py_ssize_t start, Py_ssize_t end) noexcept nogil

cdef bint contains(
    const unsigned char* data, Py_ssize_t start, Py_ssize_t end, const unsigned char* part, Py_ssize_t size
) noexcept nogil

cdef inline unsigned long long load64(const unsigned char* data, Py_ssize_t position) noexcept nogil:
    cdef unsigned long long value
    memcpy(&value, data + position, 8)
    return value

cdef inline int signed32(unsigned long long value) noexcept nogil:
    return <int> value

cdef inline unsigned long long unsigned64(unsigned long long value) noexcept nogil:
    return value

cdef inline bint is_zero(const unsigned char* data, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    while start < end:
        if data[start]:
            return False
        start += 1
    return True

cdef inline int reserve(Buffer buffer, Py_ssize_t size) except -1 nogil:
    return 0 if buffer.size + size <= buffer.capacity else buffer.grow(size)

cdef inline void append(Buffer buffer, unsigned char byte) noexcept nogil:
    buffer.items[buffer.size] = byte
    buffer.size += 1

cdef inline void append_length(Buffer buffer, unsigned long long value) noexcept nogil:
    while value >= 0x80:
        append(buffer, <unsigned char> (value | 0x80))
        value >>= 7
    append(buffer, <unsigned char> value)

cdef inline int put_byte(Buffer buffer, unsigned char value) except -1 nogil:
    reserve(buffer, 1)
    append(buffer, value)
    return 0

cdef inline int put_bytes(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil:
    reserve(buffer, end - start)
    memcpy(buffer.items + buffer.size, data + start, end - start)
    buffer.size += end - start
    return 0

cdef inline int put_length(Buffer buffer, unsigned long long value) except -1 nogil:
    reserve(buffer, 10)
    append_length(buffer, value)
    return 0

cdef inline int put_text(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil:
    reserve(buffer, 10 + end - start)
    append_length(buffer, end - start)
    memcpy(buffer.items + buffer.size, data + start, end - start)
    buffer.size += end - start
    return 0

cdef inline int put_id(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil:
    cdef Py_ssize_t position
    reserve(buffer, 10 + 2 * (end - start))
    append_length(buffer, 2 * (end - start))
    for position in range(start, end):
        memcpy(buffer.items + buffer.size, HEX_PAIRS + 2 * data[position], 2)
        buffer.size += 2
    return 0

cdef inline int put_number(Buffer buffer, unsigned long long value, Py_ssize_t width) except -1 nogil:
    reserve(buffer, 8)
    memcpy(buffer.items + buffer.size, &value, 8)
    buffer.size += width
    return 0

cdef inline int put_repeated(Buffer buffer, unsigned char value, Py_ssize_t times) except -1 nogil:
    reserve(buffer, times)
    memset(buffer.items + buffer.size, value, times)
    buffer.size += times
    return 0

cdef inline int put_name(Buffer buffer, Names names, Py_ssize_t number) except -1 nogil:
    return put_text(buffer, names.items[number].data, 0, names.items[number].size)
