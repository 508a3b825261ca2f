"""What was forgotten stays on Kafka's topics until they drop it, as receipts say; it does not come back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.structs import OffsetAndMetadata

from tests.brokers.cluster import Cluster, kafka_cluster
from tests.erasure.disk import files_with
from tests.erasure.test_forgetting import LESSON, SECRET, SENTENCE, spoken
from tests.exporting import export
from tests.requests import request_bytes
from tests.scenarios.deployment import Deployment, deployment
from tests.waiting import wait_until

TOPICS = ("spans", "stored", "dead-letters")
COMPACTED = "context"
EAGER = {
    "log.retention.check.interval.ms": "500",
    "log.initial.task.delay.ms": "500",
    "log.cleaner.backoff.ms": "500",
}
AT_ONCE = {"retention.ms": "1000", "segment.ms": "1000", "file.delete.delay.ms": "500"}
COMPACTED_AT_ONCE = {
    "cleanup.policy": "compact",
    "retention.ms": "-1",
    "max.compaction.lag.ms": "1000",
    "segment.ms": "1000",
    "file.delete.delay.ms": "500",
}


@pytest.fixture(scope="module")
def eager(tmp_path_factory: pytest.TempPathFactory, jars: str) -> Iterator[Cluster]:
    """A broker that looks twice a second for what is to be deleted."""
    with kafka_cluster(tmp_path_factory.mktemp("eager"), jars, 1, EAGER) as started:
        yield started


async def _read_again(deployed: Deployment, prefix: str) -> None:
    """Set the store role's offsets back to the beginning."""
    at = [TopicPartition(f"{prefix}spans", number) for number in range(3)]
    async with AIOKafkaConsumer(
        bootstrap_servers=list(deployed.cluster.addresses), group_id=f"{prefix}store", enable_auto_commit=False
    ) as consumer:
        consumer.assign(at)
        await consumer.commit({one: OffsetAndMetadata(0, "") for one in at})


async def _keep_shortly(deployed: Deployment, prefix: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=list(deployed.cluster.addresses))
    await admin.start()
    try:
        for topic, config in {**dict.fromkeys(TOPICS, AT_ONCE), COMPACTED: COMPACTED_AT_ONCE}.items():
            resource = ConfigResource(ConfigResourceType.TOPIC, f"{prefix}{topic}", config)
            await admin.alter_configs([resource])
    finally:
        await admin.close()


def topics_with(logs: Path) -> set[str]:
    return {Path(file).parts[0].rpartition("-")[0] for file in files_with(logs, SECRET)}


def test_what_is_forgotten_does_not_come_back_from_the_topic_and_leaves_it(eager: Cluster, tmp_path: Path) -> None:
    # Compressed, no search would find it.
    settings = {"SPANWISE_KAFKA__COMPRESSION": "none", "SPANWISE_KAFKA__RETENTION_HOURS": "48"}
    logs, receipt = eager.brokers[0].directory / "data", tmp_path / "receipt.json"
    with deployment(eager, tmp_path, "gone.", settings) as deployed:
        deployed.add_all(receive=["receive"], store=["store"], process=["process", "context"], deliver=["deliver"])
        with grpc.insecure_channel(deployed.receiver) as channel:
            export(channel, request_bytes(spoken("ada", SENTENCE, "tea", 1)))
            export(channel, request_bytes(spoken("bob", LESSON, "dogs", 2)))
        learned = "SELECT count() FROM context WHERE Status = 'active'"
        wait_until(lambda: deployed.rows(learned) == [(2,)], 60)
        deployed.until_processed()
        wait_until(lambda: topics_with(logs) == {"gone.spans", "gone.context"}, 30)  # or what is below finds nothing

        door = {"SPANWISE_RECEIVE__LISTEN": f"127.0.0.1:{deployed.ports['process'][0]}"}
        forgotten = deployed.command("context", "forget", "--user", "ada", "--receipt", str(receipt), environment=door)
        assert forgotten.returncode == 0, forgotten.stdout + forgotten.stderr
        places = json.loads(receipt.read_text())["places"]
        ends = {topic: _end(places[f"topic gone.{topic} of the bus"]) for topic in TOPICS}
        soonest = datetime.now(UTC) + timedelta(hours=48)
        assert all(soonest < end < soonest + timedelta(hours=25) for topic, end in ends.items() if topic != TOPICS[-1])
        compacted = places["topic gone.context of the bus"]
        assert compacted.endswith("drops it once its partition is written to")
        assert timedelta(hours=6) < _end(compacted) - datetime.now(UTC) < timedelta(hours=7)

        deployed.roles["store"].stop()
        asyncio.run(_read_again(deployed, "gone."))
        deployed.roles["store"].start()
        wait_until(lambda: deployed.metrics("store").get("spanwise_lag_records", {}) and deployed.lag("store") == 0, 60)
        assert deployed.metrics("store")["spanwise_repeated_requests_total"][()] == 1, "bob's was not read again"
        assert deployed.rows("SELECT DISTINCT UserId FROM otel_traces") == [("bob",)]
        assert deployed.rows(f"SELECT count() FROM context WHERE position(Content, '{SECRET}') > 0") == [(0,)]

        asyncio.run(_keep_shortly(deployed, "gone."))
        wait_until(lambda: topics_with(logs) == {"gone.context"}, 60)
        # A compacted topic keeps the segment that it is writing, so something more must be learned.
        with grpc.insecure_channel(deployed.receiver) as channel:
            for number in range(6):
                export(channel, request_bytes(spoken(f"user-{number}", LESSON, "dogs", 3 + number)))
        wait_until(lambda: files_with(logs, SECRET) == [], 60)
        assert files_with(tmp_path / "data", SECRET) == []


def _end(place: str) -> datetime:
    return datetime.fromisoformat(place.removeprefix("may have it until ").partition(", then drops it")[0])
