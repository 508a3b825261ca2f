# What the scan and the block are made of, as C: the entries of a tape, tables of them, a growing buffer, interning.
# `interpreted.py` has the same for an installation without a C compiler.

from libc.string cimport memcpy, memset

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

cdef inline unsigned int load32(const unsigned char* data, Py_ssize_t position) noexcept nogil:
    cdef unsigned int value
    memcpy(&value, data + position, 4)
    return value

cdef inline unsigned long long load64(const unsigned char* data, Py_ssize_t position) noexcept nogil:
    cdef unsigned long long value
    memcpy(&value, data + position, 8)
    return value

# Names and most texts are short: a call into the C library would cost more than what it does. Nothing is read or written
# outside of `size` bytes: the last word overlaps the one before it.

cdef inline bint are_same(const unsigned char* first, const unsigned char* second, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t position = 0
    if size < 8:
        while position < size and first[position] == second[position]:
            position += 1
        return position == size
    while position < size - 8:
        if load64(first, position) != load64(second, position):
            return False
        position += 8
    return load64(first, size - 8) == load64(second, size - 8)

cdef inline void copy(unsigned char* to, const unsigned char* source, Py_ssize_t size) noexcept nogil:
    cdef unsigned long long first, last
    if 8 <= size <= 16:
        first = load64(source, 0)
        last = load64(source, size - 8)
        memcpy(to, &first, 8)
        memcpy(to + size - 8, &last, 8)
    elif size > 16:
        memcpy(to, source, size)
    elif size >= 4:
        first = load32(source, 0)
        last = load32(source, size - 4)
        memcpy(to, &first, 4)
        memcpy(to + size - 4, &last, 4)
    elif size > 0:
        to[0] = source[0]
        to[size >> 1] = source[size >> 1]
        to[size - 1] = source[size - 1]

cdef Py_ssize_t first_invalid_of(const unsigned char* data, Py_ssize_t start, Py_ssize_t end) noexcept nogil

cdef inline Py_ssize_t first_invalid(const unsigned char* data, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    # Where the bytes stop being UTF-8 (RFC 3629: no surrogates, nothing longer than needed); `end` if nowhere.
    cdef unsigned long long bits
    cdef Py_ssize_t position = start
    cdef Py_ssize_t size = end - start
    if size > 64:
        return first_invalid_of(data, start, end)
    if size >= 8:
        bits = load64(data, end - 8)
        while position < end - 8:
            bits |= load64(data, position)
            position += 8
    elif size >= 4:
        bits = load32(data, start) | load32(data, end - 4)
    elif size > 0:
        bits = data[start] | data[start + (size >> 1)] | data[end - 1]
    else:
        return end
    return first_invalid_of(data, start, end) if bits & 0x8080808080808080ULL else end

cdef struct Request:
    const unsigned char* data
    Py_ssize_t size

cdef struct Resource:
    const unsigned char* data
    unsigned int request, field, start, end
    unsigned int schema_url_start, schema_url_end
    unsigned int attributes, attributes_end, dropped_attributes

cdef struct Scope:
    const unsigned char* data
    unsigned int resource, field, start, end
    unsigned int name_start, name_end
    unsigned int version_start, version_end
    unsigned int schema_url_start, schema_url_end
    unsigned int attributes, attributes_end, dropped_attributes
    unsigned int spans, spans_end

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
    unsigned int flags
    unsigned long long start_time, end_time
    unsigned int attributes, attributes_end, dropped_attributes
    unsigned int events, events_end, dropped_events
    unsigned int links, links_end, dropped_links

cdef struct Event:
    unsigned int name  # its number in the tape's `names`
    unsigned long long time
    unsigned int attributes, attributes_end, dropped_attributes

cdef struct Link:
    unsigned int trace_id_start, trace_id_end
    unsigned int span_id_start, span_id_end
    unsigned int trace_state_start, trace_state_end
    unsigned int attributes, attributes_end, dropped_attributes
    unsigned int flags

cdef struct Attribute:
    unsigned int key  # its number in the tape's `names`
    unsigned int kind  # a Kind
    unsigned int start, end
    unsigned long long number  # the bits of a boolean, an integer or a double

cdef void* enlarged(void* items, Py_ssize_t* capacity, Py_ssize_t size) except NULL nogil

cdef inline void* room(void* items, Py_ssize_t* capacity, Py_ssize_t count, Py_ssize_t size) except NULL nogil:
    # The table `items`, with room for one entry more, which is zero.
    if count == capacity[0]:
        items = enlarged(items, capacity, size)
    memset(<unsigned char*> items + count * size, 0, size)
    return items

cdef class Requests:
    cdef Request* items
    cdef Py_ssize_t count, capacity
    cdef inline Request* add(self) except NULL nogil:
        self.items = <Request*> room(self.items, &self.capacity, self.count, sizeof(Request))
        self.count += 1
        return &self.items[self.count - 1]

cdef class Resources:
    cdef Resource* items
    cdef Py_ssize_t count, capacity
    cdef inline Resource* add(self) except NULL nogil:
        self.items = <Resource*> room(self.items, &self.capacity, self.count, sizeof(Resource))
        self.count += 1
        return &self.items[self.count - 1]
    cdef inline Resource* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Scopes:
    cdef Scope* items
    cdef Py_ssize_t count, capacity
    cdef inline Scope* add(self) except NULL nogil:
        self.items = <Scope*> room(self.items, &self.capacity, self.count, sizeof(Scope))
        self.count += 1
        return &self.items[self.count - 1]
    cdef inline Scope* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Spans:
    cdef Span* items
    cdef Py_ssize_t count, capacity
    cdef inline Span* add(self) except NULL nogil:
        self.items = <Span*> room(self.items, &self.capacity, self.count, sizeof(Span))
        self.count += 1
        return &self.items[self.count - 1]
    cdef inline Span* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Events:
    cdef Event* items
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t capacity
    cdef inline Event* add(self) except NULL nogil:
        self.items = <Event*> room(self.items, &self.capacity, self.count, sizeof(Event))
        self.count += 1
        return &self.items[self.count - 1]
    cdef inline Event* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Links:
    cdef Link* items
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t capacity
    cdef inline Link* add(self) except NULL nogil:
        self.items = <Link*> room(self.items, &self.capacity, self.count, sizeof(Link))
        self.count += 1
        return &self.items[self.count - 1]
    cdef inline Link* at(self, Py_ssize_t index) noexcept nogil:
        return &self.items[index]

cdef class Attributes:
    cdef Attribute* items
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t capacity
    cdef inline Attribute* add(self) except NULL nogil:
        self.items = <Attribute*> room(self.items, &self.capacity, self.count, sizeof(Attribute))
        self.count += 1
        return &self.items[self.count - 1]
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
    cdef inline Py_ssize_t next_number(
        self, Py_ssize_t previous, const unsigned char* data, Py_ssize_t start, Py_ssize_t end
    ) except -1 nogil:
        # The same, guessing that what followed `previous` last time does so again: spans of a kind are alike.
        cdef Py_ssize_t number = self.items[previous].next if previous < self.count else 0
        if not self.is_name(number, data, start, end):
            number = self.number(data, start, end)
            if previous < self.count:
                self.items[previous].next = number
        return number
    cdef inline bint is_name(
        self, Py_ssize_t number, const unsigned char* data, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil:
        # Whether this is the name with that number.
        return (
            number < self.count
            and self.items[number].size == end - start
            and are_same(self.items[number].data, data + start, end - start)
        )
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

cdef bint contains(
    const unsigned char* data, Py_ssize_t start, Py_ssize_t end, const unsigned char* part, Py_ssize_t size
) noexcept nogil

cdef inline int signed32(unsigned long long value) noexcept nogil:
    return <int> value

cdef inline unsigned int unsigned32(unsigned long long value) noexcept nogil:
    return <unsigned int> value

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
    copy(buffer.items + buffer.size, data + start, end - start)
    buffer.size += end - start
    return 0

cdef inline int put_length(Buffer buffer, unsigned long long value) except -1 nogil:
    reserve(buffer, 10)
    append_length(buffer, value)
    return 0

cdef inline int put_text(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil:
    reserve(buffer, 10 + end - start)
    append_length(buffer, end - start)
    copy(buffer.items + buffer.size, data + start, end - start)
    buffer.size += end - start
    return 0

cdef inline unsigned long long four_in_hex(unsigned long long word) noexcept nogil:
    # The eight digits of four bytes, all at once: each half of a byte gets a byte of its own, and 0x27 more from `a` on.
    word = (word | word << 16) & 0x0000FFFF0000FFFFULL
    word = (word | word << 8) & 0x00FF00FF00FF00FFULL
    word = (word >> 4 | word << 8) & 0x0F0F0F0F0F0F0F0FULL
    return word + 0x3030303030303030ULL + 0x27 * (word + 0x0606060606060606ULL >> 4 & 0x0101010101010101ULL)

cdef inline void write_hex(unsigned char* to, const unsigned char* data, Py_ssize_t size) noexcept nogil:
    cdef unsigned long long digits
    cdef Py_ssize_t position
    cdef unsigned char high, low
    if size == 8:  # a span id
        digits = four_in_hex(load32(data, 0))
        memcpy(to, &digits, 8)
        digits = four_in_hex(load32(data, 4))
        memcpy(to + 8, &digits, 8)
        return
    for position in range(size):  # arithmetic rather than a table, so that compilers write 32 digits at once
        high = data[position] >> 4
        low = data[position] & 15
        to[2 * position] = high + 0x30 + (0x27 if high > 9 else 0)
        to[2 * position + 1] = low + 0x30 + (0x27 if low > 9 else 0)

cdef inline int put_id(Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil:
    reserve(buffer, 10 + 2 * (end - start))
    append_length(buffer, 2 * (end - start))
    write_hex(buffer.items + buffer.size, data + start, end - start)
    buffer.size += 2 * (end - start)
    return 0

cdef inline int put_number(Buffer buffer, unsigned long long value, Py_ssize_t width) except -1 nogil:
    reserve(buffer, 8)
    memcpy(buffer.items + buffer.size, &value, 8)
    buffer.size += width
    return 0

cdef inline int put_integer(Buffer buffer, unsigned long long number) except -1 nogil:
    # A signed integer in decimal.
    cdef unsigned char digits[20]
    cdef Py_ssize_t start = 20
    cdef bint negative = number >> 63
    if negative:
        number = 0 - number
    while True:
        start -= 1
        digits[start] = 0x30 + number % 10
        number //= 10
        if number == 0:
            break
    if negative:
        put_byte(buffer, 0x2D)
    return put_bytes(buffer, digits, start, 20)

cdef inline int put_repeated(Buffer buffer, unsigned char value, Py_ssize_t times) except -1 nogil:
    reserve(buffer, times)
    memset(buffer.items + buffer.size, value, times)
    buffer.size += times
    return 0

cdef inline int put_again(Buffer buffer, Py_ssize_t start, Py_ssize_t times) except -1 nogil:
    # What was written from `start` on, `times` times more.
    cdef Py_ssize_t done = buffer.size - start
    cdef Py_ssize_t size = done * (times + 1)
    cdef unsigned char* to
    reserve(buffer, size - done)
    to = buffer.items + start
    while 0 < done < size:  # twice as much each time
        memcpy(to + done, to, min(done, size - done))
        done += min(done, size - done)
    buffer.size = start + size
    return 0

cdef inline int put_many(
    Buffer buffer, const unsigned char* data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t times
) except -1 nogil:
    if times == 0:
        return 0
    put_bytes(buffer, data, start, end)
    return put_again(buffer, buffer.size - (end - start), times - 1)

cdef inline int put_chosen(
    Buffer buffer, const long long* numbers, Py_ssize_t count, const long long* table, Py_ssize_t width
) except -1 nogil:
    # `table[number]` for each of the numbers, each in `width` bytes.
    cdef Py_ssize_t index
    cdef unsigned char* to
    reserve(buffer, count * width + 8)
    to = buffer.items + buffer.size
    for index in range(count):
        memcpy(to, &table[numbers[index]], 8)
        to += width
    buffer.size += count * width
    return 0

cdef inline int put_name(Buffer buffer, Names names, Py_ssize_t number) except -1 nogil:
    return put_text(buffer, names.items[number].data, 0, names.items[number].size)

cdef inline int put_name_only(Buffer buffer, Names names, Py_ssize_t number) except -1 nogil:
    return put_bytes(buffer, names.items[number].data, 0, names.items[number].size)
