"""When a trace is read again: soon while it is small, and ever more rarely as it grows.

Some traces never end. Reading one after every batch would cost the square of its length; here it is read again when it
has doubled, or when it has paused for a time in proportion to its length and to how often it was read over already: the
cost is bounded by size and by the clock.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from spanwise.collector.model import TraceKey
from spanwise.collector.roles.notices import Notice


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a trace waits."""

    pause_per_span: float = 0.001
    """Seconds. A trace of 1,000 spans is read at most once a second, and when nothing has come for a second; for two if
    its readings add up to 2,000 spans by then, and so on."""
    growth: float = 1.0
    """A trace that never pauses is read when it has grown by this share of what was read."""
    longest: float = 900.0
    """Seconds after which it is read even so."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    spans: int
    first: float
    last: float
    stored_at: datetime
    due: float


@dataclass(frozen=True, slots=True)
class _Read:
    spans: int
    at: float
    total: int
    """Spans of all readings of the trace so far."""


class Schedule:
    """The traces that wait to be read. Notices of one trace are merged.

    Holds at most `capacity` traces; what comes beyond that is not kept, but the store knows it: see `overflowed`.
    """

    def __init__(self, patience: Patience, clock: Callable[[], float], capacity: int = 100_000) -> None:
        self._patience = patience
        self._clock = clock
        self._capacity = capacity
        self._waiting: dict[TraceKey, _Waiting] = {}
        self._order: list[tuple[float, int, TraceKey]] = []
        self._pushed = 0
        self._read: OrderedDict[TraceKey, _Read] = OrderedDict()
        self._taken: dict[TraceKey, datetime] = {}
        self._newest: datetime | None = None
        self._dropped: datetime | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def overflowed(self) -> bool:
        """True if the store knows of traces to be read that are not here."""
        return self._dropped is not None

    def recovering(self) -> None:
        """The store is about to be asked what was not processed, and its answer will be added."""
        self._dropped = None

    def left_out(self, stored_at: datetime) -> None:
        """The store may know of more traces to be read than were added, stored then or later."""
        self._dropped = min(self._dropped or stored_at, stored_at)

    def add(self, notice: Notice) -> None:
        key, now = notice.trace, self._clock()
        before = self._waiting.get(key)
        if before is None and len(self._waiting) >= self._capacity:
            self.left_out(notice.stored_at)
            return
        spans, first, stored_at = notice.spans, now, notice.stored_at
        if before is not None:
            spans, first, stored_at = before.spans + spans, before.first, min(before.stored_at, stored_at)
        due = self._due(self._read.get(key), spans, first, now)
        self._waiting[key] = _Waiting(spans, first, now, stored_at, due)
        self._push(key, due)
        self._newest = max(self._newest or notice.stored_at, notice.stored_at)

    def take(self, spans: int) -> Sequence[TraceKey]:
        """Traces that are due, of about so many spans together, longest due first; at least one if any is due."""
        taken: list[TraceKey] = []
        now, size = self._clock(), 0
        while self._order and self._order[0][0] <= now and (not taken or size < spans):
            due, _, key = heapq.heappop(self._order)
            waiting = self._waiting.get(key)
            if waiting is None or waiting.due != due:  # merged with a later notice since
                continue
            read = self._read.get(key)
            size += waiting.spans + (read.spans if read else 0)
            del self._waiting[key]
            self._taken[key] = waiting.stored_at
            taken.append(key)
        return taken

    def done(self, key: TraceKey, spans: int) -> None:
        """The trace was read, with so many spans, and what it teaches is written."""
        self._taken.pop(key, None)
        before = self._read.get(key)
        self._read[key] = _Read(spans, self._clock(), spans + (before.total if before else 0))
        self._read.move_to_end(key)
        if len(self._read) > self._capacity:
            self._read.popitem(last=False)
        waiting = self._waiting.get(key)
        if waiting is not None:  # noticed again meanwhile
            due = self._due(self._read[key], waiting.spans, waiting.first, waiting.last)
            self._waiting[key] = _Waiting(waiting.spans, waiting.first, waiting.last, waiting.stored_at, due)
            self._push(key, due)

    def wait(self) -> float | None:
        """Seconds until a trace is due; None if none waits."""
        return max(self._order[0][0] - self._clock(), 0.0) if self._order else None

    @property
    def unfinished(self) -> int:
        """How many traces wait, or are being read."""
        return len(self._waiting.keys() | self._taken.keys())

    def oldest(self) -> datetime | None:
        """When the oldest rows were stored that are not done with; None if there are none."""
        open_since = [waiting.stored_at for waiting in self._waiting.values()]
        open_since += [*self._taken.values(), *([self._dropped] if self._dropped else [])]
        return min(open_since, default=None)

    def horizon(self) -> datetime | None:
        """Everything that was stored before it, and was noticed, is done; None before the first notice."""
        return self.oldest() or self._newest

    def _due(self, read: _Read | None, spans: int, first: float, last: float) -> float:
        if read is None:
            return first
        rested = read.at + read.spans * self._patience.pause_per_span
        if spans >= read.spans * self._patience.growth:
            return rested
        # In proportion to the total, that is to the length and to how many times over it was read.
        pause = read.total * self._patience.pause_per_span
        return max(rested, min(last + pause, first + self._patience.longest))

    def _push(self, key: TraceKey, due: float) -> None:
        self._pushed += 1  # equal times keep their order, and keys are never compared
        heapq.heappush(self._order, (due, self._pushed, key))
