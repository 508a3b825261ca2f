"""The OpenTelemetry Collector and Spanwise read each other's topics (`otlp_proto`), and the spans are the same.

`make otelcol` builds the Collector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from tests.brokers.cluster import Cluster
from tests.exporting import export
from tests.opentelemetry_collector import otelcol
from tests.processes import accepts, free_port
from tests.requests import attribute, chat, request, request_bytes, span
from tests.scenarios.deployment import deployment
from tests.waiting import wait_until

WRITING = """
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: "{otlp}"}}}}}}
exporters:
  kafka:
    brokers: [{broker}]
    traces: {{topic: {topic}, encoding: otlp_proto}}
    producer: {{compression: zstd}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{traces: {{receivers: [otlp], exporters: [kafka]}}}}
"""
READING = """
receivers:
  kafka:
    brokers: [{broker}]
    group_id: theirs
    initial_offset: earliest
    traces: {{topics: [{topic}], encoding: otlp_proto}}
exporters:
  otlp: {{endpoint: "{otlp}", tls: {{insecure: true}}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{traces: {{receivers: [kafka], exporters: [otlp]}}}}
"""

pytestmark = pytest.mark.usefixtures("collector_program")


def rich_span() -> Span:
    """One that uses what OTLP has."""
    values = {"text": "wörd", "number": -7, "share": 0.5, "yes": True, "bytes": b"\x00\xff", "list": ["a", 1]}
    made = span(
        "rich",
        *(attribute(name, value) for name, value in values.items()),
        parent_span_id=bytes(range(8)),
        trace_state="a=1",
        kind=Span.SPAN_KIND_CLIENT,
    )
    made.events.add(name="event", time_unix_nano=made.start_time_unix_nano, attributes=[attribute("at", 1)])
    made.links.add(trace_id=bytes(range(16)), span_id=bytes(range(1, 9)), attributes=[attribute("to", "it")])
    made.status.code, made.status.message = made.status.STATUS_CODE_ERROR, "broken"
    return made


class _Kept(TraceServiceServicer):
    def __init__(self) -> None:
        self.received: list[ResourceSpans] = []

    def Export(self, request: ExportTraceServiceRequest, _: object) -> ExportTraceServiceResponse:  # noqa: N802
        self.received += request.resource_spans
        return ExportTraceServiceResponse()


@contextmanager
def backend(address: str) -> Iterator[list[ResourceSpans]]:
    """Keeps what is exported to it."""
    kept = _Kept()
    server = grpc.server(futures.ThreadPoolExecutor(1))
    add_TraceServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]  # generated without types
    server.add_insecure_port(address)
    server.start()
    try:
        yield kept.received
    finally:
        server.stop(None)


def test_what_its_exporter_writes_is_stored(cluster: Cluster, tmp_path: Path) -> None:
    otlp = f"127.0.0.1:{free_port()}"
    settings = {"SPANWISE_KAFKA__SPANS_TOPIC": "otlp_spans_written", "SPANWISE_ORG": "acme"}
    with deployment(cluster, tmp_path, "written.", settings) as deployed:
        deployed.add("store", "store")
        configuration = WRITING.format(otlp=otlp, broker=cluster.addresses[0], topic="otlp_spans_written")
        sent = [rich_span(), *(span() for _ in range(500)), chat("ada", "Remember that I prefer metric units.")]
        with otelcol(tmp_path, configuration, lambda: accepts(otlp)), grpc.insecure_channel(otlp) as channel:
            export(channel, request_bytes(*sent[:250]))
            export(channel, request_bytes(*sent[250:]))
            deployed.until_stored({one.span_id.hex() for one in sent})
        (row,) = deployed.rows(
            "SELECT Org, ServiceName, ParentSpanId, TraceState, SpanKind, StatusCode, StatusMessage, "
            "SpanAttributes['text'], SpanAttributes['number'], SpanAttributes['bytes'], Events.Name, Links.TraceId "
            "FROM otel_traces WHERE SpanName = 'rich'"
        )
        assert tuple(row) == (
            *("acme", "test", "0001020304050607", "a=1", "Client", "Error", "broken", "wörd", "-7", "AP8="),
            *(["event"], ["000102030405060708090a0b0c0d0e0f"]),
        )
        assert deployed.rows("SELECT UserId FROM otel_traces WHERE UserId != ''") == [("ada",)]


def test_its_receiver_reads_what_ours_was_sent(cluster: Cluster, tmp_path: Path) -> None:
    otlp = f"127.0.0.1:{free_port()}"
    sent = [request(rich_span(), *(span() for _ in range(100))), request(*(span() for _ in range(20_000)))]
    with deployment(cluster, tmp_path, "read.") as deployed:
        deployed.add("receive", "receive")
        with grpc.insecure_channel(deployed.receiver, [("grpc.max_send_message_length", -1)]) as channel:
            for one in sent:  # the second is cut into several records
                export(channel, one.SerializeToString())
        configuration = READING.format(otlp=otlp, broker=cluster.addresses[0], topic="read.spans")
        with backend(otlp) as received, otelcol(tmp_path, configuration, _said(tmp_path, "Everything is ready")):
            wait_until(lambda: len(_spans(received)) >= 20_101, 60)
    assert _sorted(_spans(received)) == _sorted(_spans([part for one in sent for part in one.resource_spans]))
    assert {part.resource.SerializeToString() for part in received} == {
        sent[0].resource_spans[0].resource.SerializeToString()
    }
    assert {part.scope_spans[0].scope.name for part in received} == {"tests.scope"}


def _said(directory: Path, words: str) -> Callable[[], bool]:
    log = directory / "otelcol.log"
    return lambda: log.exists() and words in log.read_text()


def _spans(parts: list[ResourceSpans]) -> list[Span]:
    return [one for part in parts for scope in part.scope_spans for one in scope.spans]


def _sorted(spans: list[Span]) -> list[bytes]:
    for one in spans:
        one.status.SetInParent()  # where there was none, the Collector writes an empty one
    return sorted(one.SerializeToString(deterministic=True) for one in spans)
