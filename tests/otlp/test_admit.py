"""A span that cannot be stored is left out and named; its neighbours go through."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.errors import Rejected
from spanwise.collector.otlp.admit import admit
from tests.requests import request, span


def _names(data: bytes) -> list[str]:
    message = ExportTraceServiceRequest.FromString(data)
    return [one.name for resource in message.resource_spans for scope in resource.scope_spans for one in scope.spans]


def test_a_request_without_fault_is_passed_on_unchanged() -> None:
    data = request(span("a"), span("b")).SerializeToString() + b"\xf8\x3f\x01"  # and a field that nobody knows
    admission = admit(data)
    assert admission.data is data
    assert (admission.spans, admission.rejected, admission.message) == (2, 0, "")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"trace_id": b""}, "trace_id has 0 bytes instead of 16"),
        ({"trace_id": b"x" * 8}, "trace_id has 8 bytes instead of 16"),
        ({"trace_id": bytes(16)}, "trace_id is all zeros"),
        ({"span_id": b"x" * 16}, "span_id has 16 bytes instead of 8"),
        ({"span_id": bytes(8)}, "span_id is all zeros"),
        ({"parent_span_id": b"abc"}, "parent_span_id has 3 bytes instead of 8"),
        ({"start": 2**64 - 1}, "start_time_unix_nano is after the year 2262"),
    ],
)
def test_a_bad_span_is_named_and_its_neighbours_are_kept(fields: dict[str, Any], fault: str) -> None:
    admission = admit(request(span("before"), span("bad", **fields), span("after")).SerializeToString())
    assert _names(admission.data) == ["before", "after"]
    assert (admission.spans, admission.rejected) == (2, 1)
    assert f"'bad': {fault}" in admission.message


def test_a_parent_of_zeros_is_no_parent() -> None:
    assert admit(request(span(parent_span_id=bytes(8))).SerializeToString()).rejected == 0


def test_many_bad_spans_are_counted_and_five_are_named() -> None:
    admission = admit(request(*(span(f"s{n}", trace_id=b"") for n in range(1000))).SerializeToString())
    assert (admission.spans, admission.rejected) == (0, 1000)
    assert "and 995 more" in admission.message
    assert len(admission.message) < 1000


def test_an_empty_request_is_nothing_to_complain_about() -> None:
    admission = admit(b"")
    assert (admission.spans, admission.rejected, admission.message) == (0, 0, "")


def test_what_is_no_request_is_refused() -> None:
    with pytest.raises(Rejected, match="not an OTLP ExportTraceServiceRequest"):
        admit(b"\xff")
