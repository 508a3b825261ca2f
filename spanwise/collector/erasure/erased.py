"""Keeps erased traces out: old bytes may come again, from a topic that is read anew or from a client's file."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.otlp.block import Request
from spanwise.collector.otlp.traces import Traces
from spanwise.collector.store import Store
from spanwise.collector.store.rows import utc

ERASED = "SELECT Org, Id, At FROM erased WHERE What = 'trace' AND At > {since:DateTime64(6, 'UTC')} ORDER BY At"
REFRESH_SECONDS = 1.0
OVERLAP = timedelta(minutes=1)
"""Other processes erase too, and their clocks differ."""

Trace = tuple[str, bytes]
"""An organisation, and the id of one of its traces."""


class ErasedTraces:
    """The organisations and ids of all traces that were ever erased, as this process knows them."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._traces: dict[str, set[bytes]] = defaultdict(set)
        self._newest = datetime.fromtimestamp(0, UTC) + OVERLAP
        self._due = 0.0

    async def refresh(self, *, now: bool = False) -> None:
        """Learn what was erased since; at most once a second unless it must be `now`."""
        if not now and self._clock() < self._due:
            return
        for org, trace_id, at in await self._store.query(ERASED, {"since": self._newest - OVERLAP}):
            self._traces[org].add(bytes.fromhex(trace_id))
            self._newest = max(self._newest, utc(at))
        self._due = self._clock() + REFRESH_SECONDS

    def among(self, traces: Iterable[Traces]) -> set[Trace]:
        """Those of the traces that were erased. They are only unpacked where an organisation has erased any."""
        suspects = [(of_org, self._traces[of_org.org]) for of_org in traces if of_org.org in self._traces]
        return {(of_org.org, trace_id) for of_org, erased in suspects for trace_id, _ in of_org if trace_id in erased}


def without(requests: Sequence[Request], erased: set[Trace]) -> Sequence[Request]:
    """The requests without the spans of erased traces; those without any span left are left out."""
    kept = [replace(one, data=_without(one, erased)) for one in requests]
    return [one for one in kept if one.data]


def _without(request: Request, erased: set[Trace]) -> bytes:
    message = ExportTraceServiceRequest.FromString(request.data)
    spans = 0
    for scope in (scope for resource in message.resource_spans for scope in resource.scope_spans):
        kept = [span for span in scope.spans if (request.org, span.trace_id) not in erased]
        spans += len(kept)
        del scope.spans[:]
        scope.spans.extend(kept)
    return message.SerializeToString() if spans else b""
