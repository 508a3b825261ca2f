"""Crashes: what was acknowledged is there, once, and what it teaches is learned, however often it is killed."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import psutil
import pytest

from tests.exporting import export
from tests.processes import CollectorProcess, collector_process
from tests.requests import chat, request_bytes, span
from tests.waiting import wait_until

ROUNDS = 20
REQUESTS = 200
SENDERS = 20
SEED = 4317

RETRYABLE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


@dataclass(frozen=True)
class Prepared:
    """A request of a user of its own: two spans of one trace, one of which has a sentence to be remembered."""

    user: str
    trace_id: str
    data: bytes
    content: str
    """What is to be learned from it."""


def prepared(number: int) -> Prepared:
    spoken = chat(f"user-{number}", f"Remember that my badge number is {10_000 + number}.")
    data = request_bytes(spoken, span("tool", trace_id=spoken.trace_id))
    return Prepared(f"user-{number}", spoken.trace_id.hex(), data, f"The user's badge number is {10_000 + number}.")


@dataclass
class Load:
    """Clients that send requests to one address, and send each again, the same bytes, until it is acknowledged."""

    address: str
    acknowledged: list[Prepared] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)
    """By user: how often the request was sent."""
    running: threading.Event = field(default_factory=threading.Event)
    """Cleared: nobody sends anything."""
    abandoned: threading.Event = field(default_factory=threading.Event)
    """Set when the test has failed: what is not acknowledged is not sent again."""

    def send(self, requests: Sequence[Prepared]) -> None:
        with grpc.insecure_channel(self.address, [("grpc.max_reconnect_backoff_ms", 200)]) as channel:
            for request in requests:
                self._send(channel, request)

    def _send(self, channel: grpc.Channel, request: Prepared) -> None:
        while not self.abandoned.is_set():
            self.running.wait()
            self.attempts[request.user] += 1
            try:
                response = export(channel, request.data, seconds=10)
            except grpc.RpcError as error:
                if error.code() not in RETRYABLE:
                    raise
                time.sleep(0.05)  # as an exporter backs off
            else:
                assert not response.HasField("partial_success")
                self.acknowledged.append(request)
                return


@contextmanager
def sending(load: Load, requests: Sequence[Prepared]) -> Iterator[None]:
    """`SENDERS` clients send the requests; at the end all are acknowledged."""
    with ThreadPoolExecutor(SENDERS) as threads:
        done = [threads.submit(load.send, requests[first::SENDERS]) for first in range(SENDERS)]
        load.running.set()
        try:
            yield
        except BaseException:
            load.abandoned.set()
            raise
        finally:
            load.running.set()
        for one in done:
            one.result()


@pytest.fixture
def address() -> str:
    """One that stays the same over restarts, as a client's configuration does."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def spans_by_trace(collector: CollectorProcess) -> Mapping[str, tuple[int, int]]:
    """How many rows and how many different spans each trace has."""
    rows = collector.rows("SELECT TraceId, count(), uniqExact(SpanId) FROM otel_traces GROUP BY TraceId")
    return {trace_id: (count, different) for trace_id, count, different in rows}


def memories(collector: CollectorProcess) -> Mapping[str, list[str]]:
    rows = collector.rows(
        "SELECT UserId, groupArray(Content) FROM context WHERE Status = 'active' AND Kind = 'memory' GROUP BY UserId"
    )
    return {user: list(contents) for user, contents in rows}


def assert_kept(collector: CollectorProcess, acknowledged: Sequence[Prepared]) -> None:
    """Every acknowledged span is there, once, and nothing else is there twice; every sentence becomes a record."""
    stored = spans_by_trace(collector)
    assert {one.user: stored.get(one.trace_id) for one in acknowledged} == {one.user: (2, 2) for one in acknowledged}
    assert [trace_id for trace_id, counts in stored.items() if counts != (2, 2)] == []
    expected = {one.user: [one.content] for one in acknowledged}

    def missing() -> Sequence[str]:
        learned = memories(collector)
        return sorted(user for user in expected if user not in learned)

    wait_until(lambda: not missing(), 30)
    learned = memories(collector)
    assert {user: learned[user] for user in expected} == expected


def kill_during(collector: CollectorProcess, load: Load, chance: random.Random) -> None:
    """Kill the collector somewhere in the load, and see that the processes that it started end with it."""
    before = len(load.acknowledged)
    enough = before + chance.randrange(REQUESTS * 9 // 10)
    wait_until(lambda: len(load.acknowledged) >= enough)
    time.sleep(chance.random() * 0.15)  # anywhere between two inserts
    helpers = collector.helpers()
    load.running.clear()
    collector.kill()
    _, left = psutil.wait_procs(helpers, timeout=10)
    assert not left, f"still running: {[process.cmdline() for process in left]}"


@pytest.mark.timeout(900)
def test_twenty_kills_lose_nothing_store_nothing_twice_and_forget_no_lesson(tmp_path: Path, address: str) -> None:
    chance = random.Random(SEED)
    load = Load(address)
    with collector_process(tmp_path, {"SPANWISE_RECEIVE__LISTEN": address}) as collector:
        for round_number in range(ROUNDS):
            first = round_number * REQUESTS
            with sending(load, [prepared(number) for number in range(first, first + REQUESTS)]):
                kill_during(collector, load, chance)
                collector.start()
                assert_kept(collector, list(load.acknowledged))  # with no traffic since the restart
        assert len(load.acknowledged) == ROUNDS * REQUESTS
        assert_kept(collector, load.acknowledged)
        repeated = sum(1 for attempts in load.attempts.values() if attempts > 1)
        assert repeated >= ROUNDS, "the kills did not hit requests in flight"
        print(f"{repeated} requests were sent more than once")
        assert collector.stop() == 0
