"""Two processes that append to one log, as while a release is rolled out: each update once, in one order."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import grpc
import pytest

from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.exporting import export
from tests.processes import CollectorProcess, collector_on, store_process
from tests.requests import chat, request_bytes
from tests.waiting import wait_until

FACTS = 20
PAUSES, PAUSE_SECONDS = 4, 0.5


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Sequence[CollectorProcess]]:
    """A served store, and two collectors on it, each with every role."""
    with ExitStack() as stack:
        store = stack.enter_context(store_process(tmp_path / "store"))
        url = f"clickhouse://{store.addresses.query}/traces"
        yield store, *(stack.enter_context(collector_on(url, tmp_path / name)) for name in ("one", "two"))


def remember(collector: CollectorProcess, user: str) -> None:
    with collector.channel() as channel:
        for number in range(FACTS):
            request = wire.RememberRequest(scope=wire.Scope(user=user), content=f"Fact {number}.")
            ContextServiceStub(channel).Remember(request, timeout=60)


def talk(collector: CollectorProcess, user: str) -> None:
    with collector.channel() as channel:
        for number in range(FACTS):
            export(channel, request_bytes(chat(f"{user} {number}", "Remember that I prefer metric units.")))


def pause(collector: CollectorProcess) -> None:
    """Stop the process in the middle of what it is doing, again and again, while the other goes on."""
    for _ in range(PAUSES):
        time.sleep(PAUSE_SECONDS)
        collector.signal(signal.SIGSTOP)
        time.sleep(PAUSE_SECONDS)
        collector.signal(signal.SIGCONT)


@contextmanager
def watched(collector: CollectorProcess) -> Iterator[Sequence[str]]:
    """What a watcher of the process is told meanwhile: ids of updates."""
    told: list[str] = []
    with collector.channel() as channel:
        request = wire.WatchRequest(scope=wire.Scope(), include_narrower=True)
        updates = ContextServiceStub(channel).Watch(request)

        def watch() -> None:
            with suppress(grpc.RpcError):  # cancelled at the end
                told.extend(update.id for update in updates)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            yield told
        finally:
            updates.cancel()
            watching.join()


def all_at_once(*works: Callable[[], None]) -> None:
    with ThreadPoolExecutor(len(works)) as threads:
        for done in [threads.submit(work) for work in works]:
            done.result(120)


def test_two_processes_append_to_one_log(processes: Sequence[CollectorProcess]) -> None:
    store, one, two = processes
    with watched(one) as by_one, watched(two) as by_two:
        all_at_once(
            partial(remember, one, "ada"),
            partial(remember, two, "ada"),
            partial(remember, two, "bob"),
            partial(talk, one, "cleo"),
            partial(talk, two, "dora"),
            partial(pause, two),
        )
        expected = 4 * FACTS  # what both were asked to remember of Ada is one thing
        wait_until(lambda: min(len(by_one), len(by_two)) >= expected)
    log = store.rows("SELECT Position, Id FROM traces.context_updates ORDER BY Position")
    assert [position for position, _ in log] == list(range(1, expected + 1))
    assert len({id_ for _, id_ in log}) == expected
    assert by_one == by_two == [id_ for _, id_ in log]
    assert store.rows("SELECT uniqExact(RecordId), any(Status) FROM traces.context_updates") == [(expected, "active")]
