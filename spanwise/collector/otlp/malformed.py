"""What is wrong with bytes that are no OTLP request: which field, at which byte."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.errors import Rejected

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
MAX_DEPTH = 100
"""Protobuf's own limit for messages inside messages."""
LONGEST_TAG, LONGEST_NUMBER = 5, 10
"""Bytes of a varint; a length is as long as a tag."""
MAX_FIELD_NUMBER = 2**29 - 1


class Malformed(Rejected):
    """The request at `index` is no `ExportTraceServiceRequest`."""

    def __init__(self, index: int, problem: str) -> None:
        super().__init__(f"not an OTLP ExportTraceServiceRequest: {problem}")
        self.index = index


class _Problem(Exception):
    """Where and why the walk through the bytes could not go on."""


def complaint(data: bytes) -> str:
    """What is wrong with `data`, found by a second, slow walk; empty if that finds nothing."""
    try:
        _walk(memoryview(data), 0, len(data), ExportTraceServiceRequest.DESCRIPTOR, ())
    except _Problem as problem:
        return str(problem)
    return ""


def _walk(data: memoryview, start: int, end: int, message: Descriptor, path: Sequence[str]) -> None:
    if len(path) > MAX_DEPTH:
        raise _Problem(f"messages nested more than {MAX_DEPTH} deep at byte {start}")
    seen: dict[str, int] = {}
    position = start
    while position < end:
        at = position
        tag, position = _varint(data, position, end, path, LONGEST_TAG)
        field = message.fields_by_number.get(tag >> 3)
        name = _name(field, tag, seen)
        position, value_end = _value(data, position, end, tag, [*path, name], at)
        if field is not None and tag & 7 == LENGTH:
            _check(data, position, value_end, field, [*path, name])
        position = value_end


def _name(field: FieldDescriptor | None, tag: int, seen: dict[str, int]) -> str:
    if field is None:
        return f"field {tag >> 3}"
    index = seen[field.name] = seen.get(field.name, -1) + 1
    return f"{field.name}[{index}]" if field.is_repeated else field.name


def _value(data: memoryview, position: int, end: int, tag: int, path: Sequence[str], at: int) -> tuple[int, int]:
    """Where the field's value starts and ends."""
    wire_type = tag & 7
    if not 0 < tag >> 3 <= MAX_FIELD_NUMBER:
        raise _Problem(f"{_where(path[:-1], at)}: field number {tag >> 3}")
    if wire_type == VARINT:
        return position, _varint(data, position, end, path, LONGEST_NUMBER)[1]
    if wire_type == LENGTH:
        length, position = _varint(data, position, end, path, LONGEST_TAG)
    elif wire_type in (FIXED64, FIXED32):
        length = 8 if wire_type == FIXED64 else 4
    else:
        raise _Problem(f"{_where(path, at)}: wire type {wire_type} is not valid here")
    if position + length > end:
        raise _Problem(f"{_where(path, at)}: {length:,} bytes announced, only {end - position:,} left")
    return position, position + length


def _check(data: memoryview, start: int, end: int, field: FieldDescriptor, path: Sequence[str]) -> None:
    if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type is not None:
        _walk(data, start, end, field.message_type, path)
    elif field.type == FieldDescriptor.TYPE_STRING:
        try:
            bytes(data[start:end]).decode()
        except UnicodeDecodeError as error:
            raise _Problem(f"{_where(path, start + error.start)}: invalid UTF-8") from None


def _varint(data: memoryview, position: int, end: int, path: Sequence[str], longest: int) -> tuple[int, int]:
    value = 0
    for index in range(longest):
        if position + index >= end:
            raise _Problem(f"{_where(path, position)}: the data end inside a number")
        byte = data[position + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, position + index + 1
    raise _Problem(f"{_where(path, position)}: a number longer than {longest} bytes")


def _where(path: Sequence[str], position: int) -> str:
    return f"{'.'.join(path) or 'request'} at byte {position:,}"
