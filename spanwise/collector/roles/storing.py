"""The store role: many requests, one insert; then the word that traces have new rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from spanwise.collector.bus import STORED, Batch, Bus, Handler, Record, Rejection
from spanwise.collector.erasure.erased import ErasedTraces, without
from spanwise.collector.metrics import Metrics
from spanwise.collector.otlp.block import Request, SpanRows, span_rows
from spanwise.collector.roles.notices import notices, to_record
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.store import Block, Store


def storing(
    store: Store,
    bus: Bus,
    stored: StoredRequests,
    metrics: Metrics,
    clock: Callable[[], datetime],
    erased: ErasedTraces | None = None,
) -> Handler:
    """A handler of `spans` that returns once the batch's rows are durable and their traces were announced."""

    async def handle(batch: Batch) -> Sequence[Rejection]:
        fresh = _without_repeats(batch.records, stored)
        metrics.repeated_requests.inc(len(batch.records) - len(fresh))
        if not fresh:
            return ()
        now = clock()
        rows = await _rows([_request(record) for record in fresh], erased, now)
        if not rows.rows:
            return ()
        with metrics.insert_seconds.time():
            await store.insert(_block(rows), batch.token)
        stored.add((record.key for record in fresh), now)
        metrics.stored_spans.inc(rows.rows)
        await bus.publish(STORED, [to_record(notice) for notice in notices(rows.traces, now)])
        return ()

    return handle


async def _rows(requests: Sequence[Request], erased: ErasedTraces | None, now: datetime) -> SpanRows:
    """The rows of the requests, without those of erased traces: for these they are read once more, which is rare."""
    rows = await asyncio.to_thread(span_rows, requests, now)
    if erased is None:
        return rows
    await erased.refresh()
    if gone := erased.among(rows.traces):
        rows = await asyncio.to_thread(span_rows, without(requests, gone), now)
    return rows


def _without_repeats(records: Sequence[Record], stored: StoredRequests) -> Sequence[Record]:
    """The records that are not stored yet, each once."""
    return list({record.key: record for record in records if record.key not in stored}.values())


def _request(record: Record) -> Request:
    return Request(record.value, record.headers["org"].decode(), record.key)


def _block(rows: SpanRows) -> Block:
    return Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows)
