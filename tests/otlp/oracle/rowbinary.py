"""ClickHouse's RowBinary format: values appended to a buffer. The types are those of `otel_traces`."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

INT64 = struct.Struct("<q")
UINT32 = struct.Struct("<I")
UINT64 = struct.Struct("<Q")
FLOAT64 = struct.Struct("<d")


def put_length(buffer: bytearray, value: int) -> None:
    while value >= 0x80:
        buffer.append(value & 0x7F | 0x80)
        value >>= 7
    buffer.append(value)


def put_text(buffer: bytearray, value: str) -> None:
    data = value.encode()
    if len(data) < 0x80:  # almost all of them: a call less for each
        buffer.append(len(data))
    else:
        put_length(buffer, len(data))
    buffer += data


def put_map(buffer: bytearray, pairs: Sequence[tuple[str, str]]) -> None:
    """A map is a list of pairs; ClickHouse keeps a key that stands twice, and reads the first."""
    put_length(buffer, len(pairs))
    for key, text in pairs:
        put_text(buffer, key)
        put_text(buffer, text)


def put_texts(buffer: bytearray, values: Sequence[str]) -> None:
    put_length(buffer, len(values))
    for value in values:
        put_text(buffer, value)


def put_maps(buffer: bytearray, values: Sequence[Sequence[tuple[str, str]]]) -> None:
    put_length(buffer, len(values))
    for value in values:
        put_map(buffer, value)


def put_times(buffer: bytearray, values: Iterable[int]) -> None:
    times = list(values)
    put_length(buffer, len(times))
    buffer += struct.pack(f"<{len(times)}q", *times)


def put_numbers(buffer: bytearray, values: Sequence[int]) -> None:
    put_length(buffer, len(values))
    buffer += struct.pack(f"<{len(values)}I", *values)


def put_optional_float(buffer: bytearray, value: float | None) -> None:
    buffer.append(value is None)
    if value is not None:
        buffer += FLOAT64.pack(value)
