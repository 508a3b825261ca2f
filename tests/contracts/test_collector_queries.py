"""Queries written for the OpenTelemetry Collector's tables work as they are.

They are those of its ClickHouse exporter's documentation, and those that Grafana's ClickHouse plugin makes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest_asyncio
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from spanwise.collector.otlp.block import Request, span_rows
from spanwise.collector.store import Block, Store
from tests.requests import attributes, request, span

COLUMNS = """SELECT Timestamp,
       TraceId,
       SpanId,
       ParentSpanId,
       SpanName,
       SpanKind,
       ServiceName,
       Duration,
       StatusCode,
       StatusMessage,
       toString(SpanAttributes),
       toString(ResourceAttributes),
       toString(Events.Name),
       toString(Links.TraceId)
FROM otel_traces
"""
NAME = 4  # its place among these


@dataclass(frozen=True, slots=True)
class Stored:
    """A trace of a service that nobody else uses: a call, and below it one that was slow and failed."""

    store: Store
    service: str
    trace_id: str

    async def names(self, where: str) -> Sequence[str]:
        """The names of the service's spans for which this holds."""
        sql = f"""{COLUMNS}WHERE ServiceName = '{self.service}'
  AND {where}
  AND Timestamp >= NOW() - INTERVAL 1 HOUR
Limit 100;"""
        return [row[NAME] for row in await self.store.query(sql)]


@pytest_asyncio.fixture
async def stored(store: Store, org: str) -> Stored:
    service, trace_id, start = f"service of {org}", os.urandom(16), time.time_ns() - 10**10
    call = span("call", *attributes({"peer.service": "weather"}), trace_id=trace_id, start=start)
    slow = span("slow", trace_id=trace_id, parent_span_id=call.span_id, start=start, end=start + 3 * 10**9)
    slow.status.code, slow.status.message = Status.STATUS_CODE_ERROR, "too slow"
    slow.events.add(name="timeout", time_unix_nano=start + 10**9, attributes=attributes({"after": "1 s"}))
    slow.links.add(trace_id=b"\x02" * 16, span_id=b"\x03" * 8, attributes=attributes({"why": "retry"}))
    payload = request(call, slow, resource={"service.name": service}).SerializeToString()
    rows = span_rows([Request(payload, org, os.urandom(16))], datetime.now(UTC))
    await store.insert(Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows), f"queries of {org}")
    return Stored(store, service, trace_id.hex())


async def test_spans_with_an_attribute(stored: Stored) -> None:
    assert await stored.names("SpanAttributes['peer.service'] = 'weather'") == ["call"]


async def test_spans_that_failed(stored: Stored) -> None:
    assert await stored.names("StatusCode = 'Error'") == ["slow"]


async def test_spans_that_were_slow(stored: Stored) -> None:
    assert await stored.names("Duration > 1 * 1e9") == ["slow"]


async def test_a_trace_by_its_id_and_its_time(stored: Stored) -> None:
    sql = f"""WITH
    '{stored.trace_id}' as trace_id,
    (SELECT min(Start) FROM otel_traces_trace_id_ts WHERE TraceId = trace_id) as start,
    (SELECT max(End) + 1 FROM otel_traces_trace_id_ts WHERE TraceId = trace_id) as end
{COLUMNS}WHERE TraceId = trace_id
  AND Timestamp >= start
  AND Timestamp <= end
Limit 100;"""
    assert sorted(row[NAME] for row in await stored.store.query(sql)) == ["call", "slow"]


async def test_a_trace_whose_time_is_not_widened(stored: Stored) -> None:
    """Jaeger's plugin takes the bounds as they are."""
    sql = f"""SELECT count() FROM otel_traces WHERE TraceId = '{stored.trace_id}'
        AND Timestamp >= (SELECT Start FROM otel_traces_trace_id_ts WHERE TraceId = '{stored.trace_id}')
        AND Timestamp <= (SELECT End FROM otel_traces_trace_id_ts WHERE TraceId = '{stored.trace_id}')"""
    assert await stored.store.query(sql) == [(2,)]


async def test_grafanas_trace_view(stored: Stored) -> None:
    ((database,),) = await stored.store.query("SELECT currentDatabase()")
    answer = await stored.store.read(f"{_grafana_trace(database, stored.trace_id)} FORMAT JSONEachRow")
    spans = {row["operationName"]: row for row in map(json.loads, answer.splitlines())}
    call, slow = spans["call"], spans["slow"]
    assert call["tags"] == [{"key": "peer.service", "value": "weather"}]
    assert (call["parentSpanID"], slow["parentSpanID"]) == ("", call["spanID"])
    assert (call["statusCode"], slow["statusCode"], slow["statusMessage"]) == (0, 2, "too slow")
    (log,), (reference,) = slow["logs"], slow["references"]
    assert (log["name"], log["fields"]) == ("timeout", [{"key": "after", "value": "1 s"}])
    assert (reference["traceID"], reference["spanID"]) == ("02" * 16, "03" * 8)
    assert reference["tags"] == [{"key": "why", "value": "retry"}]


async def test_grafanas_search(stored: Stored) -> None:
    ((database,),) = await stored.store.query("SELECT currentDatabase()")
    now = int(time.time())
    sql = (
        'SELECT "TraceId" as traceID, "ServiceName" as serviceName, "SpanName" as operationName, '
        '"Timestamp" as startTime, multiply("Duration", 0.000001) as duration '
        f'FROM "{database}"."otel_traces" '
        f"WHERE ( Timestamp >= toDateTime({now - 3600}) AND Timestamp <= toDateTime({now}) ) "
        f"AND ( ParentSpanId = '' ) AND ( Duration > 0 ) AND ( ServiceName = '{stored.service}' ) "
        "ORDER BY Timestamp DESC, Duration DESC LIMIT 1000"
    )
    assert [(row[0], row[2], row[4]) for row in await stored.store.query(sql)] == [(stored.trace_id, "call", 1.0)]


def _grafana_trace(database: str, trace_id: str) -> str:
    bounds = f'FROM "{database}"."otel_traces_trace_id_ts" WHERE TraceId = trace_id'
    return (
        f"WITH '{trace_id}' as trace_id, (SELECT min(Start) {bounds}) as trace_start, "
        f"(SELECT max(End) + 1 {bounds}) as trace_end "
        'SELECT "TraceId" as traceID, "SpanId" as spanID, "ParentSpanId" as parentSpanID, '
        '"ServiceName" as serviceName, "SpanName" as operationName, '
        'multiply(toUnixTimestamp64Nano("Timestamp"), 0.000001) as startTime, '
        'multiply("Duration", 0.000001) as duration, '
        "arrayMap(key -> map('key', key, 'value',\"SpanAttributes\"[key]), mapKeys(\"SpanAttributes\")) as tags, "
        "arrayMap(key -> map('key', key, 'value',\"ResourceAttributes\"[key]), mapKeys(\"ResourceAttributes\")) "
        "as serviceTags, "
        "if(\"StatusCode\" IN ('Error', 'STATUS_CODE_ERROR'), 2, 0) as statusCode, "
        "arrayMap((name, timestamp, attributes) -> tuple(name, toString(toUnixTimestamp64Milli(timestamp)), "
        "arrayMap( key -> map('key', key, 'value', attributes[key]), mapKeys(attributes)))"
        "::Tuple(name String, timestamp String, fields Array(Map(String, String))), "
        '"Events".Name, "Events".Timestamp, "Events".Attributes) AS logs, '
        "arrayMap((traceID, spanID, attributes) -> tuple(traceID, spanID, "
        "arrayMap(key -> map('key', key, 'value', attributes[key]), mapKeys(attributes)))"
        "::Tuple(traceID String, spanID String, tags Array(Map(String, String))), "
        '"Links".TraceId, "Links".SpanId, "Links".Attributes) AS references, '
        '"SpanKind" as kind, "StatusMessage" as statusMessage, "ScopeName" as instrumentationLibraryName, '
        '"ScopeVersion" as instrumentationLibraryVersion, "TraceState" as traceState '
        f'FROM "{database}"."otel_traces" WHERE traceID = trace_id '
        'AND "Timestamp" >= trace_start AND "Timestamp" <= trace_end LIMIT 1000'
    )
