"""Which traces some spans are of, packed: on the way to the store no Python object stands for a trace."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

ENTRY = struct.Struct("<16sI")
"""A trace's id, and how many of the spans are its."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Traces of one organisation, an `ENTRY` for each."""

    org: str
    packed: bytes

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        return ENTRY.iter_unpack(self.packed)

    def pages(self, size: int) -> Iterator[Traces]:
        """The same in parts of at most `size` traces."""
        step = size * ENTRY.size
        for start in range(0, len(self.packed), step):
            yield Traces(self.org, self.packed[start : start + step])
