"""Keeps erased traces out: old bytes may come again, from a topic that is read anew or from a client's file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.otlp.block import Request
from spanwise.collector.store import Store
from spanwise.collector.store.rows import utc

ERASED = "SELECT Org, Id, At FROM erased WHERE What = 'trace' AND At > {since:DateTime64(6, 'UTC')} ORDER BY At"
REFRESH_SECONDS = 1.0
OVERLAP = timedelta(minutes=1)
"""Other processes erase too, and their clocks differ."""

Trace = tuple[str, str]


class ErasedTraces:
    """The organisations and ids of all traces that were ever erased, as this process knows them."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._traces: set[Trace] = set()
        self._newest = datetime.fromtimestamp(0, UTC) + OVERLAP
        self._due = 0.0

    async def refresh(self, *, now: bool = False) -> None:
        """Learn what was erased since; at most once a second unless it must be `now`."""
        if not now and self._clock() < self._due:
            return
        for org, trace_id, at in await self._store.query(ERASED, {"since": self._newest - OVERLAP}):
            self._traces.add((org, trace_id))
            self._newest = max(self._newest, utc(at))
        self._due = self._clock() + REFRESH_SECONDS

    def among(self, traces: Iterable[Trace]) -> set[Trace]:
        return self._traces.intersection(traces) if self._traces else set()


def without(requests: Sequence[Request], erased: set[Trace]) -> Sequence[Request]:
    """The requests without the spans of erased traces; those without any span left are left out."""
    ids = {(org, bytes.fromhex(trace_id)) for org, trace_id in erased}
    kept = [replace(one, data=_without(one, ids)) for one in requests]
    return [one for one in kept if one.data]


def _without(request: Request, ids: set[tuple[str, bytes]]) -> bytes:
    message = ExportTraceServiceRequest.FromString(request.data)
    spans = 0
    for scope in (scope for resource in message.resource_spans for scope in resource.scope_spans):
        kept = [span for span in scope.spans if (request.org, span.trace_id) not in ids]
        spans += len(kept)
        del scope.spans[:]
        scope.spans.extend(kept)
    return message.SerializeToString() if spans else b""
