"""The scan accepts what protobuf accepts; what it refuses, it refuses with the field and the byte position."""

from __future__ import annotations

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.errors import Rejected
from spanwise.collector.otlp.scan import scan
from tests.requests import any_value, attributes, request, span

VALID = request(span("chat", *attributes({"a": "text", "b": [1, {"c": 2.5}]}))).SerializeToString()


def _accepted_by_protobuf(data: bytes) -> bool:
    try:
        ExportTraceServiceRequest.FromString(data)
    except DecodeError:
        return False
    return True


def _check(data: bytes) -> None:
    """Decoding agrees with protobuf, and a refusal says where."""
    if _accepted_by_protobuf(data):
        scan([data])
    else:
        with pytest.raises(Rejected, match=r"at byte \d"):
            scan([data])


@given(st.integers(0, len(VALID)))
def test_truncated_requests(length: int) -> None:
    _check(VALID[:length])


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    _check(data)


@given(st.integers(0, len(VALID) - 1), st.binary(min_size=1, max_size=4))
def test_damaged_requests(position: int, damage: bytes) -> None:
    _check(VALID[:position] + damage + VALID[position + len(damage) :])


def test_invalid_text_is_found() -> None:
    data = VALID.replace(b"text", b"te\xfft")
    position = data.index(b"te\xfft") + 2
    path = r"resource_spans\[0\].scope_spans\[0\].spans\[0\].attributes\[0\].value.string_value"
    with pytest.raises(Rejected, match=f"{path} at byte {position}: invalid UTF-8"):
        scan([data])


def test_a_length_beyond_the_end_is_found() -> None:
    with pytest.raises(Rejected, match=r"resource_spans\[0\] at byte 0: \d+ bytes announced, only \d+ left"):
        scan([VALID[:-1]])


def test_a_field_number_that_no_message_can_have_is_found() -> None:
    with pytest.raises(Rejected, match="at byte 0: field number"):
        scan([b"\xdb\xc6\xcf\x9d\x4a\x00"])


@pytest.mark.parametrize(("levels", "accepted"), [(40, True), (150, False)])
def test_nesting_is_bounded_by_protobufs_limit(levels: int, accepted: bool) -> None:
    value = any_value("deep").SerializeToString()
    for _ in range(levels):
        value = _field(5, _field(1, value))  # an array with one value in it
    spans = _field(2, _field(2, _field(9, _field(1, b"key") + _field(2, value))))
    if accepted:
        scan([_field(1, spans)])
    else:
        with pytest.raises(Rejected, match="nested more than 100 deep"):
            scan([_field(1, spans)])


def _field(number: int, data: bytes) -> bytes:
    length = bytearray([number << 3 | 2])
    size = len(data)
    while size >= 0x80:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes(length) + bytes([size]) + data
