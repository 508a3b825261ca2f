"""What every bus promises: the one inside the process, and Kafka."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from spanwise.collector.bus import STORED, Batch, Bus, Handler, Record, Rejection, TakeOver, nothing_to_take_over
from spanwise.collector.bus.memory import Delivery, MemoryBus
from spanwise.collector.errors import Busy
from tests.brokers.buses import kafka_bus, kafka_settings

TOPIC = STORED
SECONDS = 30.0


@pytest_asyncio.fixture(params=["memory", "memory-awaited", "kafka"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param == "kafka":
        async with kafka_bus(request.getfixturevalue("cluster"), kafka_settings()) as on_kafka:
            yield on_kafka
    else:
        awaited = request.param == "memory-awaited"
        yield MemoryBus({TOPIC: Delivery(awaited=awaited)}, retry_after=0.01, clock=time.monotonic)


@dataclass
class Listener:
    """A handler that keeps what it gets; `raises` is used up first."""

    raises: list[Exception] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, batch: Batch) -> Sequence[Rejection]:
        self.batches.append(batch)
        self.changed.set()
        if self.raises:
            raise self.raises.pop(0)
        return ()

    @property
    def values(self) -> list[bytes]:
        return [record.value for batch in self.batches for record in batch.records]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def consuming(
    bus: Bus, group: str, handle: Handler, take_over: TakeOver = nothing_to_take_over
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(bus.consume(TOPIC, group, handle, take_over))
    await asyncio.sleep(0)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


async def test_what_is_published_arrives_with_key_and_headers(bus: Bus) -> None:
    record = Record(b"value", b"key", {"org": b"acme"})
    listener = Listener()
    async with consuming(bus, "a", listener):
        await bus.publish(TOPIC, [record])
        await listener.until(lambda: listener.values == [b"value"])
    assert listener.batches[0].records == [record]


async def test_records_of_one_publisher_arrive_in_order(bus: Bus) -> None:
    listener = Listener()
    sent = [str(number).encode() for number in range(500)]
    async with consuming(bus, "a", listener):
        for start in range(0, 500, 50):
            await bus.publish(TOPIC, [Record(value, b"key") for value in sent[start : start + 50]])
        await listener.until(lambda: len(listener.values) == 500)
    assert listener.values == sent


async def test_every_group_gets_every_record(bus: Bus) -> None:
    one, other = Listener(), Listener()
    async with consuming(bus, "a", one), consuming(bus, "b", other):
        await bus.publish(TOPIC, [Record(b"1", b"k"), Record(b"2", b"k")])
        await one.until(lambda: one.values == [b"1", b"2"])
        await other.until(lambda: other.values == [b"1", b"2"])


async def test_a_batch_is_handled_before_the_next_one(bus: Bus) -> None:
    running = 0
    most = 0
    listener = Listener()

    async def handle(batch: Batch) -> Sequence[Rejection]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return await listener(batch)

    async with consuming(bus, "a", handle):
        await asyncio.gather(*(bus.publish(TOPIC, [Record(str(number).encode())]) for number in range(50)))
        await listener.until(lambda: len(listener.values) == 50)
    assert most == 1


async def test_after_busy_nothing_is_lost(bus: Bus) -> None:
    """Either the bus delivers the same batch again, or the sender is told to send again."""
    listener = Listener(raises=[Busy("not now")])
    async with consuming(bus, "a", listener):
        try:
            await bus.publish(TOPIC, [Record(b"1", b"k")])
        except Busy:
            await bus.publish(TOPIC, [Record(b"1", b"k")])
        await listener.until(lambda: len(listener.batches) == 2)
    first, second = listener.batches
    assert (first.token, list(first.records)) == (second.token, list(second.records))


async def test_other_records_make_another_token(bus: Bus) -> None:
    listener = Listener()
    async with consuming(bus, "a", listener):
        await bus.publish(TOPIC, [Record(b"1", b"k1")])
        await listener.until(lambda: len(listener.batches) == 1)
        await bus.publish(TOPIC, [Record(b"2", b"k2")])
        await listener.until(lambda: len(listener.batches) == 2)
    assert listener.batches[0].token != listener.batches[1].token


async def test_a_bug_in_a_handler_stops_the_consumer_loudly(bus: Bus) -> None:
    listener = Listener(raises=[ZeroDivisionError("a bug")])
    async with consuming(bus, "a", listener) as task:
        with suppress(Busy):
            await bus.publish(TOPIC, [Record(b"1")])
        with pytest.raises(ZeroDivisionError):
            await task


async def test_what_was_handled_before_is_taken_over_first_even_if_that_must_wait(bus: Bus) -> None:
    happened: list[str] = []
    handled = asyncio.Event()

    async def take_over() -> None:
        happened.append("asked")
        if len(happened) == 1:
            raise Busy("not yet")
        happened.append("taken over")

    async def handle(batch: Batch) -> Sequence[Rejection]:
        happened.append("handled")
        handled.set()
        return ()

    async with consuming(bus, "a", handle, take_over):
        await bus.publish(TOPIC, [Record(b"1")])
        async with asyncio.timeout(SECONDS):
            await handled.wait()
    assert happened == ["asked", "asked", "taken over", "handled"]
