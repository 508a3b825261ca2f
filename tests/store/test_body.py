"""Bodies in every encoding, however they are cut on the way."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping

import lz4.block
import lz4.frame
import pytest
from clickhouse_cityhash.cityhash import CityHash128
from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.store.serve.body import PIECE, decoded, drained
from spanwise.collector.store.serve.frames import framed
from spanwise.collector.store.serve.refusal import Refusal
from spanwise.collector.store.serve.zstandard import zstd

ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstd.compress,
    "lz4": lz4.frame.compress,
}
ENCODED = [name for name in ENCODERS if name]


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def plain(data: bytes, encoding: str = "", *, frames: bool = False, size: int = 7) -> bytes:
    return b"".join(decoded(cut(data, size), encoding, frames=frames))


def frame(method: int, plain_size: int, data: bytes) -> bytes:
    content = struct.pack("<BII", method, 9 + len(data), plain_size) + data
    value = CityHash128(content)
    return struct.pack("<QQ", value >> 64, value & 2**64 - 1) + content


@pytest.mark.parametrize("encoding", ENCODERS)
@given(parts=st.lists(st.binary()), size=st.integers(1, 50))
def test_several_streams_are_one_body(encoding: str, parts: list[bytes], size: int) -> None:
    body = b"".join(ENCODERS[encoding](part) for part in parts)
    assert plain(body, encoding, size=size) == b"".join(parts)


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_small_body_that_holds_a_large_one_comes_in_pieces(encoding: str) -> None:
    body = ENCODERS[encoding](bytes(20 * PIECE))
    pieces = [len(piece) for piece in decoded([body], encoding, frames=False)]
    assert (sum(pieces), max(pieces)) == (20 * PIECE, PIECE)


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_body_that_is_cut_off_is_refused(encoding: str) -> None:
    with pytest.raises(Refusal, match="cut off"):
        plain(ENCODERS[encoding](b"rows" * 1000)[:-3], encoding)


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_body_that_is_not_what_it_says_is_refused(encoding: str) -> None:
    with pytest.raises(Refusal, match=f"not {encoding}"):
        plain(b"1,plain\n" * 10, encoding)


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(Refusal, match="'br' is not taken, but gzip, deflate, zstd, lz4 are"):
        plain(b"x", "br")


def test_pieces_are_let_go_of() -> None:
    chunks = deque([b"a", b"b"])
    pieces = drained(chunks)
    assert (next(pieces), len(chunks)) == (b"a", 1)


# ClickHouse's own blocks.


@given(data=st.binary(max_size=5000), size=st.integers(1, 50))
def test_what_was_framed_is_read_back(data: bytes, size: int) -> None:
    assert plain(b"".join(framed(data)), frames=True, size=size) == data


def test_large_data_make_several_frames() -> None:
    data = bytes(range(256)) * 10_000
    assert len(list(framed(data))) == 3
    assert plain(b"".join(framed(data)), frames=True, size=65536) == data


def test_every_method() -> None:
    body = (
        frame(0x02, 3, b"one")
        + frame(0x82, 3, lz4.block.compress(b"two", store_size=False))
        + frame(0x90, 5, zstd.compress(b"three"))
    )
    assert plain(body, frames=True) == b"onetwothree"
    assert plain(gzip.compress(body), "gzip", frames=True) == b"onetwothree"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (frame(0x02, 3, b"one")[:-1], "cut off"),
        (b"\x00" * 10, "cut off"),
        (b"\x00" + frame(0x02, 3, b"one")[1:], "checksum"),
        (frame(0x02, 3, b"one")[:-1] + b"E", "checksum"),
        (frame(0x13, 3, b"one"), "method 0x13"),
        (frame(0x82, 3, b"\xff\xff"), "cannot be read"),
        (frame(0x90, 3, b"not zstd"), "cannot be read"),
        (frame(0x02, 2**31, b"one"), "impossible size"),
        (b"\x00" * 16 + struct.pack("<BII", 0x82, 3, 3), "impossible size"),
    ],
)
def test_a_broken_block_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(Refusal, match=complaint):
        plain(body, frames=True)
