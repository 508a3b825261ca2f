"""Tables of C structures, a growing buffer, interned names: the memory below the scan and the block.

Nothing here knows what it holds. Everything that can grow raises `MemoryError` when it cannot.
"""

from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memchr, memcmp, memcpy, memset

import secrets

cdef unsigned long long SEED = secrets.randbits(64)  # so that nobody can choose names that collide
cdef Py_ssize_t LONGEST_PROBE = 64


cdef void* enlarged(void* items, Py_ssize_t* capacity, Py_ssize_t size) except NULL nogil:
    """The table `items`, which is full, with room for more entries."""
    cdef Py_ssize_t larger = 4 * capacity[0] + 256  # what is not written to costs nothing, copies do
    items = realloc(items, larger * size)
    if items == NULL:
        with gil:
            raise MemoryError
    capacity[0] = larger
    return items


cdef class Requests:
    def __dealloc__(self):
        free(self.items)


cdef class Resources:
    def __dealloc__(self):
        free(self.items)


cdef class Scopes:
    def __dealloc__(self):
        free(self.items)


cdef class Spans:
    def __dealloc__(self):
        free(self.items)


cdef class Events:
    def __dealloc__(self):
        free(self.items)


cdef class Links:
    def __dealloc__(self):
        free(self.items)


cdef class Attributes:
    def __dealloc__(self):
        free(self.items)


cdef class Numbers:
    """An array of integers, all zero at first."""

    def __init__(self, Py_ssize_t count):
        self.resize(count)

    def __dealloc__(self):
        free(self.items)

    cdef int resize(self, Py_ssize_t count) except -1 nogil:
        self.items = <long long*> realloc(self.items, max(count, 1) * sizeof(long long))
        if self.items == NULL:
            with gil:
                raise MemoryError
        if count > self.count:
            memset(self.items + self.count, 0, (count - self.count) * sizeof(long long))
        self.count = count
        return 0

    def __len__(self):
        return self.count

    def __getitem__(self, Py_ssize_t index):
        if not 0 <= index < self.count:
            raise IndexError(index)
        return self.items[index]

    def __setitem__(self, Py_ssize_t index, long long value):
        if not 0 <= index < self.count:
            raise IndexError(index)
        self.items[index] = value


cdef class Names:
    """Byte strings, numbered in the order in which they are first seen.

    They are not copied: what holds them must outlive the numbers.
    """

    def __init__(self):
        self.kept = []

    def __dealloc__(self):
        free(self.items)
        free(self.slots)

    def __len__(self):
        return self.count

    def __getitem__(self, Py_ssize_t number):
        if not 0 <= number < self.count:
            raise IndexError(number)
        return PyBytes_FromStringAndSize(<const char*> self.items[number].data, self.items[number].size)

    def texts(self):
        """All of them, as text."""
        return [self[number].decode() for number in range(self.count)]

    cdef Py_ssize_t number(self, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil:
        """The number of the name. After many collisions it gets a new number, so that no input makes this slow."""
        cdef unsigned long long hash = _hash(data + start, end - start)
        cdef Py_ssize_t probe, slot
        cdef unsigned int number
        if 2 * self.count >= self.slot_count:
            self._rehash()
        slot = hash & (self.slot_count - 1)
        for probe in range(LONGEST_PROBE):
            number = self.slots[slot]
            if number == 0:
                self.slots[slot] = self.count + 1
                break
            if self.items[number - 1].hash == hash and self.is_name(number - 1, data, start, end):
                return number - 1
            slot = (slot + 1) & (self.slot_count - 1)
        self._append(data + start, end - start, hash)
        return self.count - 1

    cdef Py_ssize_t number_of_copy(self, const unsigned char* data, Py_ssize_t start, Py_ssize_t end) except -1 nogil:
        """The same for a name that does not stay where it is."""
        cdef Py_ssize_t known = self.count
        cdef Py_ssize_t number = self.number(data, start, end)
        if number == known:
            with gil:
                copy = PyBytes_FromStringAndSize(<const char*> data + start, end - start)
                self.kept.append(copy)
                self.items[number].data = <const unsigned char*> PyBytes_AS_STRING(copy)
        return number

    cdef int _append(self, const unsigned char* data, Py_ssize_t size, unsigned long long hash) except -1 nogil:
        self.items = <Name*> room(self.items, &self.capacity, self.count, sizeof(Name))
        self.items[self.count].data = data
        self.items[self.count].size = size
        self.items[self.count].hash = hash
        self.count += 1
        return 0

    cdef int _rehash(self) except -1 nogil:
        cdef Py_ssize_t number, slot, probe
        self.slot_count = max(64, 4 * self.count)
        while self.slot_count & (self.slot_count - 1):  # up to a power of two
            self.slot_count += self.slot_count & -self.slot_count
        free(self.slots)
        self.slots = <unsigned int*> malloc(self.slot_count * sizeof(unsigned int))
        if self.slots == NULL:
            with gil:
                raise MemoryError
        memset(self.slots, 0, self.slot_count * sizeof(unsigned int))
        for number in range(self.count):
            slot = self.items[number].hash & (self.slot_count - 1)
            for probe in range(LONGEST_PROBE):
                if self.slots[slot] == 0:
                    self.slots[slot] = number + 1
                    break
                slot = (slot + 1) & (self.slot_count - 1)
        return 0


cdef unsigned long long _hash(const unsigned char* data, Py_ssize_t size) noexcept nogil:
    cdef unsigned long long hash = SEED ^ <unsigned long long> size * 0x9E3779B97F4A7C15ULL
    cdef unsigned long long word
    cdef Py_ssize_t position = 0
    while position + 8 <= size:
        hash = _mix(hash ^ load64(data, position))
        position += 8
    word = 0
    memcpy(&word, data + position, size - position)
    return _mix(hash ^ word)


cdef inline unsigned long long _mix(unsigned long long hash) noexcept nogil:
    hash ^= hash >> 32
    hash *= 0xD6E8FEB86659FD93ULL
    return hash ^ hash >> 29


cdef unsigned char* _spare = NULL  # the memory of the last large buffer: blocks are as large as each other, and fresh
cdef Py_ssize_t _spare_capacity = 0  # pages cost more than what is written to them
cdef Py_ssize_t WORTH_KEEPING = 1 << 20


cdef class Buffer:
    """Bytes that are appended; `capacity` is a guess that saves copies."""

    def __cinit__(self, Py_ssize_t capacity = 4096):
        global _spare, _spare_capacity
        if WORTH_KEEPING <= capacity <= _spare_capacity:
            self.items, self.capacity = _spare, _spare_capacity
            _spare, _spare_capacity = NULL, 0
        else:
            self.items, self.capacity = <unsigned char*> malloc(max(capacity, 1)), capacity
        if self.items == NULL:
            raise MemoryError

    def __dealloc__(self):
        global _spare, _spare_capacity
        if WORTH_KEEPING <= self.capacity and _spare_capacity < self.capacity:
            self.items, _spare = _spare, self.items
            _spare_capacity = self.capacity
        free(self.items)

    cdef int grow(self, Py_ssize_t size) except -1 nogil:
        """Make room for `size` more bytes."""
        cdef Py_ssize_t capacity = 2 * self.capacity + size
        if self.views:
            with gil:
                raise BufferError("a buffer that is being read cannot grow")
        cdef unsigned char* items = <unsigned char*> realloc(self.items, capacity)
        if items == NULL:
            with gil:
                raise MemoryError
        self.items = items
        self.capacity = capacity
        return 0

    def __len__(self):
        return self.size

    def view(self):
        """What was written, without a copy. While it is in use nothing can be added."""
        return memoryview(self)

    def __getbuffer__(self, Py_buffer* view, int flags):
        PyBuffer_FillInfo(view, self, self.items, self.size, 1, flags)
        self.views += 1

    def __releasebuffer__(self, Py_buffer* view):
        self.views -= 1


cdef class Doubles:
    """Writes doubles in the shortest form that reads back the same, as Python does. Agents send the same few again and
    again: the last ones are kept, since making a text of one needs the GIL.
    """

    cdef int put(self, Buffer buffer, unsigned long long bits) except -1 nogil:
        cdef Py_ssize_t slot = _mix(bits) & 255
        if self.bits[slot] != bits or self.sizes[slot] == 0:
            with gil:
                self._keep(slot, bits)
        return put_bytes(buffer, self.texts[slot], 0, self.sizes[slot])

    def _keep(self, Py_ssize_t slot, unsigned long long bits):
        cdef double value
        memcpy(&value, &bits, 8)
        text = repr(value).encode()
        self.bits[slot] = bits
        self.sizes[slot] = len(text)
        memcpy(self.texts[slot], <const unsigned char*> text, len(text))


cdef Py_ssize_t first_invalid_of(const unsigned char* data, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """`first_invalid` of any bytes: those that are long, or not ASCII."""
    cdef Py_ssize_t position = start
    cdef Py_ssize_t size
    while position < end:
        if position + 64 <= end and not _any_high(data, position):
            position += 64
        elif position + 8 <= end and not load64(data, position) & 0x8080808080808080ULL:
            position += 8
        elif data[position] < 0x80:
            position += 1
        else:
            size = _character(data, position, end)
            if size == 0:
                return position
            position += size
    return end


cdef inline bint _any_high(const unsigned char* data, Py_ssize_t position) noexcept nogil:
    """Whether one of the next 64 bytes is not ASCII."""
    cdef unsigned long long bits = 0
    cdef Py_ssize_t index
    for index in range(0, 64, 8):
        bits |= load64(data, position + index)
    return bits & 0x8080808080808080ULL != 0


cdef inline Py_ssize_t _character(const unsigned char* data, Py_ssize_t position, Py_ssize_t end) noexcept nogil:
    """The size of the character of several bytes at `position`; 0 if there is none."""
    cdef unsigned char lead = data[position]
    cdef unsigned char second
    cdef Py_ssize_t size = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    cdef Py_ssize_t index
    if lead < 0xC2 or lead > 0xF4 or position + size > end:
        return 0
    for index in range(1, size):
        if data[position + index] & 0xC0 != 0x80:
            return 0
    second = data[position + 1]
    if lead == 0xE0 and second < 0xA0 or lead == 0xED and second > 0x9F:
        return 0
    if lead == 0xF0 and second < 0x90 or lead == 0xF4 and second > 0x8F:
        return 0
    return size


cdef bint contains(
    const unsigned char* data, Py_ssize_t start, Py_ssize_t end, const unsigned char* part, Py_ssize_t size
) noexcept nogil:
    """Whether `part`, of `size` bytes, stands somewhere between `start` and `end`."""
    cdef const unsigned char* found
    while end - start >= size:
        found = <const unsigned char*> memchr(data + start, part[0], end - start - size + 1)
        if found == NULL:
            return False
        if memcmp(found, part, size) == 0:
            return True
        start = found - data + 1
    return False
