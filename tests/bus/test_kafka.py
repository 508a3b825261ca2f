"""What only Kafka's bus promises: the same batch after a crash, dead letters, lag, sizes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from aiokafka import TopicPartition

from spanwise.collector.bus import SPANS, Batch, Handler, Record, Rejection
from spanwise.collector.bus.kafka.bus import KafkaBus
from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.kafka.dead_letter_topic import read_dead_letters, replay
from spanwise.collector.bus.kafka.dead_letters import TooManyRejected
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.bus.kafka.topics import check_topics, make_topics, topic_name
from spanwise.collector.errors import Busy, Rejected
from tests.brokers.buses import Lags, kafka_bus, kafka_settings
from tests.brokers.cluster import Cluster

SECONDS = 40.0
GROUP = "tested"


@dataclass
class Handled:
    """A handler that keeps what it gets; `inside` decides what comes of it."""

    inside: Callable[[Batch], Sequence[Rejection]] = lambda _: ()
    waits: asyncio.Event | None = None
    batches: list[Batch] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __call__(self, batch: Batch) -> Sequence[Rejection]:
        self.batches.append(batch)
        async with self.changed:
            self.changed.notify_all()
        if self.waits is not None:
            await self.waits.wait()
        return self.inside(batch)

    @property
    def values(self) -> list[bytes]:
        return [record.value for batch in self.batches for record in batch.records]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS), self.changed:
            await self.changed.wait_for(condition)


@asynccontextmanager
async def consuming(bus: KafkaBus, handle: Handler) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(bus.consume(SPANS, GROUP, handle))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.05)


def numbered(count: int, first: int = 0) -> list[Record]:
    return [Record(str(number).encode(), str(number).encode()) for number in range(first, first + count)]


async def test_a_batch_that_a_crash_cut_short_is_the_same_batch_with_the_same_token(cluster: Cluster) -> None:
    settings = kafka_settings(partitions=1)
    async with kafka_bus(cluster, settings) as bus:
        await bus.publish(SPANS, numbered(5))
        stuck = Handled(waits=asyncio.Event())
        async with consuming(bus, stuck):  # it ends in the middle of the batch
            await stuck.until(lambda: len(stuck.batches) == 1)
        await bus.publish(SPANS, numbered(5, first=5))  # they may not be in it
        after = Handled()
        async with consuming(bus, after):
            await after.until(lambda: len(after.values) == 10)
    redone = after.batches[0]
    assert (redone.token, redone.formed_at) == (stuck.batches[0].token, stuck.batches[0].formed_at)
    assert redone.records == stuck.batches[0].records
    assert after.values == [str(number).encode() for number in range(10)]


async def test_who_was_thought_dead_and_comes_back_commits_nothing(cluster: Cluster) -> None:
    """Two members of one group: the first is in the middle of a batch when its partition moves to the second."""
    settings = kafka_settings(partitions=1)
    async with kafka_bus(cluster, settings) as bus, kafka_bus(cluster, settings) as other_bus:
        await bus.publish(SPANS, numbered(3))
        waking = asyncio.Event()
        slow, other = Handled(waits=waking), Handled()
        async with consuming(bus, slow):
            await slow.until(lambda: len(slow.batches) == 1)
            async with consuming(other_bus, other):
                await asyncio.sleep(4)  # the second joins; the partition goes to one of them
                await bus.publish(SPANS, numbered(3, first=3))
                waking.set()
                everything = {record.value for record in numbered(6)}
                await until(lambda: {*slow.values, *other.values} == everything)
                await asyncio.sleep(1)  # the commit
        batches = {batch.token: [one.value for one in batch.records] for batch in [*slow.batches, *other.batches]}
        assert sorted(value for values in batches.values() for value in values) == sorted(
            record.value for record in numbered(6)
        ), "each record belongs to one token, whoever handled it"
        left = Handled()
        await bus.publish(SPANS, numbered(1, first=6))
        async with consuming(bus, left):
            await left.until(lambda: b"6" in left.values)
        assert left.values == [b"6"], "everything else was committed"


async def test_busy_is_tried_again_with_the_same_batch_until_it_passes(cluster: Cluster) -> None:
    tries = 3

    def refuse(_: Batch) -> Sequence[Rejection]:
        nonlocal tries
        tries -= 1
        if tries:
            raise Busy("not now")
        return ()

    async with kafka_bus(cluster, kafka_settings(partitions=1)) as bus:
        handled = Handled(refuse)
        await bus.publish(SPANS, numbered(2))
        async with consuming(bus, handled):
            await handled.until(lambda: len(handled.batches) == 3)
    assert len({batch.token for batch in handled.batches}) == 1


async def test_a_batch_ends_where_it_is_large_enough(cluster: Cluster) -> None:
    async with kafka_bus(cluster, kafka_settings(partitions=1), batch_bytes=10_000) as bus:
        await bus.publish(SPANS, [Record(bytes(4_000), b"k") for _ in range(10)])
        handled = Handled()
        async with consuming(bus, handled):
            await handled.until(lambda: len(handled.values) == 10)
    assert {len(batch.records) for batch in handled.batches} == {2}


async def test_rejected_records_are_dead_letters_with_their_bytes_and_can_be_replayed(cluster: Cluster) -> None:
    settings = kafka_settings(partitions=1)
    connection = Connection(cluster.addresses, settings)

    def reject(batch: Batch) -> Sequence[Rejection]:
        found = [Rejection(index, "bad", None) for index, one in enumerate(batch.records) if one.value == b"\xffbad"]
        return found + [
            Rejection(index, "half", b"half") for index, one in enumerate(batch.records) if one.value == b"whole"
        ]

    async with kafka_bus(cluster, settings) as bus:
        bad = Record(b"\xffbad", b"key", {"spanwise.org": b"acme", "spanwise.hash": bytes(16)})
        await bus.publish(SPANS, [*numbered(1), bad, Record(b"whole", b"k", {"spanwise.hash": b"x"}), *numbered(1, 1)])
        rejecting = Handled(reject)
        async with consuming(bus, rejecting):
            await bus.publish(SPANS, numbered(1, 2))
            await rejecting.until(lambda: b"2" in rejecting.values)
            await asyncio.sleep(1)
        name = topic_name(settings, SPANS)
        letters = await read_dead_letters(connection, settings)
        assert set(letters) == {f"{name}/0/1", f"{name}/0/2"}
        whole, part = letters[f"{name}/0/1"], letters[f"{name}/0/2"]
        assert (whole.reason, whole.part, whole.record) == ("bad", False, bad)
        assert (part.reason, part.part, part.record) == ("half", True, Record(b"half"))

        await replay(connection, settings, [whole])
        mended = Handled()
        async with consuming(bus, mended):
            await mended.until(lambda: bad.value in mended.values)
        assert mended.batches[-1].records[-1] == bad
        assert set(await read_dead_letters(connection, settings)) == {part.id}


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [
        ({"dead_letter_consecutive": 20}, "20 records in a row were rejected, the last because: no good"),
        ({"dead_letter_share": 0.5, "dead_letter_consecutive": 10_000}, "of the last 1.. records were rejected"),
    ],
)
async def test_too_many_rejections_stop_the_role_and_lose_nothing(
    cluster: Cluster, limits: dict[str, float], complaint: str
) -> None:
    settings = kafka_settings(partitions=1, **limits)
    async with kafka_bus(cluster, settings) as bus:
        await bus.publish(SPANS, numbered(200))
        reject = Handled(lambda batch: [Rejection(index, "no good") for index in range(len(batch.records))])
        with pytest.raises(TooManyRejected, match=complaint):
            await bus.consume(SPANS, GROUP, reject)
        assert await read_dead_letters(Connection(cluster.addresses, settings), settings) == {}
        mended = Handled()
        async with consuming(bus, mended):
            await mended.until(lambda: len(mended.values) == 200)


async def test_the_lag_is_true_while_the_handler_is_stuck_and_gone_when_the_consumer_is(cluster: Cluster) -> None:
    lags, waking = Lags(), asyncio.Event()
    async with kafka_bus(cluster, kafka_settings(partitions=1), lags) as bus:
        await bus.publish(SPANS, numbered(1))
        stuck = Handled(waits=waking)
        async with consuming(bus, stuck):
            await stuck.until(lambda: len(stuck.batches) == 1)
            await bus.publish(SPANS, numbered(9, first=1))
            await until(lambda: lags.now.get(0, (0, 0.0))[0] == 10 and lags.now[0][1] > 1)
            waking.set()
            await until(lambda: lags.now.get(0) == (0, 0.0))
        assert lags.now == {}


async def test_a_record_that_the_topic_does_not_take_is_rejected_and_its_setting_named(cluster: Cluster) -> None:
    settings = kafka_settings(partitions=1, record_bytes=100_000, compression="none")
    connection = Connection(cluster.addresses, settings)
    await make_topics(connection, settings)
    larger = settings.model_copy(update={"record_bytes": 1_000_000})
    async with kafka_bus(cluster, larger) as bus:
        with pytest.raises(Rejected, match=r"its max\.message\.bytes must be more than kafka\.record_bytes"):
            await bus.publish(SPANS, [Record(bytes(500_000))])
        await bus.publish(SPANS, [Record(bytes(90_000))])
    found = [(one.topic, one.remedy) for one in await check_topics(connection, larger)]
    assert (topic_name(settings, SPANS), "raise it to 1065536, or set kafka.record_bytes = 100000") in found


async def test_what_is_wrong_with_topics_is_said(cluster: Cluster) -> None:
    settings = kafka_settings(partitions=2)
    connection = Connection(cluster.addresses, settings)
    missing = await check_topics(connection, settings)
    assert {one.found for one in missing} == {"is missing"}
    assert len(await make_topics(connection, settings)) == 4
    assert await make_topics(connection, settings) == []
    assert await check_topics(connection, settings) == []
    wished = settings.model_copy(update={"partitions": 4, "replication": 3, "retention_hours": 1000})
    found = [one.found for one in await check_topics(connection, wished) if one.topic.endswith("spans")]
    assert found == [
        "2 partitions instead of 4",
        "1 replicas instead of 3",
        "retention.ms = 259200000, which is less than 3600000000",
    ]


async def test_a_broker_that_is_not_there_is_busy(free_port: int) -> None:
    settings = KafkaSettings(publish_seconds=2.0)
    bus = KafkaBus(Connection([f"127.0.0.1:{free_port}"], settings), settings, Lags(), spacing={}, batch_bytes=1_000)
    with pytest.raises(Busy, match=str(free_port)):
        await bus.publish(SPANS, numbered(1))
    await bus.close()


async def test_what_is_on_the_topic_is_the_record_and_nothing_else(cluster: Cluster) -> None:
    """So that other programs can read it: no envelope."""
    settings = kafka_settings(partitions=1, spans_topic="otlp_spans_of_others")
    connection = Connection(cluster.addresses, settings)
    async with kafka_bus(cluster, settings) as bus:
        await bus.publish(SPANS, [Record(b"exactly this", b"key", {"a": b"1"})])
    reader = await connection.started(connection.reader())
    try:
        reader.assign([TopicPartition("otlp_spans_of_others", 0)])
        record = await asyncio.wait_for(reader.getone(), SECONDS)
    finally:
        await connection.stopped(reader)
    assert (record.value, record.key, list(record.headers)) == (b"exactly this", b"key", [("a", b"1")])


async def test_while_nothing_can_be_taken_over_little_is_fetched_and_the_lag_is_known(cluster: Cluster) -> None:
    lags, reachable = Lags(), False

    async def take_over() -> None:
        if not reachable:
            raise Busy("the store is away")

    async with kafka_bus(cluster, kafka_settings(partitions=1, fetch_bytes=20_000), lags, batch_bytes=50_000) as bus:
        await bus.publish(SPANS, [Record(random.randbytes(1_000), b"k") for _ in range(500)])
        handled = Handled()
        member = asyncio.create_task(bus.consume(SPANS, GROUP, handled, take_over))
        try:
            await until(lambda: lags.now.get(0, (0, 0.0))[0] == 500 and lags.now[0][1] > 3)
            assert handled.batches == []
            reachable = True
            await handled.until(lambda: len(handled.values) == 500)
        finally:
            member.cancel()
            with suppress(asyncio.CancelledError):
                await member
        assert max(sum(len(one.value) for one in batch.records) for batch in handled.batches) <= 50_000


async def test_a_named_member_that_starts_again_soon_finds_its_partitions_and_disturbs_nobody(cluster: Cluster) -> None:
    lags = Lags()
    first = kafka_settings(partitions=2, session_seconds=10.0, member="first")
    second = first.model_copy(update={"member": "second"})
    async with (
        kafka_bus(cluster, first) as bus,
        kafka_bus(cluster, second, lags) as steady,
        consuming(steady, Handled()),
    ):
        async with consuming(bus, Handled()):
            await until(lambda: len(lags.now) == 1)
        lags.revoked.clear()
        await bus.publish(SPANS, numbered(20))
        async with consuming(bus, again := Handled()):
            await again.until(lambda: bool(again.values))
        assert lags.revoked == []


async def test_another_program_may_write_records_without_key_and_headers(cluster: Cluster) -> None:
    settings = kafka_settings(partitions=1)
    connection = Connection(cluster.addresses, settings)
    async with kafka_bus(cluster, settings) as bus:
        await make_topics(connection, settings)
        producer = await connection.started(connection.producer())
        await producer.send_and_wait(topic_name(settings, SPANS), b"theirs")
        await producer.send_and_wait(topic_name(settings, SPANS), None, b"nothing")
        await connection.stopped(producer)
        handled = Handled()
        async with consuming(bus, handled):
            await handled.until(lambda: len(handled.values) == 2)
    assert [one for batch in handled.batches for one in batch.records] == [Record(b"theirs"), Record(b"", b"nothing")]
