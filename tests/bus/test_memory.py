"""What the memory bus promises beyond the contract: acknowledgement, backpressure, and merging of small records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from spanwise.collector.bus import Batch, Record, Rejection
from spanwise.collector.bus.memory import Delivery, MemoryBus
from spanwise.collector.errors import Busy, Rejected
from tests.contracts.test_bus import TOPIC, Listener, consuming

AWAITED = {TOPIC: Delivery(awaited=True)}


async def test_publish_returns_only_after_the_handler_did() -> None:
    bus = MemoryBus(AWAITED, clock=time.monotonic)
    finish = asyncio.Event()

    async def handle(batch: Batch) -> Sequence[Rejection]:
        await finish.wait()
        return ()

    async with consuming(bus, "store", handle):
        publishing = asyncio.create_task(bus.publish(TOPIC, [Record(b"1")]))
        await asyncio.sleep(0.05)
        assert not publishing.done()
        finish.set()
        await publishing


async def test_without_a_consumer_the_sender_keeps_the_record() -> None:
    with pytest.raises(Busy, match="nothing consumes"):
        await MemoryBus(AWAITED, clock=time.monotonic).publish(TOPIC, [Record(b"1")])


async def test_a_full_bus_refuses_and_recovers() -> None:
    bus = MemoryBus(AWAITED, capacity=10, batch_bytes=10, clock=time.monotonic)
    go_on = asyncio.Event()

    async def handle(batch: Batch) -> Sequence[Rejection]:
        await go_on.wait()
        return ()

    async with consuming(bus, "store", handle):
        first = asyncio.create_task(bus.publish(TOPIC, [Record(b"x" * 8)]))
        await asyncio.sleep(0.01)  # is being handled, and waits no longer
        second = asyncio.create_task(bus.publish(TOPIC, [Record(b"x" * 8)]))
        await asyncio.sleep(0.01)
        with pytest.raises(Busy, match="the bus is full"):
            await bus.publish(TOPIC, [Record(b"x" * 8)])
        go_on.set()
        await asyncio.gather(first, second)
        await bus.publish(TOPIC, [Record(b"x" * 8)])


async def test_a_rejected_record_does_not_fail_its_neighbours() -> None:
    bus = MemoryBus({TOPIC: Delivery(awaited=True, spacing=0.05)}, clock=time.monotonic)

    async def handle(batch: Batch) -> Sequence[Rejection]:
        return [Rejection(index, "bad") for index, record in enumerate(batch.records) if record.value == b"bad"]

    async with consuming(bus, "store", handle):
        await bus.publish(TOPIC, [Record(b"warm up")])
        outcomes = await asyncio.gather(
            *(bus.publish(TOPIC, [Record(value)]) for value in (b"good", b"bad", b"fine")), return_exceptions=True
        )
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], Rejected)


async def test_records_that_come_close_together_are_one_batch() -> None:
    bus = MemoryBus({TOPIC: Delivery(awaited=True, spacing=0.2)}, clock=time.monotonic)
    listener = Listener()
    async with consuming(bus, "store", listener):
        await bus.publish(TOPIC, [Record(b"first")])  # after a pause: at once
        await asyncio.gather(*(bus.publish(TOPIC, [Record(b"x")]) for _ in range(50)))
    assert [len(batch.records) for batch in listener.batches] == [1, 50]


async def test_a_whole_batch_does_not_wait() -> None:
    bus = MemoryBus({TOPIC: Delivery(awaited=True, spacing=3600)}, batch_bytes=10, clock=time.monotonic)
    listener = Listener()
    async with consuming(bus, "store", listener), asyncio.timeout(10):
        await bus.publish(TOPIC, [Record(b"first")])
        await bus.publish(TOPIC, [Record(b"x" * 10)])


async def test_a_slow_consumer_of_a_queued_topic_slows_the_publisher() -> None:
    bus = MemoryBus(capacity=100, batch_bytes=10, clock=time.monotonic)
    go_on = asyncio.Event()

    async def handle(batch: Batch) -> Sequence[Rejection]:
        await go_on.wait()
        return ()

    async with consuming(bus, "process", handle):
        publishing = asyncio.create_task(bus.publish(TOPIC, [Record(b"x" * 10)] * 100))
        await asyncio.sleep(0.05)
        assert not publishing.done()
        go_on.set()
        async with asyncio.timeout(10):
            await publishing
