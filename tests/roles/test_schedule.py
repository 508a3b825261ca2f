"""When a trace is read: at once while it is small, and a bounded number of times however long it gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.model import TraceKey
from spanwise.collector.roles.notices import Notice
from spanwise.collector.roles.schedule import Patience, Schedule

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ONE, OTHER = TraceKey("acme", "one"), TraceKey("acme", "other")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def _notice(key: TraceKey = ONE, spans: int = 1, at: float = 0.0) -> Notice:
    return Notice(key, spans, BEGIN + timedelta(seconds=at))


def test_a_new_trace_is_due_at_once() -> None:
    schedule = Schedule(Patience(), Clock())
    schedule.add(_notice())
    assert schedule.wait() == 0
    assert schedule.take(100) == [ONE]
    assert schedule.wait() is None


def test_notices_of_one_trace_are_merged() -> None:
    schedule = Schedule(Patience(), Clock())
    for _ in range(100):
        schedule.add(_notice())
    assert schedule.take(1000) == [ONE]
    assert schedule.take(1000) == []


def test_a_trace_is_read_again_when_it_pauses_in_proportion_to_its_length() -> None:
    clock = Clock()
    schedule = Schedule(Patience(pause_per_span=0.001), clock)
    schedule.done(ONE, 10_000)
    schedule.add(_notice())
    clock.now = 9.9
    assert schedule.take(1) == []
    clock.now = 10.0
    assert schedule.take(1) == [ONE]


def test_a_trace_that_never_pauses_is_read_when_it_has_doubled() -> None:
    readings = _readings(spans=50_000, requests=500, seconds_between=0.5)
    assert readings[-1] == 50_000
    assert sum(readings) <= 4 * 50_000


@given(requests=st.integers(1, 400), seconds_between=st.floats(0.001, 2.0))
def test_the_cost_stays_a_small_multiple_of_one_reading(requests: int, seconds_between: float) -> None:
    spans = requests * 100
    readings = _readings(spans, requests, seconds_between)
    paused = seconds_between * requests / (0.001 * spans)  # how often it may have paused for its length
    assert sum(readings) <= (4 + paused) * spans


def _readings(spans: int, requests: int, seconds_between: float) -> list[int]:
    """How many spans each reading had, of a trace that arrives in so many requests."""
    clock = Clock()
    schedule = Schedule(Patience(), clock)
    stored = 0
    readings: list[int] = []

    def read_what_is_due() -> None:
        for key in schedule.take(1):
            readings.append(stored)
            schedule.done(key, stored)

    for _ in range(requests):
        stored += spans // requests
        schedule.add(_notice(spans=spans // requests))
        read_what_is_due()
        clock.now += seconds_between
        read_what_is_due()
    clock.now += 1_000
    read_what_is_due()
    return readings


def test_even_a_trace_that_never_pauses_is_read_after_the_longest_wait() -> None:
    clock = Clock()
    schedule = Schedule(Patience(longest=60), clock)
    schedule.done(ONE, 1_000_000)
    for _ in range(2_000):
        clock.now += 1
        schedule.add(_notice())
        if schedule.take(1):
            break
    assert clock.now <= 1_061


def test_a_large_trace_delays_no_small_one() -> None:
    clock = Clock()
    schedule = Schedule(Patience(), clock)
    schedule.done(ONE, 100_000)
    schedule.add(_notice(ONE))
    schedule.add(_notice(OTHER))
    assert schedule.take(1_000) == [OTHER]


def test_the_horizon_waits_for_the_oldest_trace_that_is_not_done() -> None:
    schedule = Schedule(Patience(), Clock())
    assert schedule.horizon() is None
    schedule.add(_notice(ONE, at=1))
    schedule.add(_notice(OTHER, at=2))
    assert schedule.horizon() == BEGIN + timedelta(seconds=1)
    assert set(schedule.take(1)) == {ONE}
    assert schedule.horizon() == BEGIN + timedelta(seconds=1)  # taken is not done
    schedule.done(ONE, 1)
    assert schedule.horizon() == BEGIN + timedelta(seconds=2)
    schedule.take(1)
    schedule.done(OTHER, 1)
    assert schedule.horizon() == BEGIN + timedelta(seconds=2)


def test_what_does_not_fit_holds_the_horizon_until_the_store_is_asked() -> None:
    schedule = Schedule(Patience(), Clock(), capacity=1)
    schedule.add(_notice(ONE, at=5))
    schedule.add(_notice(OTHER, at=3))
    assert schedule.overflowed
    schedule.take(1)
    schedule.done(ONE, 1)
    assert schedule.horizon() == BEGIN + timedelta(seconds=3)
    schedule.recovering()
    assert not schedule.overflowed
