"""The OpenTelemetry Collector itself writes into `spanwise serve-store`, with its ClickHouse exporter.

Building it takes minutes: `make otelcol` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from tests.exporting import export
from tests.opentelemetry_collector import otelcol
from tests.processes import CollectorProcess, accepts, free_port, store_process
from tests.requests import request_bytes, span

USERS = {"SPANWISE_SERVE_STORE__USERS": '{"exporter": "s3cret"}'}

CONFIGURATION = """
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: "{otlp}"}}}}}}
exporters:
  clickhouse:
    endpoint: http://{store}{parameters}
    username: exporter
    password: s3cret
    database: {database}
    create_schema: {create_schema}
    timeout: 30s
    sending_queue: {{enabled: true, wait_for_result: true}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{traces: {{receivers: [otlp], exporters: [clickhouse]}}}}
"""

pytestmark = pytest.mark.usefixtures("collector_program")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    with store_process(tmp_path_factory.mktemp("server"), USERS) as process:
        yield process


@pytest.mark.parametrize("parameters", ["", "?compress=lz4"])
@pytest.mark.parametrize(("database", "create_schema"), [("theirs", "true"), ("ours", "false")])
def test_its_exporter_writes_here(
    server: CollectorProcess, tmp_path: Path, database: str, create_schema: str, parameters: str
) -> None:
    """Into tables that it makes, and into Spanwise's own."""
    store = server.addresses.query
    if database == "ours":
        ours = CollectorProcess(tmp_path, {"SPANWISE_STORE": f"clickhouse://exporter:s3cret@{store}/ours"})
        assert ours.run("migrate").returncode == 0
    otlp = f"127.0.0.1:{free_port()}"
    configuration = CONFIGURATION.format(
        otlp=otlp, store=store, parameters=parameters, database=database, create_schema=create_schema
    )
    name = f"span {database} {parameters}"
    with otelcol(tmp_path, configuration, lambda: accepts(otlp)), grpc.insecure_channel(otlp) as channel:
        export(channel, request_bytes(*(span(name) for _ in range(1000))))
    client = server.client("exporter", "s3cret")
    rows = client.query(
        f"SELECT count(), any(ServiceName), any(Duration) FROM {database}.otel_traces WHERE SpanName = {{name:String}}",
        {"name": name},
    ).result_rows
    client.close()
    assert rows == [(1000, "test", 1_000_000)]
