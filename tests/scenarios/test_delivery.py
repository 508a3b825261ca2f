"""Whatever breaks on the way, every downstream store ends up with exactly what the log says, and nothing of what was
forgotten: conversations of many users come in as spans, while each store in turn is stopped, killed, made read-only and
filled anew.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from redis import Redis

from spanwise.collector.context.wire import record_from_wire
from spanwise.collector.deliver.documents import document
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.brokers.cluster import Cluster, kafka_cluster
from tests.deliver.conftest import or_skip
from tests.deliver.receiver import SECRET, Receiver
from tests.deliver.servers import Server, postgres_server, redis_server
from tests.exporting import export
from tests.processes import CollectorProcess, collector_process
from tests.requests import attributes, request_bytes, span
from tests.waiting import wait_until

PLANTED = "zorblax7731"
ORGS = ("acme", "globex", "initech")
TOKENS = {org: f"token-of-{org}-0123456789abcdef" for org in ORGS}
TEXTS = ("I prefer {} units", "my favourite colour is {}", "I live in {}", "I always fly from {}")
WORDS = ("metric", "imperial", "teal", "crimson", "Lisbon", "Oslo", "Quito", "Hanoi")
Held = Mapping[tuple[str, str], Mapping[str, Any]]
SETTLED_SECONDS = 240.0
TOPIC, PARTITIONS = "spanwise.context", 2
SENDERS = 4


@dataclass(frozen=True)
class Size:
    conversations: int
    users: int
    away: float
    """Seconds."""
    broker: Sequence[str]
    """How it ends; it takes the longest to come back."""


SHORT, LONG = Size(240, 30, 1.0, ["kill"]), Size(2_000, 200, 5.0, ["stop", "kill"])


def size() -> Size:
    return LONG if os.environ.get("SPANWISE_TEST_LONG") else SHORT


@dataclass
class World:
    """A collector with five downstream stores, all real; one is a topic of its own bus."""

    collector: CollectorProcess
    postgres: Server
    redis: Server
    files: Path
    receiver: Receiver
    cluster: Cluster

    def sql(self, statement: str) -> Sequence[Any]:
        return asyncio.run(_fetch(self.postgres.port, statement))

    def client(self) -> Any:
        return Redis(port=self.redis.port, decode_responses=True)

    def truth(self) -> Held:
        """What the collector answers, organisation by organisation."""
        held = {}
        with self.collector.channel() as channel:
            for org, token in TOKENS.items():
                request = wire.ListRequest(statuses=[wire.STATUS_ACTIVE], limit=100_000)
                answer = ContextServiceStub(channel).List(request, metadata=(("authorization", f"Bearer {token}"),))
                for record in map(record_from_wire, answer.records):
                    held[org, record.id] = document(record)
        return held

    def in_postgres(self) -> Held:
        rows = self.sql("SELECT org, record_id, content, position FROM spanwise.context WHERE status = 'active'")
        return {(row["org"], row["record_id"]): dict(row) for row in rows}

    def in_redis(self) -> Held:
        client = self.client()
        names = [name for scope in client.scan_iter("[{]spanwise}:scope:*") for name in client.smembers(scope)]
        assert len(names) == len(set(names)) == client.scard("{spanwise}:records")
        rows = [client.hgetall(name) for name in names]
        return {(row["org"], row["record_id"]): {**row, "position": int(row["position"])} for row in rows}

    def in_files(self) -> Held:
        rows = [row for file in self.files.rglob("records.json") for row in json.loads(file.read_text())]
        held = {(row["org"], row["record_id"]): row for row in rows}
        assert len(held) == len(rows), "a record is in one folder"
        return held

    def in_events(self) -> Held:
        """As the receiver sees it, which drops what has an id that it had before."""
        held: dict[tuple[str, str], Mapping[str, Any]] = {}
        for event in list({one["id"]: one for one in list(self.receiver.events)}.values()):
            key = (event["data"]["org"], event["data"]["record_id"])
            held[key] = event["data"]["record"]
        return {key: record for key, record in held.items() if record}

    def topic(self) -> Sequence[Any]:
        """Every record of the topic, partition by partition, as a consumer sees it."""
        return asyncio.run(_consumed(self.cluster))

    def in_topic(self) -> Held:
        """By what is newest of each key."""
        held: dict[tuple[str, str], Mapping[str, Any]] = {}
        for one in self.topic():
            key = (dict(one.headers)["org"].decode(), one.key.decode())
            held.pop(key, None)
            if one.value is not None:
                update = wire.ContextUpdate.FromString(one.value)
                held[key] = {"content": update.content, "position": update.position}
        return held

    def everywhere(self) -> Mapping[str, Held]:
        return {
            "postgres": self.in_postgres(),
            "redis": self.in_redis(),
            "files": self.in_files(),
            "webhook": self.in_events(),
            "topic": self.in_topic(),
        }


@pytest.fixture
def world(tmp_path: Path, free_port: int, jars: str) -> Iterator[World]:
    receiver = Receiver(free_port)
    with (
        or_skip(postgres_server) as postgres,
        or_skip(lambda: redis_server(tmp_path)) as redis,
        kafka_cluster(tmp_path / "brokers", jars) as cluster,
    ):
        receiver.start()
        files = tmp_path / "files"
        stores = {
            "postgres": {"url": f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres"},
            "redis": {"url": f"redis://127.0.0.1:{redis.port}/0", "options": {"stream_length": "1000000"}},
            "files": {"url": f"file://{files}"},
            "webhook": {"url": receiver.url, "secret": SECRET},
            "topic": {"url": "kafka:"},
        }
        environment = {
            "SPANWISE_DELIVER__STORES": json.dumps(stores),
            "SPANWISE_DELIVER__RETRY_SECONDS": "1",
            "SPANWISE_RECEIVE__TOKENS": json.dumps(TOKENS),
            "SPANWISE_RECEIVE__HTTP_LISTEN": "127.0.0.1:0",
            "SPANWISE_BUS": cluster.url,
            "SPANWISE_KAFKA__PARTITIONS": str(PARTITIONS),
            "SPANWISE_KAFKA__SESSION_SECONDS": "2",
        }
        try:
            with collector_process(tmp_path / "collector", environment) as collector:
                yield World(collector, postgres, redis, files, receiver, cluster)
        finally:
            receiver.stop()


def say_to(collector: CollectorProcess, org: str, user: str, text: str, number: int) -> None:
    """One conversation, as an instrumented agent sends it, again until it is acknowledged."""
    messages = [{"role": "user", "parts": [{"type": "text", "content": f"Remember that {text}."}]}]
    said = {
        "gen_ai.operation.name": "chat",
        "gen_ai.agent.name": "desk",
        "gen_ai.conversation.id": f"conversation-{number}",
        "gen_ai.input.messages": json.dumps(messages),
        "user.id": user,
    }
    data = request_bytes(span("chat", *attributes(said), trace_id=(number + 1).to_bytes(16, "big")))
    deadline = time.monotonic() + 120
    while True:
        try:
            with collector.channel() as channel:
                export(channel, data, metadata=(("authorization", f"Bearer {TOKENS[org]}"),))
        except (grpc.RpcError, AssertionError):  # it is being started again
            assert time.monotonic() < deadline
            time.sleep(0.2)
        else:
            return


def conversations(world: World, chosen: Size, numbers: range) -> None:
    for number in numbers:
        user = number % chosen.users
        subject = TEXTS[(number // chosen.users) % len(TEXTS)]
        word = WORDS[(number * 7 + number // (chosen.users * len(TEXTS))) % len(WORDS)]
        say_to(world.collector, ORGS[user % 3], f"user-{user}", subject.format(word), number)


@contextmanager
def read_only(world: World) -> Iterator[None]:
    """Stores that are there, and let nobody write."""
    world.sql("ALTER SYSTEM SET default_transaction_read_only = on")
    world.sql("SELECT pg_reload_conf()")
    world.client().config_set("min-replicas-to-write", 1)
    away = world.files.with_name("away")
    world.files.rename(away)
    world.files.write_text("no directory")
    world.receiver.answers[b"specversion"] = (503, {"retry-after": "1"})
    yield
    del world.receiver.answers[b"specversion"]
    world.files.unlink()
    away.rename(world.files)
    world.client().config_set("min-replicas-to-write", 0)
    world.sql("SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only")
    world.sql("SELECT pg_reload_conf()")


def torments(world: World, chosen: Size) -> Sequence[Callable[[], None]]:
    """What happens to each store in turn, and to the collector."""

    def ended(server: Server | Cluster, end: Callable[[], None]) -> None:
        end()
        time.sleep(chosen.away)
        server.start()

    def frozen(server: Server) -> None:
        server.freeze()
        time.sleep(chosen.away)
        server.thaw()

    def gone_receiver() -> None:
        world.receiver.stop()
        time.sleep(chosen.away)
        world.receiver.start()

    def nobody_may_write() -> None:
        with read_only(world):
            time.sleep(chosen.away)

    def filled_anew() -> None:
        world.sql("DROP SCHEMA spanwise CASCADE")
        world.client().flushall()
        world.collector.kill()
        shutil.rmtree(world.files)
        asyncio.run(_deleted(world.cluster))
        world.collector.start()

    servers = (world.postgres, world.redis)
    return [
        *(partial(ended, server, end) for server in servers for end in (server.stop, server.kill)),
        *(partial(ended, world.cluster, getattr(world.cluster, end)) for end in chosen.broker),
        *(partial(frozen, server) for server in servers),
        gone_receiver,
        nobody_may_write,
        filled_anew,
    ]


def essence(held: Held) -> Mapping[tuple[str, str], tuple[str, int]]:
    return {key: (str(one["content"]), int(one["position"])) for key, one in held.items()}


def until_equal(world: World) -> Held:
    """Return once every store holds what the log says; names what differs if that does not come to be."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        differences: Mapping[str, int] = {"the stores": -1}
        with suppress(OSError, ValueError, asyncpg.PostgresError, grpc.RpcError, KafkaError):
            truth = world.truth()
            differences = {
                name: len(set(essence(held).items()) ^ set(essence(truth).items()))
                for name, held in world.everywhere().items()
            }
        if not any(differences.values()):
            return truth
        assert time.monotonic() < deadline, f"different records: {differences}"
        time.sleep(0.5)


def processed(world: World) -> None:
    due = "SELECT count() FROM (SELECT TraceId FROM otel_traces EXCEPT SELECT TraceId FROM processed)"
    wait_until(lambda: world.collector.rows(due) == [(0,)], SETTLED_SECONDS)


def assert_in_order(changes: Sequence[tuple[str, int]], *, once: bool) -> None:
    """Of each record, nothing old came after something new, and nothing twice."""
    told: dict[str, list[int]] = defaultdict(list)
    for record, position in changes:
        told[record].append(position)
    for record, positions in told.items():
        assert positions == sorted(positions), record
        assert not once or len(set(positions)) == len(positions), record


def holding(world: World, text: str) -> Mapping[str, bool]:
    """Whether the words are anywhere in the files of the stores."""
    world.sql("CHECKPOINT")
    places = {"postgres": world.postgres.data / "base", "redis": world.redis.data, "files": world.files}
    return {
        name: any(text.encode() in file.read_bytes() for file in place.rglob("*") if file.is_file())
        for name, place in places.items()
    }


@pytest.mark.timeout(1800)
def test_stores_equal_the_log_whatever_breaks(world: World, tell: Callable[[str], None]) -> None:
    chosen = size()
    wait_until(lambda: world.sql("SELECT to_regclass('spanwise.context') IS NOT NULL")[0][0], 60)
    begun = time.monotonic()
    steps = torments(world, chosen)
    with ThreadPoolExecutor(SENDERS) as senders:
        for number, step in enumerate(steps):
            # At full speed, a share of the conversations while each of them happens.
            first, last = (chosen.conversations * one // len(steps) for one in (number, number + 1))
            shares = [range(first + sender, last, SENDERS) for sender in range(SENDERS)]
            sending: list[Future[None]] = [senders.submit(conversations, world, chosen, share) for share in shares]
            step()
            for one in sending:
                one.result()
    say_to(world.collector, "acme", "eve", f"my favourite tea is {PLANTED}", chosen.conversations)
    processed(world)
    truth = until_equal(world)
    assert {org for org, _ in truth} == set(ORGS)
    events = list(world.receiver.events)
    once = list({one["id"]: one for one in events}.values())
    assert_in_order([(one["subject"], one["data"]["position"]) for one in once], once=True)
    stream = [entry for _, entry in world.client().xrange("{spanwise}:changes")]
    assert_in_order([(one["record_id"], int(one["position"])) for one in stream], once=True)
    appended = [(one.key.decode(), int(dict(one.headers)["position"])) for one in world.topic()]
    assert_in_order(appended, once=True)
    for name in ("postgres", "redis", "files", "topic"):
        verified = world.collector.run("deliver", "verify", name, "--dry-run")
        assert (verified.returncode, "nothing differs" in verified.stdout) == (0, True), (
            verified.stderr + verified.stdout
        )
    assert all(holding(world, PLANTED).values()), "or the search would find nothing in any case"
    forgotten = world.collector.run("context", "forget", "--user", "eve", "--org", "acme", "--yes")
    assert forgotten.returncode == 0, forgotten.stderr
    wait_until(lambda: not any(holding(world, PLANTED).values()), 60)
    wait_until(lambda: world.receiver.events[-1]["type"].endswith(".erased"), 30)
    until_equal(world)
    tell(
        f"{chosen.conversations:,} conversations, {len(truth):,} records in 5 stores "
        f"after {time.monotonic() - begun:.0f} s; {len(events) - len(once)} of {len(events):,} events "
        "came again, all recognisable"
    )


async def _fetch(port: int, statement: str) -> Sequence[Any]:
    connection = await asyncpg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", timeout=10)
    try:
        if ";" in statement:
            for one in statement.split(";"):
                await connection.execute(one)
            return ()
        rows: Sequence[Any] = await connection.fetch(statement)
        return rows
    finally:
        await connection.close()


async def _consumed(cluster: Cluster) -> Sequence[Any]:
    at = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    found: list[Any] = []
    async with AIOKafkaConsumer(
        bootstrap_servers=list(cluster.addresses), auto_offset_reset="earliest", isolation_level="read_committed"
    ) as consumer:
        consumer.assign(at)
        ends = await consumer.end_offsets(at)
        while any([await consumer.position(one) < ends[one] for one in at]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
    return sorted(found, key=lambda one: (one.partition, one.offset))


async def _deleted(cluster: Cluster) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=list(cluster.addresses))
    await admin.start()
    try:
        await admin.delete_topics([TOPIC])
    finally:
        await admin.close()
