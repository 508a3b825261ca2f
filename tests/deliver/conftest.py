"""Servers for the whole run, and a store of its own for each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from spanwise.collector.store import Store
from tests.brokers.cluster import Cluster, kafka_cluster
from tests.deliver.backends import Backend, Files, KafkaBackend, Postgres, RedisBackend, WebhookBackend
from tests.deliver.examples import History
from tests.deliver.receiver import Receiver
from tests.deliver.servers import Server, Unavailable, postgres_server, redis_server

READABLE = ("postgres", "redis", "files", "kafka")
KINDS = (*READABLE, "webhook")


@contextmanager
def or_skip(start: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
    """Skips where it cannot be had, but not in continuous integration."""
    try:
        with start() as server:
            yield server
    except Unavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with or_skip(postgres_server) as server:
        yield server


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with or_skip(lambda: redis_server(tmp_path_factory.mktemp("redis"))) as server:
        yield server


@pytest.fixture(scope="session")
def private_cluster(tmp_path_factory: pytest.TempPathFactory, jars: str) -> Iterator[Cluster]:
    """One broker that may be killed."""
    with kafka_cluster(tmp_path_factory.mktemp("delivery"), jars) as started:
        yield started


@pytest.fixture
def receiver(free_port: int) -> Iterator[Receiver]:
    started = Receiver(free_port)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def history(store: Store, org: str) -> History:
    return History(store, org)


@pytest.fixture(params=KINDS)
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """An empty store of each kind."""
    match request.param:
        case "postgres":
            return await Postgres(request.getfixturevalue("postgres")).prepare()
        case "redis":
            return RedisBackend(request.getfixturevalue("redis"))
        case "files":
            return Files(tmp_path / "files")
        case "webhook":
            return WebhookBackend(request.getfixturevalue("receiver"))
        case "kafka":
            return KafkaBackend(request.getfixturevalue("private_cluster"))
    raise AssertionError(request.param)
