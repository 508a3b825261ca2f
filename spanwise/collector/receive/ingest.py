"""From the bytes of one export request to records on the bus."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from spanwise.collector.bus import SPANS, Bus
from spanwise.collector.bus.requests import to_record
from spanwise.collector.metrics import Metrics
from spanwise.collector.otlp.admit import NAMED, Admission, admit
from spanwise.collector.otlp.split import split

INLINE_BYTES = 64 * 1024
"""Up to this size a request is checked faster than it is handed to a thread."""
UNLIMITED = sys.maxsize


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Ingest:
    """Takes requests in. Shared by every protocol that carries OTLP."""

    bus: Bus
    metrics: Metrics
    record_bytes: int = UNLIMITED
    """What a record of the bus may have; larger requests are split."""
    clock: Callable[[], datetime] = _now

    async def __call__(self, data: bytes, org: str) -> Admission:
        """Return once every admitted span is durable. Raises `Rejected` and `Busy`."""
        arrived_at = self.clock()
        admission, parts = await self._prepare(data)
        self.metrics.refused_spans.inc(admission.rejected)
        if admission.spans:
            await self.bus.publish(SPANS, [to_record(part, org, arrived_at) for part in parts])
            self.metrics.accepted_spans.inc(admission.spans)
        return admission

    async def _prepare(self, data: bytes) -> tuple[Admission, Sequence[bytes]]:
        if len(data) <= INLINE_BYTES:
            return prepare(data, self.record_bytes)
        return await asyncio.to_thread(prepare, data, self.record_bytes)


def prepare(data: bytes, record_bytes: int) -> tuple[Admission, Sequence[bytes]]:
    """What of a request is taken in, in parts that fit into a record. Raises `Rejected`."""
    admission = admit(data)
    if len(admission.data) <= record_bytes:
        return admission, [admission.data]
    cut = split(admission.data, record_bytes)
    said = "; ".join(text for text in (admission.message, _message(cut.faults)) if text)
    return replace(admission, spans=cut.spans, rejected=admission.rejected + len(cut.faults), message=said), cut.parts


def _message(faults: Sequence[str]) -> str:
    shown = "; ".join(faults[:NAMED])
    more = f"; and {len(faults) - NAMED:,} more" if len(faults) > NAMED else ""
    return f"{len(faults):,} spans are too large: {shown}{more}" if faults else ""
