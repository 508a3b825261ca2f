"""How long the scenarios take, and the table at their end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.brokers.cluster import Cluster
from tests.scenarios.deployment import Deployment, deployment

_NUMBERS = count(1)
_FACTS = pytest.StashKey[list[tuple[str, str]]]()


@dataclass(frozen=True)
class Scale:
    """Short in every test run, long by `make scenarios`."""

    kills: int
    outage: float
    """Seconds."""
    pauses: int
    request_bytes: int


SHORT = Scale(kills=5, outage=8.0, pauses=2, request_bytes=8_000_000)
LONG = Scale(kills=55, outage=60.0, pauses=15, request_bytes=30_000_000)


@pytest.fixture(scope="session")
def scale() -> Scale:
    return LONG if os.environ.get("SPANWISE_TEST_LONG") else SHORT


Deploy = Callable[..., AbstractContextManager[Deployment]]


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    """A deployment on a cluster, with topics of its own."""

    @contextmanager
    def deployed(cluster: Cluster, **settings: str) -> Iterator[Deployment]:
        with deployment(cluster, tmp_path, f"s{next(_NUMBERS)}.", settings) as one:
            yield one

    return deployed


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """What a scenario found, for the table."""
    return lambda fact: request.config.stash.setdefault(_FACTS, []).append((request.node.name, fact))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if facts := config.stash.get(_FACTS, []):
        table = Table("scenario", "what happened", title="Scenarios")
        for name, fact in facts:
            table.add_row(name.removeprefix("test_").replace("_", " "), fact)
        terminalreporter.ensure_newline()
        Console(width=150).print(table)
