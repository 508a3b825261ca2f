"""Delivery: updates a second to each downstream store, and how soon a lesson is there.

    python -m benchmarks.deliver [--records 5000] [--lessons 60] [--json]

The stores are filled from a log of so many records, one after the other, and compared with what their client libraries
write of the same rows in pages of the same size when nothing is read, folded or kept in order. Then users teach a
collector on Kafka one by one, while every store follows it: the time is from the signal's row to the arrival in each
store, by the clock of this machine: a trigger in PostgreSQL, the stream in Redis, the times of files, the receiver's
clock, and a consumer's of the topic `context`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import grpc
import httpx2
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from redis.asyncio import Redis
from rich.console import Console

from benchmarks import traffic
from benchmarks.context import filled
from benchmarks.load import Sender
from benchmarks.report import Figure, parser, report
from spanwise.collector.bus import CONTEXT
from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.kafka.journal import open_journal
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.deliver import Destination
from spanwise.collector.deliver.delivery import find
from spanwise.collector.deliver.documents import document
from spanwise.collector.deliver.following import Follower
from spanwise.collector.deliver.letters import Letters
from spanwise.collector.deliver.positions import StorePositions
from spanwise.collector.deliver.reading import PAGE, LogReader
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.deliver.tail import Tail
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import embedded_client
from spanwise.v1.context_pb2 import ContextUpdate
from tests.brokers.cluster import Cluster, kafka_cluster
from tests.brokers.jars import class_path
from tests.deliver.receiver import SECRET, Receiver
from tests.deliver.servers import postgres_server, redis_server
from tests.processes import CollectorProcess, collector_process, free_port

Rows = Sequence[Mapping[str, Any]]
TIMER = """
CREATE TABLE spanwise.arrived (user_id text, at timestamptz);
CREATE FUNCTION spanwise.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO spanwise.arrived VALUES (NEW.user_id, clock_timestamp()); RETURN NEW; END $$;
CREATE TRIGGER note AFTER INSERT ON spanwise.context FOR EACH ROW EXECUTE FUNCTION spanwise.note();
"""
KAFKA = KafkaSettings()
TOPIC = f"{KAFKA.topic_prefix}{CONTEXT}"


@dataclass(frozen=True)
class World:
    """A server for each store, and the store's URL by its scheme."""

    path: Path
    urls: Mapping[str, str]
    receiver: Receiver
    cluster: Cluster


def now() -> datetime:
    return datetime.now(UTC)


async def delivered(reader: LogReader, store: ClickHouseStore, name: str, world: World) -> float:
    """Fill a new store from the log; updates a second."""
    end = await reader.end()
    tail = Tail(reader, 1.0)
    journal = partial(open_journal, Connection(world.cluster.addresses, KAFKA), KAFKA, CONTEXT)
    destination = Destination(name, world.urls[name], SECRET, {}, StorePositions(store, now), journal)
    letters = Letters(store, now)

    def opened() -> Any:
        return find(destination.name)(destination)

    follower = Follower(destination.name, opened, Selection(), reader, tail, letters.refuse, now)
    begun = time.perf_counter()
    tasks = [asyncio.create_task(work()) for work in (tail.run, follower.run)]
    while follower.progress.position < end:  # noqa: ASYNC110 (a follower tells nobody)
        await asyncio.sleep(0.005)
    seconds = time.perf_counter() - begun
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert follower.progress.delivered == end
    return end / seconds


def pages(rows: Rows) -> Iterator[Rows]:
    return (rows[start : start + PAGE] for start in range(0, len(rows), PAGE))


async def plain_postgres(url: str, rows: Rows) -> None:
    connection = await asyncpg.connect(url)
    try:
        names = [name for name in rows[0] if name not in ("confidence", "position")]
        columns = ", ".join(f"{name} text" for name in names)
        await connection.execute(f"CREATE TABLE plain ({columns}, PRIMARY KEY (org, record_id))")
        marks = ", ".join(f"${number}::text[]" for number, _ in enumerate(names, 1))
        for page in pages(rows):
            values = [[str(row[name]) for row in page] for name in names]
            await connection.execute(f"INSERT INTO plain SELECT * FROM unnest({marks})", *values)
    finally:
        await connection.close()


async def plain_redis(url: str, rows: Rows) -> None:
    async with Redis.from_url(url) as client:
        for page in pages(rows):
            async with client.pipeline(transaction=True) as pipeline:
                for row in page:
                    fields: Any = dict(row)
                    pipeline.hset(f"plain:{row['record_id']}", mapping=fields)
                await pipeline.execute()


async def plain_files(url: str, rows: Rows) -> None:
    """A file for each user: what there is to write, without a section, a re-reading or a sync."""
    folder = Path(url.removeprefix("file://")).with_name("plain")
    folder.mkdir()
    for page in pages(rows):
        users: dict[str, list[str]] = {}
        for row in page:
            users.setdefault(str(row["user_id"]), []).append(json.dumps(row))
        for user, lines in users.items():
            with (folder / f"{user}.jsonl").open("a") as file:
                file.write("\n".join(lines))


async def plain_http(url: str, rows: Rows) -> None:
    room = asyncio.Semaphore(8)
    async with httpx2.AsyncClient(trust_env=False) as client:

        async def post(row: Mapping[str, Any]) -> None:
            async with room:
                await client.post(url, content=json.dumps(row).encode())

        for page in pages(rows):
            await asyncio.gather(*map(post, page))


async def plain_kafka(url: str, rows: Rows) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=url.removeprefix("kafka://"), enable_idempotence=True, compression_type=KAFKA.compression
    ) as producer:
        for page in pages(rows):
            sent = [await producer.send("plain", json.dumps(row).encode(), row["record_id"].encode()) for row in page]
            await asyncio.gather(*sent)


PLAIN: Mapping[str, Callable[[str, Rows], Awaitable[None]]] = {
    "postgresql": plain_postgres,
    "redis": plain_redis,
    "file": plain_files,
    "http": plain_http,
    "kafka": plain_kafka,
}


@asynccontextmanager
async def log_of(directory: Path, records: int, console: Console) -> AsyncIterator[ClickHouseStore]:
    await filled(directory, records, max(records // 50, 1), console)
    store = ClickHouseStore(lambda: embedded_client(directory))
    try:
        yield store
    finally:
        await store.close()


async def rates(world: World, records: int, console: Console) -> list[Figure]:
    found = []
    async with log_of(world.path / "log", records, console) as store:
        reader = LogReader(store)
        rows: list[Mapping[str, Any]] = []
        for after in range(0, records, PAGE):
            page = await reader.page(after, records, Selection())
            rows += [document(change.record) for change in page.changes if change.record]
        for name, url in world.urls.items():
            with console.status(f"filling {name}"):
                rate = await delivered(reader, store, name, world)
                begun = time.perf_counter()
                await PLAIN[name](url, rows)
                plain = len(rows) / (time.perf_counter() - begun)
            what = f"plain writes of the same rows: {plain:,.0f} a second"
            found.append(Figure(f"deliver: {name}", rate, "updates/s", rate / plain, what))
    return found


async def teach(collector: CollectorProcess, lessons: int) -> None:
    random = Random(7)
    async with grpc.aio.insecure_channel(collector.addresses.grpc) as channel:
        sender = Sender(channel)
        for number in range(lessons):
            spans = traffic.turn("Please remember that I prefer window seats. Which trains are there?", 1, random)
            traffic.identify(spans, f"speaker-{number}", f"conversation-{number}")
            traffic.stamp(spans, random.randbytes(16), random, end=time.time_ns())
            await sender.send(traffic.request(spans), len(spans))
            await asyncio.sleep(random.uniform(0.1, 0.4))


async def taught(world: World, collector: CollectorProcess, lessons: int) -> Mapping[str, float]:
    """Teach, and listen to the topic meanwhile: when what each user taught came there."""
    arrived: dict[str, float] = {}
    async with AIOKafkaConsumer(
        TOPIC, bootstrap_servers=list(world.cluster.addresses), isolation_level="read_committed"
    ) as consumer:

        async def listen() -> None:
            while len(arrived) < lessons:
                record = await consumer.getone()
                arrived[ContextUpdate.FromString(record.value).scope.user] = time.time()

        listening = asyncio.create_task(asyncio.wait_for(listen(), 60 + lessons))
        await teach(collector, lessons)
        with suppress(TimeoutError):
            await listening
    return arrived


async def arrivals(urls: Mapping[str, str], receiver: Receiver) -> Mapping[str, Mapping[str, float]]:
    """By store: when what each user taught came there, in seconds since 1970."""
    connection = await asyncpg.connect(urls["postgresql"])
    in_postgres = {
        row["user_id"]: row["at"].timestamp() for row in await connection.fetch("SELECT * FROM spanwise.arrived")
    }
    await connection.close()
    async with Redis.from_url(urls["redis"], decode_responses=True) as client:
        stream: Any = await client.xrange("{spanwise}:changes")
        records = {
            row["record_id"]: row["user_id"]
            async for name in client.scan_iter("[{]spanwise}:record:*")
            if (row := await client.hgetall(name))
        }
    in_redis = {records[entry["record_id"]]: int(number.partition("-")[0]) / 1000 for number, entry in stream}
    in_files = written(Path(urls["file"].removeprefix("file://")))
    in_events = {
        event["data"]["record"]["user_id"]: at for event, at in zip(receiver.events, receiver.times, strict=True)
    }
    return {"postgresql": in_postgres, "redis": in_redis, "file": in_files, "http": in_events}


def written(root: Path) -> Mapping[str, float]:
    files = root.rglob("records.json")
    return {json.loads(file.read_text())[0]["user_id"]: file.stat().st_mtime for file in files}


def delays(world: World, lessons: int) -> Iterator[Figure]:
    urls, receiver = world.urls, world.receiver
    stores = {
        name: {"url": "kafka:" if name == "kafka" else url, "secret": SECRET if name == "http" else ""}
        for name, url in urls.items()
    }
    environment = {"SPANWISE_DELIVER__STORES": json.dumps(stores), "SPANWISE_BUS": world.cluster.url}
    with collector_process(world.path / "collector", environment) as collector:
        asyncio.run(_timed(urls["postgresql"]))
        in_topic = asyncio.run(taught(world, collector, lessons))
        deadline = time.monotonic() + 60
        while len(receiver.events) < lessons and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(2)
        seen = {
            user: at.replace(tzinfo=UTC).timestamp()
            for user, at in collector.rows(
                "SELECT UserId, min(SeenAt) FROM signals WHERE Kind = 'memory.explicit' GROUP BY UserId"
            )
        }
        for name, arrived in {**asyncio.run(arrivals(urls, receiver)), "kafka": in_topic}.items():
            passed = [at - seen[user] for user, at in arrived.items() if user in seen]
            share = len(passed) / lessons
            yield Figure(f"deliver: {name}, lessons arrived", len(passed), "", share, f"of {lessons}", 1.0)
            quantiles = statistics.quantiles(passed, n=100, method="inclusive")
            yield Figure(f"deliver: signal to {name}, p50", quantiles[49], "s")
            yield Figure(f"deliver: signal to {name}, p99", quantiles[98], "s")


async def _timed(url: str) -> None:
    connection = await asyncpg.connect(url)
    while not await connection.fetchval("SELECT to_regclass('spanwise.context') IS NOT NULL"):  # noqa: ASYNC110 (the collector makes it)
        await asyncio.sleep(0.1)
    await connection.execute(TIMER)
    await connection.close()


def measured(records: int, lessons: int, console: Console) -> Iterator[Figure]:
    """With servers of its own, fresh for each part."""
    parts: Sequence[Callable[[World], Any]] = (
        lambda world: asyncio.run(rates(world, records, console)),
        lambda world: delays(world, lessons),
    )
    for part in parts:
        with ExitStack() as stack:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            postgres = stack.enter_context(postgres_server())
            redis = stack.enter_context(redis_server(path))
            automatic = {"auto.create.topics.enable": "true"}  # for plain writes
            cluster = stack.enter_context(kafka_cluster(path / "brokers", class_path(), properties=automatic))
            receiver = Receiver(free_port())
            receiver.start()
            stack.callback(receiver.stop)
            urls = {
                "postgresql": f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres",
                "redis": f"redis://127.0.0.1:{redis.port}/0",
                "file": f"file://{path / 'files'}",
                "http": receiver.url,
                "kafka": cluster.url,
            }
            yield from part(World(path, urls, receiver, cluster))


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--records", type=int, default=5_000, help="in the log that stores are filled from")
    arguments.add_argument("--lessons", type=int, default=60, help="that are taught while the stores follow")
    options = arguments.parse_args()
    found = measured(options.records, options.lessons, Console(stderr=True))
    report("Downstream stores", found, as_json=options.json)


if __name__ == "__main__":
    main()
