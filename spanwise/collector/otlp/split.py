"""One request as several that are small enough for a record of the bus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spanwise.collector.otlp import reading
from spanwise.collector.otlp.scan import scan
from spanwise.collector.otlp.subset import RESOURCE_SPANS, SCOPE_SPANS, Layout, message, without

FRAME = 6
"""The most bytes that the tag and the length of an embedded message take."""


@dataclass(frozen=True, slots=True)
class Split:
    parts: Sequence[bytes]
    """Requests of at most the limit, with all spans that fit, in their order."""
    spans: int
    """In the parts."""
    faults: Sequence[str]
    """Of each span that fits nowhere, its name and size."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """A scope of a request, with its resource: what both say beside their spans."""

    resource_number: int
    resource: bytes
    number: int
    scope: bytes


def split(data: bytes, limit: int) -> Split:
    """Cut a request between spans; each part has the resource and the scope of its spans. The same data, the same cut.

    Spans, resources and scopes are kept byte for byte. Raises `Malformed` if the request cannot be decoded.
    """
    tape = scan([data])
    (data,) = tape.data  # where something stood twice, not the same
    parts, faults = [_Part()], []
    for row, (scope, span) in enumerate(_spans(data, reading.layout(tape))):
        if (alone := _Part().cost(scope, span)) > limit:
            name = reading.identity(tape, row)[0][:100]
            faults.append(f"{name!r}: {alone:,} bytes with its resource, and a record takes {limit:,}")
            continue
        if parts[-1].size + parts[-1].cost(scope, span) > limit:
            parts.append(_Part())
        parts[-1].add(scope, span)
    filled = [part.to_bytes() for part in parts if part.size]
    return Split(filled, len(tape) - len(faults), faults)


class _Part:
    """A request that grows."""

    def __init__(self) -> None:
        self.size = 0
        """At most, in bytes."""
        self._scopes: list[tuple[_Scope, list[bytes]]] = []

    def cost(self, scope: _Scope, span: bytes) -> int:
        """How many bytes the span adds, at most."""
        last = self._scopes[-1][0] if self._scopes else None
        again = 0 if last and last.resource_number == scope.resource_number else FRAME + len(scope.resource)
        again += 0 if last and last.number == scope.number else FRAME + len(scope.scope)
        return again + len(span)

    def add(self, scope: _Scope, span: bytes) -> None:
        self.size += self.cost(scope, span)
        if not self._scopes or self._scopes[-1][0].number != scope.number:
            self._scopes.append((scope, []))
        self._scopes[-1][1].append(span)

    def to_bytes(self) -> bytes:
        resources: dict[int, list[bytes]] = {}
        for scope, spans in self._scopes:
            of_resource = resources.setdefault(scope.resource_number, [scope.resource])
            of_resource.append(message(SCOPE_SPANS, [scope.scope, *spans]))
        return b"".join(message(RESOURCE_SPANS, fields) for fields in resources.values())


def _spans(data: bytes, layout: Layout) -> Iterator[tuple[_Scope, bytes]]:
    """The bytes of every span, with its scope."""
    number = 0
    for resource_number, resource in enumerate(layout):
        of_resource = b"".join(without(data, resource.interval, [scope.interval for scope in resource.scopes]))
        for scope in resource.scopes:
            number += 1
            of_scope = b"".join(without(data, scope.interval, scope.spans))
            place = _Scope(resource_number, of_resource, number, of_scope)
            for span in scope.spans:
                yield place, data[span.field : span.end]
