"""The store role: what other programs write on `spans`, what was damaged, and what comes twice; what it counts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.bus import SPANS, Batch, Bus, Handler, Record
from spanwise.collector.bus.memory import MemoryBus
from spanwise.collector.bus.requests import to_record
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.metrics import Metrics
from spanwise.collector.roles.notices import Notice, from_record
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.roles.storing import storing
from spanwise.collector.store import Store
from tests.requests import attribute, chat, request_bytes, span
from tests.roles.loop import running_loop

NOW = datetime.now(UTC)


class Announced(MemoryBus):
    """Keeps what is announced."""

    def __init__(self) -> None:
        super().__init__(clock=time.monotonic)
        self.notices: list[Notice] = []

    async def publish(self, topic: str, records: Sequence[Record]) -> None:
        self.notices += [notice for record in records for notice in from_record(record)]


@pytest.fixture
def bus() -> Announced:
    return Announced()


def batch(*records: Record, formed_at: datetime = NOW, token: str = "") -> Batch:
    return Batch(SPANS, records, token or f"token {time.monotonic_ns()}", formed_at)


async def names(store: Store, org: str) -> list[str]:
    rows = await store.query(
        "SELECT SpanName FROM otel_traces WHERE Org = {org:String} ORDER BY SpanName", {"org": org}
    )
    return [name for (name,) in rows]


def handler(store: Store, bus: Bus, default_org: str, now: datetime = NOW) -> Handler:
    """The store role, to which every request is new."""
    fresh = StoredRequests(timedelta(minutes=15))
    return storing(store, bus, fresh, Metrics(), lambda: now, default_org, ErasedTraces(store))


async def test_a_request_of_another_program_is_the_default_organisations(
    store: Store, bus: Announced, org: str
) -> None:
    handle = storing(
        store, bus, StoredRequests(timedelta(minutes=15)), Metrics(), lambda: NOW, org, ErasedTraces(store)
    )
    record = Record(request_bytes(span("theirs")), b"a key of theirs", {"other": b"header"})
    assert await handle(batch(record)) == []
    assert await handle(batch(record)) == []  # named by its bytes, as ours are
    assert await names(store, org) == ["theirs"]


async def test_bad_spans_of_another_program_are_rejected_alone_and_as_they_are(
    store: Store, bus: Announced, org: str
) -> None:
    handle = storing(
        store, bus, StoredRequests(timedelta(minutes=15)), Metrics(), lambda: NOW, org, ErasedTraces(store)
    )
    mixed = Record(request_bytes(span("good"), span("bad", span_id=b"short"), span("fine")))
    only_bad = Record(request_bytes(span("worse", trace_id=bytes(16))))
    rubbish = Record(b"\xff\xff")
    part, whole, undecodable = await handle(batch(mixed, only_bad, rubbish))
    assert await names(store, org) == ["fine", "good"]
    assert part.index == 0
    assert "'bad': span_id has 5 bytes instead of 8" in part.reason
    assert part.part is not None
    refused = ExportTraceServiceRequest.FromString(part.part)
    assert [one.name for one in refused.resource_spans[0].scope_spans[0].spans] == ["bad"]
    assert (whole.index, whole.part) == (1, None)
    assert (undecodable.index, undecodable.part) == (2, None)


async def test_a_record_of_ours_that_was_damaged_does_not_keep_its_neighbours(
    store: Store, bus: Announced, org: str
) -> None:
    handle = storing(
        store, bus, StoredRequests(timedelta(minutes=15)), Metrics(), lambda: NOW, "other", ErasedTraces(store)
    )
    good, damaged = to_record(request_bytes(span("good")), org, NOW), to_record(request_bytes(span("lost")), org, NOW)
    damaged = Record(damaged.value[:-1], damaged.key, damaged.headers)
    (rejection,) = await handle(batch(damaged, good))
    assert rejection.index == 0
    assert "not an OTLP ExportTraceServiceRequest" in rejection.reason
    assert await names(store, org) == ["good"]


async def test_what_was_stored_just_before_a_crash_is_announced_by_whoever_redoes_it(
    store: Store, bus: Announced, org: str
) -> None:
    one = span("once")
    again = batch(to_record(request_bytes(one), org, NOW))
    await storing(
        store, Announced(), StoredRequests(timedelta(minutes=15)), Metrics(), lambda: NOW, org, ErasedTraces(store)
    )(again)
    stored = StoredRequests(timedelta(minutes=15))
    await stored.load(store, NOW)
    metrics = Metrics()
    await storing(store, bus, stored, metrics, lambda: NOW, org, ErasedTraces(store))(again)
    assert await names(store, org) == ["once"]
    assert [(notice.trace.org, notice.trace.trace_id) for notice in bus.notices] == [(org, one.trace_id.hex())]
    assert metrics.registry.get_sample_value("spanwise_repeated_requests_total") == 1


async def test_a_batch_that_is_redone_after_midnight_is_stored_once(store: Store, bus: Announced, org: str) -> None:
    """Rows are partitioned by the day, and tokens compared within a partition."""
    before = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    after = before + timedelta(seconds=5)
    redone = batch(to_record(request_bytes(span("once")), org, before), formed_at=before)
    for now in (before, after):
        await handler(store, bus, org, now)(redone)  # as if what was stored could not be seen yet
    assert await names(store, org) == ["once"]


def _unmapped(metrics: Metrics, dialect: str) -> float | None:
    return metrics.registry.get_sample_value("spanwise_unmapped_spans_total", {"dialect": dialect})


async def test_spans_whose_content_could_not_be_mapped_are_counted_by_dialect(store: Store, org: str) -> None:
    strange = (attribute("langfuse.observation.type", "generation"), attribute("langfuse.observation.input", "[1]"))
    async with running_loop(store, org, process=False) as loop:
        await loop.send(chat("ada", "hello"), span("one", *strange), span("two", *strange))
        assert _unmapped(loop.metrics, "langfuse") == 2
        assert _unmapped(loop.metrics, "genai") is None
