"""The store role: many requests, one insert; then the word that traces have new rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from spanwise.collector.bus import STORED, Batch, Bus, Handler, Record, Rejection
from spanwise.collector.bus.requests import Origin, origin
from spanwise.collector.erasure.erased import ErasedTraces, without
from spanwise.collector.errors import Rejected
from spanwise.collector.metrics import Metrics
from spanwise.collector.otlp.admit import admit
from spanwise.collector.otlp.block import Request, SpanRows, span_rows
from spanwise.collector.roles.notices import to_records
from spanwise.collector.roles.repeats import StoredRequests
from spanwise.collector.store import Block, Store


@dataclass(frozen=True, slots=True)
class _Work:
    """What a batch comes to."""

    fresh: Sequence[Request]
    rows: SpanRows
    """Of what is fresh."""
    repeated: Sequence[Request]
    again: SpanRows
    """Of what is repeated."""
    rejections: Sequence[Rejection]
    arrivals: Sequence[datetime]
    """As far as they are known."""


def storing(
    store: Store,
    bus: Bus,
    stored: StoredRequests,
    metrics: Metrics,
    clock: Callable[[], datetime],
    default_org: str,
    erased: ErasedTraces,
) -> Handler:
    """A handler of `spans` that returns once the batch's rows are durable and their traces were announced.

    Requests of other writers than our receivers are `default_org`'s, and checked as ours were. What is repeated is not
    stored again, but announced: it may have been stored just before a crash.
    """

    async def handle(batch: Batch) -> Sequence[Rejection]:
        now = clock()
        await erased.refresh()
        work = await asyncio.to_thread(_work, batch, stored, default_org, erased, now)
        metrics.repeated_requests.inc(len(work.repeated))
        if work.rows.rows:
            with metrics.insert_seconds.time():
                await store.insert(_block(work.rows), batch.token)
            stored.add((request.hash for request in work.fresh), now)
            metrics.stored_spans.inc(work.rows.rows)
            for dialect, spans in work.rows.unmapped.items():
                metrics.unmapped_spans.labels(dialect).inc(spans)
            _observe(metrics, work.arrivals, clock())
        traces = [*work.again.traces, *work.rows.traces]
        if announced := to_records(traces, now, min(work.arrivals, default=None)):
            await bus.publish(STORED, announced)
        return work.rejections

    return handle


def _work(batch: Batch, stored: StoredRequests, default_org: str, erased: ErasedTraces, now: datetime) -> _Work:
    read = [(record, origin(record, default_org)) for record in batch.records]
    try:
        return _sorted_out(batch, read, stored, erased, now, checked=True)
    except Rejected:  # one that our receiver has checked was damaged since
        return _sorted_out(batch, read, stored, erased, now, checked=False)


def _sorted_out(
    batch: Batch,
    read: Sequence[tuple[Record, Origin]],
    stored: StoredRequests,
    erased: ErasedTraces,
    now: datetime,
    *,
    checked: bool,
) -> _Work:
    """`checked`: whether what our receiver has checked is taken as it is. Raises `Rejected` if that was wrong."""
    requests: list[Request] = []
    rejections: list[Rejection] = []
    for index, (record, known) in enumerate(read):
        if checked and known.ours:
            requests.append(Request(record.value, known.org, known.hash))
        else:
            request, rejection = _check(index, record, known)
            requests += [request] if request else []
            rejections += [rejection] if rejection else []
    fresh, repeated = _told_apart(requests, stored)
    rows = _rows(fresh, erased, _stored_at(batch.formed_at, now))
    arrivals = [known.arrived_at for _, known in read if known.arrived_at]
    return _Work(fresh, rows, repeated, _rows(repeated, erased, now), rejections, arrivals)


def _rows(requests: Sequence[Request], erased: ErasedTraces, stored_at: datetime) -> SpanRows:
    """The rows of the requests, without those of erased traces: for these they are read once more, which is rare."""
    rows = span_rows(requests, stored_at)
    gone = erased.among(rows.traces)
    return span_rows(without(requests, gone), stored_at) if gone else rows


def _check(index: int, record: Record, known: Origin) -> tuple[Request | None, Rejection | None]:
    """What of a record can be stored, and what cannot."""
    try:
        admission = admit(record.value)
    except Rejected as error:
        return None, Rejection(index, str(error))
    request = Request(admission.data, known.org, known.hash) if admission.spans else None
    if not admission.rejected:
        return request, None
    return request, Rejection(index, admission.message, admission.refused if request else None)


def _told_apart(requests: Sequence[Request], stored: StoredRequests) -> tuple[Sequence[Request], Sequence[Request]]:
    """Those that are not stored yet, each once, and those that are."""
    fresh = {request.hash: request for request in requests if request.hash not in stored}
    return list(fresh.values()), [request for request in requests if request.hash in stored]


def _stored_at(formed_at: datetime, now: datetime) -> datetime:
    """Now, but on the day on which the batch was formed.

    A day is a partition of the table, and tokens are compared within one: a batch that is redone after midnight would
    be stored twice.
    """
    return min(now, formed_at.replace(hour=23, minute=59, second=59, microsecond=999_999))


def _observe(metrics: Metrics, arrivals: Sequence[datetime], now: datetime) -> None:
    for arrived_at in arrivals:
        metrics.seconds_to_row.observe((now - arrived_at).total_seconds())


def _block(rows: SpanRows) -> Block:
    return Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows)
