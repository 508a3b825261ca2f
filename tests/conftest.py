"""What tests share."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from spanwise.collector.store import Store
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import embedded_client
from spanwise.collector.store.migrate import migrate
from tests.brokers.cluster import Cluster, free_ports, kafka_cluster
from tests.brokers.docker import docker_cluster, docker_runs
from tests.brokers.jars import Unavailable, class_path
from tests.opentelemetry_collector import required
from tests.processes import CollectorProcess, collector_process

settings.register_profile("shared", deadline=None)  # the machine that runs the tests is rarely theirs alone
settings.load_profile("shared")

_ORGS = count(1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Store]:
    """The embedded engine with every migration. One for the whole run: a process may open one data directory only."""
    path: Path = tmp_path_factory.mktemp("clickhouse")
    engine = ClickHouseStore(lambda: embedded_client(path))
    await migrate(engine)
    yield engine
    await engine.close()


@pytest.fixture(scope="session")
def jars() -> str:
    """The class path of Apache Kafka. Skips where it cannot be had, but not in continuous integration."""
    try:
        return class_path()
    except Unavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def collector_program() -> None:
    """The OpenTelemetry Collector is there."""
    required()


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One broker for the whole run, in a container where Docker runs. Who stops brokers starts some of their own."""
    with ExitStack() as stack:
        if docker_runs():
            yield stack.enter_context(docker_cluster())
        else:
            jars = request.getfixturevalue("jars")
            yield stack.enter_context(kafka_cluster(tmp_path_factory.mktemp("kafka"), jars))


@pytest.fixture(scope="session")
def store(embedded_store: Store) -> Store:
    """The embedded engine, where the kind of store does not matter."""
    return embedded_store


@pytest.fixture
def free_port() -> int:
    """Where nobody listens."""
    (port,) = free_ports(1)
    return port


@pytest.fixture
def org() -> str:
    """An organisation that no other test uses, which keeps tests on one store apart."""
    return f"org-{next(_ORGS)}"


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A started collector, with default settings but for its ports and its directory. One for each module."""
    with collector_process(tmp_path_factory.mktemp("collector")) as started:
        yield started
