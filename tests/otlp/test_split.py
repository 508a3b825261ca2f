"""A request that is too large for a record becomes several that are not, and nothing of it changes."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.otlp.split import split
from tests.requests import attribute, request, request_bytes, span

SIZES = st.lists(st.lists(st.lists(st.integers(0, 400), max_size=8), max_size=3), max_size=3)
"""Of the texts of the spans of the scopes of the resources."""


def made(sizes: list[list[list[int]]]) -> ExportTraceServiceRequest:
    message = ExportTraceServiceRequest()
    for number, scopes in enumerate(sizes):
        resource = message.resource_spans.add(schema_url=f"resource {number}")
        resource.resource.attributes.append(attribute("service.name", f"service {number}"))
        for scope_number, spans in enumerate(scopes):
            scope = resource.scope_spans.add(schema_url=f"scope {scope_number}")
            scope.scope.name = f"scope {number}.{scope_number}"
            scope.spans.extend(span(f"span {size}", attribute("text", "x" * size)) for size in spans)
    return message


def placed(message: ExportTraceServiceRequest) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Every span as bytes, with the resource and the scope in which it is."""
    for resource in message.resource_spans:
        of_resource = resource.resource.SerializeToString() + resource.schema_url.encode()
        for scope in resource.scope_spans:
            of_scope = scope.scope.SerializeToString() + scope.schema_url.encode()
            for one in scope.spans:
                yield of_resource, of_scope, one.SerializeToString()


@given(SIZES, st.integers(300, 2_000))
def test_every_part_is_small_enough_and_together_they_are_the_request(sizes: list[list[list[int]]], limit: int) -> None:
    message = made(sizes)
    data = message.SerializeToString()
    cut = split(data, limit)
    assert all(len(part) <= limit for part in cut.parts)
    together = [one for part in cut.parts for one in placed(ExportTraceServiceRequest.FromString(part))]
    everything = list(placed(message))
    assert len(together) == cut.spans == len(everything) - len(cut.faults)
    left = iter(everything)
    assert all(one in left for one in together), "in their order"
    assert split(data, limit) == cut, "a repeated request is cut in the same places"


def test_parts_are_filled() -> None:
    data = request_bytes(*(span("work", attribute("text", "x" * 100)) for _ in range(1_000)))
    parts = split(data, 20_000).parts
    assert len(parts) <= len(data) / 20_000 * 1.1 + 1


def test_a_span_that_fits_nowhere_is_named_and_its_neighbours_go_through() -> None:
    message = request(span("small"), span("huge", attribute("text", "x" * 5_000)), span("other"))
    cut = split(message.SerializeToString(), 1_000)
    (fault,) = cut.faults
    assert fault.startswith("'huge': 5,")
    assert fault.endswith("bytes with its resource, and a record takes 1,000")
    names = [one.name for part in cut.parts for resource in ExportTraceServiceRequest.FromString(part).resource_spans
             for scope in resource.scope_spans for one in scope.spans]  # fmt: skip
    assert names == ["small", "other"]
