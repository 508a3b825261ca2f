"""ClickHouse's own compressed blocks, which clients send with `decompress=1` and want with `compress=1`.

One is: CityHash128 of what follows; then a byte for the method, two 32-bit sizes (compressed, with these nine bytes;
and not), and the data. See `CompressedReadBufferBase.cpp` of ClickHouse.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Generator, Iterable, Iterator

import lz4.block
from clickhouse_cityhash.cityhash import CityHash128

from spanwise.collector.store.serve.refusal import Refusal
from spanwise.collector.store.serve.zstandard import zstd

CHECKSUM = struct.Struct("<QQ")
HEADER = struct.Struct("<BII")
MAX_FRAME = 1 << 30
"""As large as a server takes."""
WRITTEN = 1 << 20
"""How much goes into one frame here, as in ClickHouse."""


class Method(enum.IntEnum):
    """How the data of a frame are compressed."""

    STORED = 0x02
    LZ4 = 0x82
    ZSTD = 0x90


def unframed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The data of the frames, one at a time. Raises `Refusal` at the first that is broken."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= CHECKSUM.size + HEADER.size:
            _, compressed, plain = HEADER.unpack_from(waiting, CHECKSUM.size)
            if not HEADER.size <= compressed <= MAX_FRAME or plain > MAX_FRAME:
                raise Refusal(19, "TOO_LARGE_SIZE_COMPRESSED", "a compressed block has an impossible size")
            end = CHECKSUM.size + compressed
            if len(waiting) < end:
                break
            frame = bytes(waiting[:end])
            del waiting[:end]
            yield _data(memoryview(frame))
    if waiting:
        raise Refusal(33, "CANNOT_READ_ALL_DATA", "the last compressed block is cut off")


def _data(frame: memoryview) -> bytes:
    content = frame[CHECKSUM.size :]
    if frame[: CHECKSUM.size] != _checksum(content):
        raise Refusal(40, "CHECKSUM_DOESNT_MATCH", "the checksum of a compressed block does not match its data")
    method, _, plain = HEADER.unpack_from(content)
    data = content[HEADER.size :]
    try:
        match method:
            case Method.LZ4:
                return bytes(lz4.block.decompress(data, uncompressed_size=plain))
            case Method.ZSTD:
                return bytes(zstd.decompress(data))
            case Method.STORED:
                return bytes(data)
    except (lz4.block.LZ4BlockError, zstd.ZstdError, ValueError) as error:
        raise Refusal(271, "CANNOT_DECOMPRESS", f"a compressed block cannot be read: {error}") from None
    raise Refusal(89, "UNKNOWN_COMPRESSION_METHOD", f"a block is compressed by method {method:#x}, not LZ4 or ZSTD")


def framed(data: bytes | memoryview) -> Generator[bytes, None, None]:
    """`data` in frames, with LZ4."""
    with memoryview(data) as view:
        for start in range(0, len(view), WRITTEN):
            piece = view[start : start + WRITTEN]
            compressed = lz4.block.compress(piece, store_size=False)
            content = HEADER.pack(Method.LZ4, HEADER.size + len(compressed), len(piece)) + compressed
            yield _checksum(content) + content


def _checksum(content: bytes | memoryview) -> bytes:
    value: int = CityHash128(content)
    return CHECKSUM.pack(value >> 64, value & (1 << 64) - 1)
