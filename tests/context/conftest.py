"""A log on the real engine, and what stands on it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

import pytest

from spanwise.collector.access import Caller
from spanwise.collector.bus.memory import MemoryBus
from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.fenced import FencedDesk
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.watch import Watchers
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.erasure.eraser import Eraser
from spanwise.collector.erasure.people import StorePeople
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
        bus = MemoryBus({}, capacity=1, batch_bytes=1, clock=time.monotonic)
        eraser = Eraser(store, self.log, ErasedTraces(store), lambda: self.now, self.watchers.wake, bus.retention)
        self.people = StorePeople(store, eraser, self.log, lambda: self.now)

    def desk_of(self, caller: Caller) -> FencedDesk:
        return FencedDesk(caller, self.desk, self.watchers, self.people)

    async def publish(self, updates: Sequence[ContextUpdate]) -> None:
        self.published.append(updates)
        self.watchers.wake(updates)


@pytest.fixture
def setting(store: Store) -> Setting:
    return Setting(store)
