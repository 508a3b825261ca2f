"""From the bytes of one export request to records on the bus."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import xxhash

from spanwise.collector.bus import SPANS, Bus, Record
from spanwise.collector.metrics import Metrics
from spanwise.collector.otlp.admit import Admission, admit

INLINE_BYTES = 64 * 1024
"""Up to this size a request is checked faster than it is handed to a thread."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """Takes requests in. Shared by every protocol that carries OTLP."""

    bus: Bus
    metrics: Metrics

    async def __call__(self, data: bytes, org: str) -> Admission:
        """Return once every admitted span is durable. Raises `Rejected` and `Busy`."""
        admission = await self._admit(data)
        self.metrics.refused_spans.inc(admission.rejected)
        if admission.spans:
            await self.bus.publish(SPANS, [request_record(admission.data, org)])
            self.metrics.accepted_spans.inc(admission.spans)
        return admission

    async def _admit(self, data: bytes) -> Admission:
        if len(data) <= INLINE_BYTES:
            return admit(data)
        return await asyncio.to_thread(admit, data)


def request_record(data: bytes, org: str) -> Record:
    """The key names the request: a client that repeats one whose answer was lost sends the same bytes again."""
    digest = xxhash.xxh3_128(org.encode() + b"\0")
    digest.update(data)
    return Record(data, digest.digest(), {"org": org.encode()})
