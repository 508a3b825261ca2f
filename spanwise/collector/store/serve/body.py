"""The bytes of a request, as they come and decompressed: piece by piece, so that a large body is in memory once."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import lz4.frame

from spanwise.collector.store.serve.frames import unframed
from spanwise.collector.store.serve.refusal import Refusal
from spanwise.collector.store.serve.zstandard import zstd

PIECE = 1 << 20
"""Bytes that a decompressor gives at once: a small body can hold a very large one."""


class Decompressor(Protocol):
    """As of `bz2`, `lzma` and the libraries that follow them."""

    def decompress(self, data: bytes, max_length: int) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...


class _Zlib:
    """zlib's decompressor in the shape of the others; takes gzip and deflate (with zlib's header)."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=47)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


ENCODINGS: dict[str, Callable[[], Decompressor]] = {
    "gzip": _Zlib,
    "deflate": _Zlib,
    "zstd": zstd.ZstdDecompressor,
    "lz4": lz4.frame.LZ4FrameDecompressor,
}


def drained(chunks: deque[bytes]) -> Iterator[bytes]:
    """The chunks, each let go of when the next is asked for."""
    while chunks:
        yield chunks.popleft()


def decoded(chunks: Iterable[bytes], encoding: str, *, frames: bool) -> Iterator[bytes]:
    """The plain bytes of a body in this `Content-Encoding`, and in ClickHouse's `frames` within. Raises `Refusal`."""
    pieces = iter(chunks) if encoding in ("", "identity") else _decompressed(chunks, encoding)
    return unframed(pieces) if frames else pieces


def _decompressed(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise Refusal(89, "UNKNOWN_COMPRESSION_METHOD", f"Content-Encoding {encoding!r} is not taken, but {known} are")
    try:
        yield from _pieces(chunks, ENCODINGS[encoding])
    except (zlib.error, zstd.ZstdError, RuntimeError) as error:  # RuntimeError is what lz4 raises
        raise Refusal(271, "CANNOT_DECOMPRESS", f"the body is not {encoding}: {error}") from None


def _pieces(chunks: Iterable[bytes], new: Callable[[], Decompressor]) -> Iterator[bytes]:
    decompressor, empty = new(), True
    for chunk in chunks:
        data, empty = chunk, False
        while data or not (decompressor.needs_input or decompressor.eof):
            if decompressor.eof:  # several streams, one after the other, are one body
                decompressor = new()
            yield decompressor.decompress(data, PIECE)
            data = (decompressor.unused_data or b"") if decompressor.eof else b""
    if not empty and not decompressor.eof:
        raise Refusal(271, "CANNOT_DECOMPRESS", "the compressed body is cut off")
