"""Words on the disk: in the bytes of files, and in what ClickHouse's compressed blocks hold.

A search of the bytes alone would prove nothing: ZSTD and LZ4 hide a word as soon as a part of it occurred before.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lz4.block

from spanwise.collector.store.serve.frames import CHECKSUM, HEADER, Method
from spanwise.collector.store.serve.zstandard import zstd


def files_with(directory: Path, words: str) -> list[str]:
    """The files below `directory`, by their paths from there, that hold the words, compressed or not."""
    found = []
    for file in sorted(directory.rglob("*")):
        try:
            if file.is_file() and any(words.encode() in text for text in _texts(file.read_bytes())):
                found.append(str(file.relative_to(directory)))
        except FileNotFoundError:  # a part that is removed meanwhile
            continue
    return found


def _texts(data: bytes) -> Iterator[bytes]:
    yield data
    yield b"".join(_blocks(data))  # a word may begin in one block and end in the next


def _blocks(data: bytes) -> Iterator[bytes]:
    """What the blocks of a column's file hold, in order, as far as the file is one."""
    start = CHECKSUM.size
    while start + HEADER.size <= len(data):
        method, compressed, plain = HEADER.unpack_from(data, start)
        content = data[start + HEADER.size : start + compressed]
        try:
            yield _plain(method, content, plain)
        except (ValueError, lz4.block.LZ4BlockError, zstd.ZstdError):
            return  # no file of a column
        start += compressed + CHECKSUM.size


def _plain(method: int, content: bytes, plain: int) -> bytes:
    match method:
        case Method.ZSTD:
            return bytes(zstd.decompress(content))
        case Method.LZ4:
            return bytes(lz4.block.decompress(content, uncompressed_size=plain))
        case Method.STORED | 0x91:  # 0x91: numbers, through several codecs
            return content
    raise ValueError(f"no block: method {method:#x}")
