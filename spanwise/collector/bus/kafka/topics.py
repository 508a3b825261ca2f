"""The topics: what they are called, how they are made, and whether they are as they should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

from spanwise.collector.bus import CONTEXT, DEAD_LETTERS, SPANS, STORED, Kept
from spanwise.collector.bus.kafka.connection import HEADROOM, Connection
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.errors import Busy, Rejected

TOPICS = (SPANS, STORED, CONTEXT, DEAD_LETTERS)
HOUR = 3_600_000
COMPACTION_HOURS = 6
RETENTION, MAX_MESSAGE = "retention.ms", "max.message.bytes"
SEGMENT, DELETE_DELAY, COMPACTION_LAG = "segment.ms", "file.delete.delay.ms", "max.compaction.lag.ms"
UNLIMITED = 2**63 - 1
SEGMENT_HOURS = 24
"""Records are dropped a segment at a time, when its youngest is old enough."""
BROKERS_LOOK_EVERY = timedelta(minutes=5)
"""For what is old enough, unless `log.retention.check.interval.ms` says otherwise."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be, by the name that the cluster knows."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a topic, and what would mend it."""

    topic: str
    found: str
    remedy: str


def topic_name(settings: KafkaSettings, topic: str) -> str:
    """What the cluster calls one of our topics."""
    return settings.spans_topic if topic == SPANS and settings.spans_topic else f"{settings.topic_prefix}{topic}"


def wanted(settings: KafkaSettings) -> Sequence[Topic]:
    return [_wanted(settings, topic) for topic in TOPICS]


async def make_topics(connection: Connection, settings: KafkaSettings) -> Sequence[str]:
    """Return once every topic exists, with the names of those that were made now. What exists is left as it is.

    Raises `Busy` if no broker can be reached, and `Rejected` if the cluster refuses.
    """
    admin = await connection.started(connection.admin())
    try:
        existing = set(await admin.list_topics())
        missing = [topic for topic in wanted(settings) if topic.name not in existing]
        return [topic.name for topic in missing if await _make(admin, topic)]
    except KafkaError as error:
        raise Busy(f"the topics could not be looked at: {error}") from error
    finally:
        await connection.stopped(admin)


async def check_topics(connection: Connection, settings: KafkaSettings) -> Sequence[Complaint]:
    """What is not as the settings say. Raises `Busy` if no broker can be reached."""
    admin = await connection.started(connection.admin())
    try:
        return [complaint for topic in wanted(settings) for complaint in await _complaints(admin, topic)]
    except KafkaError as error:
        raise Busy(f"the topics could not be looked at: {error}") from error
    finally:
        await connection.stopped(admin)


async def kept(connection: Connection, settings: KafkaSettings) -> Mapping[str, Kept]:
    """By topic, when at the latest its brokers have deleted what is published now.

    A topic that is compacted alone has deleted by then what newer records, such as tombstones, took the place of.
    Raises `Busy`.
    """
    admin = await connection.started(connection.admin())
    try:
        existing = set(await admin.list_topics())
        names = [topic.name for topic in wanted(settings) if topic.name in existing]
        return {name: _kept(await _config(admin, name)) for name in names}
    except KafkaError as error:
        raise Busy(f"the topics could not be looked at: {error}") from error
    finally:
        await connection.stopped(admin)


def _kept(config: Mapping[str, str]) -> Kept:
    retention, segment, lag, delay = (int(config[name]) for name in (RETENTION, SEGMENT, COMPACTION_LAG, DELETE_DELAY))
    deletes, compacts = (kind in config["cleanup.policy"] for kind in ("delete", "compact"))
    if deletes and retention >= 0:
        return Kept(timedelta(milliseconds=retention + segment + delay) + BROKERS_LOOK_EVERY)
    if compacts and lag < UNLIMITED:
        return Kept(timedelta(milliseconds=lag + delay) + BROKERS_LOOK_EVERY, until_written=True)
    return Kept(None)


async def partition_numbers(connection: Connection, name: str) -> Sequence[int]:
    """The partitions of a topic; none if it is not there. Raises `Busy`."""
    admin = await connection.started(connection.admin())
    try:
        (described,) = await admin.describe_topics([name])
        return sorted(one["partition"] for one in described["partitions"])
    except KafkaError as error:
        raise Busy(f"topic {name} could not be looked at: {error}") from error
    finally:
        await connection.stopped(admin)


def _wanted(settings: KafkaSettings, topic: str) -> Topic:
    dead = topic == DEAD_LETTERS
    hours = settings.dead_letter_retention_hours if dead else settings.retention_hours
    config = {
        RETENTION: str(hours * HOUR),
        SEGMENT: str(min(hours, SEGMENT_HOURS) * HOUR),
        MAX_MESSAGE: str(settings.record_bytes + HEADROOM),
    }
    if topic == CONTEXT:  # the newest update of each record stays; what was erased goes, within hours
        config |= {"cleanup.policy": "compact", COMPACTION_LAG: str(COMPACTION_HOURS * HOUR)}
        config |= {RETENTION: "-1", "min.cleanable.dirty.ratio": "0.1", "delete.retention.ms": str(hours * HOUR)}
    if dead:  # what a crash wrote twice has the same key
        config["cleanup.policy"] = "compact,delete"
    return Topic(topic_name(settings, topic), settings.partitions, settings.replication, config)


async def _make(admin: AIOKafkaAdminClient, topic: Topic) -> bool:
    """False if another process was faster."""
    # No assignment of replicas: the cluster chooses. aiokafka wants that said where it is to choose their number, too.
    assignment: dict[int, list[int]] | None = None if topic.replication else {}
    new = NewTopic(topic.name, topic.partitions, topic.replication or -1, assignment, dict(topic.config))
    response = await admin.create_topics([new])
    ((_, code, *message),) = response.topic_errors
    if code == TopicAlreadyExistsError.errno:
        return False
    if code:
        raise Rejected(f"topic {topic.name} cannot be made: {(message and message[0]) or for_code(code).__name__}")
    return True


async def _complaints(admin: AIOKafkaAdminClient, topic: Topic) -> Sequence[Complaint]:
    (described,) = await admin.describe_topics([topic.name])
    if described["error_code"] == UnknownTopicOrPartitionError.errno:
        return [Complaint(topic.name, "is missing", "run 'spanwise migrate'")]
    if described["error_code"]:
        error = for_code(described["error_code"]).__name__
        return [Complaint(topic.name, error, "look at the cluster, and at what this user may do")]
    config = await _config(admin, topic.name)
    return [*_shape(topic, described["partitions"]), *_limits(topic, config)]


def _shape(topic: Topic, partitions: Sequence[Mapping[str, Any]]) -> Sequence[Complaint]:
    found: list[Complaint] = []
    if len(partitions) < topic.partitions:
        remedy = f"add partitions while nothing is being sent, or set kafka.partitions = {len(partitions)}"
        found.append(Complaint(topic.name, f"{len(partitions)} partitions instead of {topic.partitions}", remedy))
    copies = min((len(one["replicas"]) for one in partitions), default=0)
    if copies < topic.replication:
        remedy = "reassign the replicas, or set kafka.replication"
        found.append(Complaint(topic.name, f"{copies} replicas instead of {topic.replication}", remedy))
    if leaderless := [one["partition"] for one in partitions if one["leader"] < 0]:
        found.append(Complaint(topic.name, f"partitions {leaderless} have no leader", "look at the brokers"))
    return found


def _limits(topic: Topic, config: Mapping[str, str]) -> Sequence[Complaint]:
    found: list[Complaint] = []
    taken, needed = int(config[MAX_MESSAGE]), int(topic.config[MAX_MESSAGE])
    if taken < needed:
        remedy = f"raise it to {needed}, or set kafka.record_bytes = {max(taken - HEADROOM, 0)}"
        found.append(Complaint(topic.name, f"{MAX_MESSAGE} = {taken}, which is less than {needed}", remedy))
    kept, wished = int(config[RETENTION]), int(topic.config[RETENTION])
    if 0 <= kept < wished:
        remedy = f"raise it to {wished}, or lower kafka.retention_hours"
        found.append(Complaint(topic.name, f"{RETENTION} = {kept}, which is less than {wished}", remedy))
    return found


async def _config(admin: AIOKafkaAdminClient, name: str) -> Mapping[str, str]:
    (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    ((_, _, _, _, entries),) = response.resources
    return {entry[0]: entry[1] for entry in entries}
