"""A log on the real engine, and what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.watch import Watchers
from spanwise.collector.model import ContextUpdate
from spanwise.collector.store import Store
from tests.context.examples import START


class Setting:
    """A log whose appends wake the watchers, as the composition root wires them."""

    def __init__(self, store: Store) -> None:
        self.now: datetime = START
        self.published: list[Sequence[ContextUpdate]] = []
        self.log = ContextLog(store, lambda: self.now, self.publish)
        self.watchers = Watchers(self.log)
        self.desk = ContextDesk(self.log)

    async def publish(self, updates: Sequence[ContextUpdate]) -> None:
        self.published.append(updates)
        self.watchers.wake(updates)


@pytest.fixture
def setting(store: Store) -> Setting:
    return Setting(store)
