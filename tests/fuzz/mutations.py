"""Mutations of protobuf messages: of their structure, with the lengths around it kept right, and of their bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from random import Random
from typing import TypeAlias

Field: TypeAlias = tuple[int, int, int, int]
"""A field's tag, and where in its message it begins, its value begins, and it ends."""

BAD_UTF8 = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80", b"\xf0\x9f\x98")
GOOD_UTF8 = (b"\xc2\x80", b"\xed\x9f\xbf", b"\xf4\x8f\xbf\xbf", "€".encode(), "😀".encode())
DEEP = (30, 45, 90, 99, 100, 101, 150)
"""Levels of nesting; protobuf takes a hundred messages."""
SHORT = [bytes([value]) for value in range(0x80)]


def varint(value: int, size: int = 1) -> bytes:
    """The number in at least so many bytes: protobuf takes longer forms than are needed, up to ten bytes."""
    if value < 0x80 and size == 1:
        return SHORT[value]
    encoded = bytearray()
    while value >= 0x80 or len(encoded) + 1 < size:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def message(tag: int, body: bytes) -> bytes:
    return varint(tag) + varint(len(body)) + body


@lru_cache(maxsize=100_000)
def fields(data: bytes) -> Sequence[Field]:
    """The fields of a message, as far as it can be read. Most are those of messages that were not mutated yet."""
    found: list[Field] = []
    position = 0
    while position < len(data):
        start = position
        tag, position = _read(data, position)
        value = position
        wire_type = tag & 7
        if wire_type == 2:
            size, value = _read(data, position)
            position = value + size
        elif wire_type == 0:
            _, position = _read(data, position)
        elif wire_type in (1, 5):
            position += 8 if wire_type == 1 else 4
        else:
            break
        if position > len(data):
            break
        found.append((tag, start, value, position))
    return found


def _read(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data) and shift < 64:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            break
        shift += 7
    return value, position


def mutated(data: bytes, other: bytes, random: Random) -> bytes:
    """`data` after a few mutations, some of them with parts of `other`."""
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        data = _in_structure(data, other, random) if random.random() < 0.8 else nearby(data, random)
    return data


def nearby(data: bytes, random: Random) -> bytes:
    """`data` with a few bytes changed, added or lost."""
    return random.choice(ON_BYTES)(data, random)


def _in_structure(data: bytes, other: bytes, random: Random) -> bytes:
    """A mutation of one field somewhere inside; the messages around it get the lengths that they need then."""
    found = fields(data)
    if not found:
        return data + random.choice(UNKNOWN)
    tag, start, value, end = random.choice(found)
    if tag & 7 == 2 and end > value and random.random() < 0.75:
        return data[:start] + message(tag, _in_structure(data[value:end], other, random)) + data[end:]
    field = data[start:end]
    return data[:start] + random.choice(ON_FIELDS)(tag, field, data[value:end], other, random) + data[end:]


def _removed(_tag: int, _field: bytes, _value: bytes, _other: bytes, _random: Random) -> bytes:
    return b""


def _doubled(tag: int, field: bytes, value: bytes, other: bytes, random: Random) -> bytes:
    return field + random.choice(ON_FIELDS)(tag, field, value, other, random)


def _of_another_type(tag: int, _field: bytes, value: bytes, _other: bytes, random: Random) -> bytes:
    return varint(tag & ~7 | random.randrange(8)) + value


def _of_another_number(_tag: int, field: bytes, _value: bytes, _other: bytes, random: Random) -> bytes:
    return bytes([random.randrange(256)]) + field[1:]


def _in_a_longer_form(tag: int, _field: bytes, value: bytes, _other: bytes, random: Random) -> bytes:
    size = random.randrange(1, 12)
    if tag & 7 == 2:
        return varint(tag, random.randrange(1, 7)) + varint(len(value), size) + value
    return varint(tag, random.randrange(1, 7)) + (varint(_read(value, 0)[0], size) if tag & 7 == 0 else value)


def _of_another_length(tag: int, _field: bytes, value: bytes, _other: bytes, random: Random) -> bytes:
    length = random.choice((len(value) - 1, len(value) + 1, 0, 127, 128, 2**31 - 1, 2**31, 2**32, 2**63, 2**64 - 1))
    return varint(tag) + varint(max(length, 0)) + value


def _as_a_group(tag: int, field: bytes, _value: bytes, _other: bytes, random: Random) -> bytes:
    ends = random.choice((tag >> 3, tag >> 3, tag >> 3, 1))
    return varint(tag & ~7 | 3) + field + varint(ends << 3 | 4)


def _with_text(tag: int, _field: bytes, value: bytes, _other: bytes, random: Random) -> bytes:
    at = random.randrange(len(value) + 1)
    return message(tag & ~7 | 2, value[:at] + random.choice(BAD_UTF8 + GOOD_UTF8) + value[at:])


def _nested(tag: int, _field: bytes, _value: bytes, _other: bytes, random: Random) -> bytes:
    return message(tag & ~7 | 2, _deep(random.choice(DEEP), random.choice(NESTS)))


@cache
def _deep(levels: int, nest: Callable[[bytes], bytes]) -> bytes:
    body = b"\x0a\x01x"
    for _ in range(levels):
        body = nest(body)
    return body


NESTS: Sequence[Callable[[bytes], bytes]] = (
    lambda body: message(0x2A, message(0x0A, body)),  # an array in an array
    lambda body: message(0x32, message(0x0A, b"\x0a\x01k" + message(0x12, body))),  # a list of pairs in one
    lambda body: b"\x53" + body + b"\x54",  # a group in a group
    lambda body: message(0x12, body),
)


def _from_elsewhere(_tag: int, field: bytes, _value: bytes, other: bytes, random: Random) -> bytes:
    found = fields(other)
    while found:
        tag, start, value, end = random.choice(found)
        if tag & 7 != 2 or random.random() < 0.3:
            return other[start:end]
        other = other[value:end]
        found = fields(other)
    return field


def _before_something_unknown(_tag: int, field: bytes, _value: bytes, _other: bytes, random: Random) -> bytes:
    return field + random.choice(UNKNOWN)


UNKNOWN = (
    *(b"\xf8\x3f\x01", b"\xf9\x3f12345678", b"\xfa\x3f\x02ab", b"\xfd\x3f1234", b"\xfb\x3f\x08\x01\xfc\x3f"),
    *(b"\x00", b"\x07", b"\x04", b"\xff\xff\xff\xff\x0f\x00", b"\xff\xff\xff\xff\x1f", b"\x80\x80\x80\x80\x80\x01"),
)
"""Fields that no message has, of all wire types, and some that cannot be."""

ON_FIELDS: Sequence[Callable[[int, bytes, bytes, bytes, Random], bytes]] = (
    *(_removed, _doubled, _of_another_type, _of_another_number, _in_a_longer_form, _of_another_length),
    *(_as_a_group, _with_text, _nested, _from_elsewhere, _from_elsewhere, _before_something_unknown),
)


def _flipped(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + bytes([byte ^ 1 << random.randrange(8) for byte in data[at : at + 1]]) + data[at + 1 :]


def _truncated(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _with_noise(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.randbytes(random.randrange(5)) + data[at:]


def _without_a_piece(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + data[at + random.randrange(5) :]


ON_BYTES: Sequence[Callable[[bytes, Random], bytes]] = (
    *(_flipped, _flipped, _flipped, _flipped, _truncated, _with_noise, _without_a_piece),
)
