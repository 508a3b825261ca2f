"""The scan accepts what protobuf accepts; what it refuses, it refuses with the field and the byte position."""

from __future__ import annotations

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.errors import Rejected
from spanwise.collector.otlp.scan import SPARE, scan
from tests.fuzz.mutations import message
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


@pytest.mark.parametrize(("spans", "accepted"), [(SPARE, True), (SPARE + 2_000, False)])
def test_only_a_request_of_thousands_of_empty_spans_is_refused_though_protobuf_takes_it(
    spans: int, accepted: bool
) -> None:
    """The one disagreement: an entry of the tape is much larger than an empty message, so 64 MiB of these would take
    gigabytes. A span without room for its ids cannot be stored anyway.
    """
    data = _field(1, _field(2, b"\x12\x00" * spans))
    assert _accepted_by_protobuf(data)
    if accepted:
        assert len(scan([data])) == spans
    else:
        with pytest.raises(Rejected, match=r"more messages at byte [\d,]+ than [\d,]+ bytes of spans can need"):
            scan([data])


@pytest.mark.parametrize(("size", "accepted"), [(5, True), (6, False)])
def test_a_length_in_more_bytes_than_protobuf_takes_is_found(size: int, accepted: bool) -> None:
    data = b"\x0a" + b"\x80" * (size - 1) + b"\x00"
    assert _accepted_by_protobuf(data) is accepted
    _check(data)


def test_inside_a_group_nothing_but_lengths_is_looked_at() -> None:
    for inside in (b"\x00\x00", b"\x0a\x02\xff\xff", b"\x03\x04"):
        data = b"\x7b" + inside + b"\x7c"
        assert _accepted_by_protobuf(data)
        _check(data)


def _field(number: int, data: bytes) -> bytes:
    return message(number << 3 | 2, data)
