"""What `native` is in C, for an installation without a C compiler: the same source above it then runs interpreted."""

from __future__ import annotations

import enum
import struct
import warnings
from typing import Any


class Kind(enum.IntEnum):
    """Which member of `AnyValue` is set."""

    NOTHING, STRING, BOOLEAN, INTEGER, DOUBLE, ARRAY, KEY_VALUES, BYTES, UNREAD = range(9)


NOTHING, STRING, BOOLEAN, INTEGER, DOUBLE, ARRAY, KEY_VALUES, BYTES, UNREAD = Kind


class SlowInstallation(UserWarning):
    """Spanwise was installed without a C compiler."""


warnings.warn(
    "Spanwise runs without its compiled modules, so that taking spans in is more than a hundred times slower: "
    "install a wheel, or a C compiler and then Spanwise again",
    SlowInstallation,
    stacklevel=2,
)


class Entry:
    """A C structure: any fields, all zero at first."""

    def __getattr__(self, name: str) -> Any:
        return 0


class Table:
    """An array of structures."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.count = 0

    def add(self) -> Any:
        self.items.append(Entry())
        self.count += 1
        return self.items[-1]

    def at(self, index: int) -> Any:
        return self.items[index]


Requests = Resources = Scopes = Spans = Events = Links = Attributes = Table


class Numbers:
    """An array of integers, all zero at first."""

    def __init__(self, count: int = 0) -> None:
        self.items = [0] * count

    @property
    def count(self) -> int:
        return len(self.items)

    def resize(self, count: int) -> None:
        self.items[:] = [*self.items[:count], *[0] * (count - len(self.items))]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> int:
        return self.items[index]

    def __setitem__(self, index: int, value: int) -> None:
        self.items[index] = value


class Names:
    """Byte strings, numbered in the order in which they are first seen."""

    def __init__(self) -> None:
        self.items: list[bytes] = []
        self._numbers: dict[bytes, int] = {}

    @property
    def count(self) -> int:
        return len(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, number: int) -> bytes:
        return self.items[number]

    def texts(self) -> list[str]:
        return [name.decode() for name in self.items]

    def number(self, data: bytes, start: int, end: int) -> int:
        name = bytes(data[start:end])
        if name not in self._numbers:
            self._numbers[name] = len(self.items)
            self.items.append(name)
        return self._numbers[name]

    def number_of_copy(self, data: bytes, start: int, end: int) -> int:
        return self.number(data, start, end)

    def next_number(self, _previous: int, data: bytes, start: int, end: int) -> int:
        return self.number(data, start, end)

    def is_name(self, number: int, data: bytes, start: int, end: int) -> bool:
        return number < len(self.items) and self.items[number] == data[start:end]


class Buffer:
    """Bytes that are appended."""

    def __init__(self, _capacity: int = 0) -> None:
        self.items = bytearray()

    @property
    def size(self) -> int:
        return len(self.items)

    @size.setter
    def size(self, size: int) -> None:
        del self.items[size:]

    def __len__(self) -> int:
        return len(self.items)

    def view(self) -> memoryview:
        return memoryview(self.items)

    def __bytes__(self) -> bytes:
        return bytes(self.items)


class Doubles:
    """Writes doubles in the shortest form that reads back the same."""

    def put(self, buffer: Buffer, bits: int) -> None:
        buffer.items += repr(struct.unpack("<d", struct.pack("<Q", bits))[0]).encode()


def put_byte(buffer: Buffer, value: int) -> None:
    buffer.items.append(value)


def put_bytes(buffer: Buffer, data: bytes | bytearray, start: int, end: int) -> None:
    buffer.items += data[start:end]


def put_text(buffer: Buffer, data: bytes | bytearray, start: int, end: int) -> None:
    put_length(buffer, end - start)
    buffer.items += data[start:end]


def put_id(buffer: Buffer, data: bytes, start: int, end: int) -> None:
    put_length(buffer, 2 * (end - start))
    buffer.items += data[start:end].hex().encode()


def put_length(buffer: Buffer, value: int) -> None:
    while value >= 0x80:
        buffer.items.append(value & 0x7F | 0x80)
        value >>= 7
    buffer.items.append(value)


def put_number(buffer: Buffer, value: int, width: int) -> None:
    buffer.items += (value & (1 << 8 * width) - 1).to_bytes(width, "little")


def put_name(buffer: Buffer, names: Names, number: int) -> None:
    put_length(buffer, len(names[number]))
    buffer.items += names[number]


def put_name_only(buffer: Buffer, names: Names, number: int) -> None:
    buffer.items += names[number]


def put_many(buffer: Buffer, data: bytes | bytearray, start: int, end: int, times: int) -> None:
    buffer.items += bytes(data[start:end]) * times


def put_again(buffer: Buffer, start: int, times: int) -> None:
    buffer.items += buffer.items[start:] * times


def put_chosen(buffer: Buffer, numbers: list[int], count: int, table: list[int], width: int) -> None:
    for number in numbers[:count]:
        put_number(buffer, table[number], width)


def put_integer(buffer: Buffer, number: int) -> None:
    buffer.items += str(number - (1 << 64) if number >> 63 else number).encode()


def put_repeated(buffer: Buffer, value: int, times: int) -> None:
    buffer.items += bytes([value]) * times


def first_invalid(data: bytes, start: int, end: int) -> int:
    try:
        data[start:end].decode()
    except UnicodeDecodeError as error:
        return start + error.start
    return end


def load64(data: bytes, position: int) -> int:
    return int.from_bytes(data[position : position + 8], "little")


def load32(data: bytes, position: int) -> int:
    return int.from_bytes(data[position : position + 4], "little")


def signed32(value: int) -> int:
    value &= 0xFFFF_FFFF
    return value - (1 << 32) if value >> 31 else value


def unsigned32(value: int) -> int:
    return value & 0xFFFF_FFFF


def unsigned64(value: int) -> int:
    return value & 0xFFFF_FFFF_FFFF_FFFF


def contains(data: bytes, start: int, end: int, part: bytes, _size: int) -> bool:
    return part in data[start:end]


def is_zero(data: bytes, start: int, end: int) -> bool:
    return not any(data[start:end])
