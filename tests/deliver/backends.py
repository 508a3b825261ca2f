"""Real stores to deliver to, and what a test can see of them without asking the code that is tested."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from redis.asyncio import Redis

from spanwise.collector.bus import CONTEXT
from spanwise.collector.bus.kafka.connection import Connection
from spanwise.collector.bus.kafka.journal import open_journal
from spanwise.collector.bus.kafka.topics import partition_numbers
from spanwise.collector.deliver import Destination, Key
from spanwise.collector.deliver.documents import Document, parse_document, written
from spanwise.collector.deliver.files import open_files
from spanwise.collector.deliver.files.folder import _section
from spanwise.collector.deliver.files.section import with_section
from spanwise.collector.deliver.kafka import open_kafka
from spanwise.collector.deliver.postgres import open_postgres
from spanwise.collector.deliver.redis import open_redis
from spanwise.collector.deliver.webhook import open_webhook
from spanwise.collector.errors import Busy
from spanwise.v1.context_pb2 import ContextUpdate
from tests.brokers.buses import kafka_settings
from tests.brokers.cluster import Cluster
from tests.deliver.examples import OpenStore
from tests.deliver.receiver import SECRET, Receiver
from tests.deliver.servers import Server

_NUMBERS = count(1)
Seen = tuple[Key, int]
"""A record and the position of its change."""


class Backend(Protocol):
    name: str
    poison: str
    """What it can never take, in a record's content; empty if there is no such thing."""

    @property
    def open(self) -> OpenStore: ...

    async def contents(self) -> Mapping[Key, Document]: ...

    async def seen(self) -> Sequence[Seen]:
        """Every change that it was told, in order."""
        ...

    async def plant(self, org: str, missing: Key, different: Key, extra: Key) -> None:
        """Differences from the log, where it can be compared with that."""
        ...

    async def holds_bytes(self, text: bytes) -> bool:
        """Whether they are anywhere in the files of the store."""
        ...

    async def stop(self) -> None: ...

    async def start(self) -> None: ...


@dataclass
class MemoryPositions:
    """Of stores that keep none."""

    positions: dict[str, int] = field(default_factory=dict)

    async def get(self, store: str) -> int:
        return self.positions.get(store, 0)

    async def set(self, store: str, position: int) -> None:
        self.positions[store] = position


def destination(url: str, secret: str = "", **options: str) -> Destination:
    return Destination(f"store-{next(_NUMBERS)}", url, secret, options, MemoryPositions())


class Postgres:
    poison = "a NUL \0 character"

    def __init__(self, server: Server) -> None:
        self.server = server
        self.schema = f"s{next(_NUMBERS)}"
        self.url = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
        self.destination = destination(self.url, schema=self.schema)
        self.name = self.destination.name

    @property
    def open(self) -> OpenStore:
        return lambda: open_postgres(self.destination)

    async def prepare(self) -> Postgres:
        """With a trigger that notes each change."""
        async with self.open():
            pass
        await self.execute(f"""
            CREATE TABLE {self.schema}.seen (number bigserial, org text, record text, position bigint);
            CREATE FUNCTION {self.schema}.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO {self.schema}.seen (org, record, position) VALUES (NEW.org, NEW.record_id, NEW.position);
                RETURN NEW; END $$;
            CREATE TRIGGER note AFTER INSERT OR UPDATE ON {self.schema}.context
                FOR EACH ROW EXECUTE FUNCTION {self.schema}.note();
        """)
        return self

    async def contents(self) -> Mapping[Key, Document]:
        rows = await self.fetch(f"SELECT * FROM {self.schema}.context")
        return {Key(row["org"], row["record_id"]): _plain(row) for row in rows}

    async def seen(self) -> Sequence[Seen]:
        rows = await self.fetch(f"SELECT org, record, position FROM {self.schema}.seen ORDER BY number")
        return [(Key(row[0], row[1]), row[2]) for row in rows]

    async def plant(self, org: str, missing: Key, different: Key, extra: Key) -> None:
        table = f"{self.schema}.context"
        await self.execute(f"DELETE FROM {table} WHERE record_id = '{missing.record}'")
        await self.execute(
            f"CREATE TEMP TABLE copied AS SELECT * FROM {table} WHERE record_id = '{different.record}';"
            f"UPDATE copied SET record_id = '{extra.record}';"
            f"INSERT INTO {table} SELECT * FROM copied; DROP TABLE copied;"
            f"UPDATE {table} SET content = 'planted', position = 1e15 WHERE record_id = '{different.record}'"
        )

    async def holds_bytes(self, text: bytes) -> bool:
        await self.execute("CHECKPOINT")
        return any(text in file.read_bytes() for file in (self.server.data / "base").rglob("*") if file.is_file())

    async def stop(self) -> None:
        self.server.kill()

    async def start(self) -> None:
        self.server.start()

    async def execute(self, sql: str) -> None:
        connection = await self._connect()
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def fetch(self, sql: str) -> Sequence[Any]:
        connection = await self._connect()
        try:
            rows: Sequence[Any] = await connection.fetch(sql)
            return rows
        finally:
            await connection.close()

    async def _connect(self) -> Any:
        for _ in range(100):  # after a kill it recovers first
            try:
                return await asyncpg.connect(self.url)
            except (asyncpg.CannotConnectNowError, OSError):
                await asyncio.sleep(0.1)
        raise Busy("PostgreSQL does not come up")


def _plain(row: Any) -> Document:
    times = ("valid_from", "valid_to", "created", "changed")
    return {name: written(value) if name in times else value for name, value in row.items()}


class RedisBackend:
    poison = ""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.prefix = f"{{s{next(_NUMBERS)}}}:"
        self.url = f"redis://127.0.0.1:{server.port}/0"
        self.destination = destination(self.url, prefix=self.prefix)
        self.name = self.destination.name

    @property
    def open(self) -> OpenStore:
        return lambda: open_redis(self.destination)

    async def contents(self) -> Mapping[Key, Document]:
        """What an application finds that goes from scope to scope."""
        async with self._client() as client:
            scopes = [name async for name in client.scan_iter(f"{self.prefix.replace('{', '[{]')}scope:*")]
            names = [name for scope in scopes for name in await client.smembers(scope)]
            held = [await client.hgetall(name) for name in names]
        assert len(set(names)) == len(names), "a record is in one scope"
        return {Key(one["org"], one["record_id"]): _typed(one) for one in held}

    async def seen(self) -> Sequence[Seen]:
        async with self._client() as client:
            entries = await client.xrange(f"{self.prefix}changes")
        return [(Key(one["org"], one["record_id"]), int(one["position"])) for _, one in entries]

    async def plant(self, org: str, missing: Key, different: Key, extra: Key) -> None:
        async with self._client() as client:
            record = f"{self.prefix}record:{org}:"
            await client.delete(record + missing.record)
            fields = await client.hgetall(record + different.record)
            await client.hset(record + extra.record, mapping=fields | {"record_id": extra.record})
            await client.sadd(fields["scope"], record + extra.record)
            await client.sadd(f"{self.prefix}records", record + extra.record)
            await client.hset(record + different.record, "content", "planted")

    async def holds_bytes(self, text: bytes) -> bool:
        return any(text in file.read_bytes() for file in self.server.data.rglob("*") if file.is_file())

    async def stop(self) -> None:
        self.server.kill()

    async def start(self) -> None:
        self.server.start()

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Any]:
        client: Any = Redis.from_url(self.url, decode_responses=True)
        try:
            yield client
        finally:
            await client.aclose()


def _typed(fields: Mapping[str, str]) -> Document:
    numbers = {"position": int, "confidence": float}
    return {name: numbers.get(name, str)(text) for name, text in fields.items() if name != "scope"}


class Files:
    poison = ""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.destination = destination(f"file://{quote(str(root))}")
        self.name = self.destination.name
        self._told: dict[str, int] = {}

    @property
    def open(self) -> OpenStore:
        return lambda: open_files(self.destination)

    async def contents(self) -> Mapping[Key, Document]:
        """The records beside the files, of which each shows what it should."""
        held = {}
        for file in self.root.rglob("records.json"):
            try:
                records = json.loads(file.read_bytes())
                agents = file.with_name("AGENTS.md")
                shown = agents.read_text("utf-8", "replace") if agents.exists() else ""
            except FileNotFoundError:  # it is being taken away
                return {}
            for one in records:
                if one["kind"] != "skill" and one["status"] == "active" and f"[{one['short_id']}]" not in shown:
                    return {}
                held[Key(one["org"], one["record_id"])] = one
        return held

    async def seen(self) -> Sequence[Seen]:
        """Files have no past: all that can be seen is what is there."""
        return [(key, int(held["position"])) for key, held in (await self.contents()).items()]

    async def plant(self, org: str, missing: Key, different: Key, extra: Key) -> None:
        held = await self.contents()
        for file in list(self.root.rglob("records.json")):
            records = {one["record_id"]: one for one in json.loads(file.read_bytes())}
            records.pop(missing.record, None)
            if different.record in records:
                records[extra.record] = records[different.record] | {"record_id": extra.record, "short_id": "f" * 8}
                records[different.record]["content"] = "planted"
            written = [parse_document(one) for one in records.values()]
            file.write_text(json.dumps(list(records.values())))
            agents = file.with_name("AGENTS.md")
            agents.write_bytes(with_section(agents.read_bytes(), _section(written)))
        assert held

    async def holds_bytes(self, text: bytes) -> bool:
        return any(text in file.read_bytes() for file in self.root.rglob("*") if file.is_file())

    async def stop(self) -> None:
        """The disk is away."""
        self.root.rename(self.root.with_name("away"))
        self.root.write_bytes(b"no directory")

    async def start(self) -> None:
        self.root.unlink()
        self.root.with_name("away").rename(self.root)


class WebhookBackend:
    """What a receiver makes of the events that it got: a receiver drops what has an id that it had before."""

    poison = "refuse-this-one"

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        receiver.answers[self.poison.encode()] = (422, {})
        self.destination = destination(receiver.url, SECRET)
        self.name = self.destination.name

    @property
    def open(self) -> OpenStore:
        return lambda: open_webhook(self.destination)

    async def contents(self) -> Mapping[Key, Document]:
        held: dict[Key, Document] = {}
        for event in self._once():
            data = event["data"]
            key = Key(data["org"], data["record_id"])
            if data["record"]:
                held[key] = data["record"]
            else:
                held.pop(key, None)
        return held

    async def seen(self) -> Sequence[Seen]:
        return [(Key(one["data"]["org"], one["subject"]), one["data"]["position"]) for one in self._once()]

    async def plant(self, org: str, missing: Key, different: Key, extra: Key) -> None:
        raise NotImplementedError

    async def holds_bytes(self, text: bytes) -> bool:
        """What a receiver must forget it is told; until then it has it."""
        erased = {one["subject"] for one in self._once() if one["type"].endswith(".erased")}
        return any(
            text in json.dumps(one).encode() and (one["subject"] not in erased or one["type"].endswith(".erased"))
            for one in self._once()
        )

    async def stop(self) -> None:
        await asyncio.to_thread(self.receiver.stop)

    async def start(self) -> None:
        self.receiver.start()

    def _once(self) -> Sequence[Mapping[str, Any]]:
        return list({one["id"]: one for one in list(self.receiver.events)}.values())


class KafkaBackend:
    """What a consumer sees that reads the topic from its beginning."""

    poison = "x" * 1_000_000

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.settings = kafka_settings(partitions=2)
        self.connection = Connection(cluster.addresses, self.settings)
        self.topic = f"{self.settings.topic_prefix}{CONTEXT}"
        journal = partial(open_journal, self.connection, self.settings, CONTEXT)
        self.destination = replace(destination("kafka:"), journal=journal)
        self.name = self.destination.name

    @property
    def open(self) -> OpenStore:
        return lambda: open_kafka(self.destination)

    async def contents(self) -> Mapping[Key, Any]:
        held: dict[Key, Any] = {}
        newest = {one.key: one for one in await self._records()}
        for one in newest.values():
            if one.value is not None:
                update = ContextUpdate.FromString(one.value)
                key = Key(dict(one.headers)["org"].decode(), one.key.decode())
                held[key] = {"content": update.content, "position": int(update.position)}
        return held

    async def seen(self) -> Sequence[Seen]:
        records = await self._records()
        return [
            (Key(dict(one.headers)["org"].decode(), one.key.decode()), int(dict(one.headers)["position"]))
            for one in records
        ]

    async def plant(self, org: str, missing: Key, different: Key, extra: Key) -> None:
        newest = {one.key.decode(): one for one in await self._records()}
        planted = ContextUpdate.FromString(newest[different.record].value)
        end = str(max(position for _, position in await self.seen())).encode()
        headers = [("position", end), ("org", org.encode()), ("operation", b"add")]
        producer = await self.connection.started(self.connection.producer())
        try:
            await producer.send_and_wait(self.topic, b"what", b"somebody else's")
            await producer.send_and_wait(self.topic, b"\xff", extra.record.encode(), headers=headers)
            planted.content = "planted"
            value = planted.SerializeToString()
            await producer.send_and_wait(self.topic, value, different.record.encode(), headers=headers)
            await producer.send_and_wait(self.topic, None, missing.record.encode(), headers=headers)
        finally:
            await self.connection.stopped(producer)

    async def holds_bytes(self, text: bytes) -> bool:
        """What compaction leaves: the newest of each key. `tests/erasure/test_retention.py` lets it run."""
        newest = {one.key: one.value for one in await self._records()}
        return any(text in (value or b"") for value in newest.values())

    async def stop(self) -> None:
        await asyncio.to_thread(self.cluster.kill)

    async def start(self) -> None:
        await asyncio.to_thread(self.cluster.start)

    async def _ends(self, at: Sequence[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Behind everything, committed or not yet."""
        async with AIOKafkaConsumer(bootstrap_servers=list(self.cluster.addresses)) as consumer:
            ends: Mapping[TopicPartition, int] = await consumer.end_offsets(at)
            return ends

    async def _records(self) -> Sequence[Any]:
        """In the order of each partition, one partition after the other. A commit is visible a moment later: waits."""
        found: list[Any] = []
        reader = await self.connection.started(self.connection.reader())
        try:
            numbers = await partition_numbers(self.connection, self.topic)
            at = [TopicPartition(self.topic, number) for number in numbers]
            reader.assign(at)
            ends = await self._ends(at) if at else {}
            while any([await reader.position(one) < ends[one] for one in at]):
                for records in (await reader.getmany(timeout_ms=200)).values():
                    found += records
        finally:
            await self.connection.stopped(reader)
        ours = [one for one in found if one.headers]
        return sorted(ours, key=lambda one: (one.partition, one.offset))
