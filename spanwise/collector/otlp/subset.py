"""Some spans of a request, as a request: what is kept is kept byte for byte."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

RESOURCE_SPANS, SCOPE_SPANS = b"\x0a", b"\x12"  # their tags


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a message stands in the bytes of a request: `field` is where its tag begins, `start` where what it says."""

    field: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScopeLayout:
    interval: Interval
    spans: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class ResourceLayout:
    interval: Interval
    scopes: Sequence[ScopeLayout]


Layout = Sequence[ResourceLayout]
"""Where the resources, scopes and spans of one request are. `reading.layout` tells."""


def subset(data: bytes, layout: Layout, keep: Container[int]) -> bytes:
    """The request with only the spans whose number (from 0, in their order) is in `keep`.

    Their resources and scopes are kept with all that is in them, unknown fields too; those without a span are left out.
    """
    first = 0
    resources = []
    for resource in layout:
        scopes = []
        for scope in resource.scopes:
            dropped = [span for number, span in enumerate(scope.spans, first) if number not in keep]
            first += len(scope.spans)
            kept = (
                b""
                if len(dropped) == len(scope.spans)
                else message(SCOPE_SPANS, without(data, scope.interval, dropped))
            )
            scopes.append((scope.interval, kept))
        kept = (
            message(RESOURCE_SPANS, _replaced(data, resource.interval, scopes))
            if any(kept for _, kept in scopes)
            else b""
        )
        resources.append((resource.interval, kept))
    return b"".join(_replaced(data, Interval(0, 0, len(data)), resources))


def without(data: bytes, outer: Interval, fields: Iterable[Interval]) -> Iterator[bytes]:
    """What a message says, without some of its fields."""
    return _replaced(data, outer, ((field, b"") for field in fields))


def _replaced(data: bytes, outer: Interval, fields: Iterable[tuple[Interval, bytes]]) -> Iterator[bytes]:
    """What a message says, with some of its fields replaced."""
    position = outer.start
    for field, replacement in fields:
        yield data[position : field.field]
        yield replacement
        position = field.end
    yield data[position : outer.end]


def message(tag: bytes, parts: Iterable[bytes]) -> bytes:
    """A field that holds a message, whose own fields are `parts`."""
    body = b"".join(parts)
    return tag + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
