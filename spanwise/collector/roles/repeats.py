"""Which requests were stored already, so that a client's repetition is not stored twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from spanwise.collector.store import Store

RECENT = "SELECT DISTINCT RequestHash FROM otel_traces WHERE StoredAt >= {since:DateTime64(6, 'UTC')}"


class StoredRequests:
    """The hashes of the requests that were stored within the last `window`: clients give up repeating long before."""

    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._stored_at: dict[bytes, datetime] = {}

    async def load(self, store: Store, now: datetime) -> None:
        """Learn from the store what was stored before this process started, or before it took a partition over."""
        rows = await store.query(RECENT, {"since": now - self._window})
        self.add((request_hash.to_bytes(16, "little") for (request_hash,) in rows), now)

    def __contains__(self, request_hash: bytes) -> bool:
        return request_hash in self._stored_at

    def add(self, hashes: Iterable[bytes], now: datetime) -> None:
        for request_hash in hashes:
            self._stored_at[request_hash] = now
        self._expire(now - self._window)

    def _expire(self, before: datetime) -> None:
        # In order of insertion, so the old ones come first.
        while self._stored_at and (oldest := next(iter(self._stored_at))) and self._stored_at[oldest] < before:
            del self._stored_at[oldest]
