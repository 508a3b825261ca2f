"""Looking at the dead letters, and putting them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from spanwise.collector.bus import DEAD_LETTERS, Record
from spanwise.collector.bus.kafka.connection import REQUEST_SECONDS, Connection
from spanwise.collector.bus.kafka.dead_letters import DeadLetter, from_record
from spanwise.collector.bus.kafka.partition import to_record
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.bus.kafka.topics import partition_numbers, topic_name
from spanwise.collector.errors import Busy


async def read_dead_letters(connection: Connection, settings: KafkaSettings) -> Mapping[str, DeadLetter]:
    """All that are there now, by id, oldest first of each partition; each once. Raises `Busy`."""
    partitions = await partition_numbers(connection, topic_name(settings, DEAD_LETTERS))
    reader = await connection.started(connection.reader())
    try:
        at = [TopicPartition(topic_name(settings, DEAD_LETTERS), number) for number in partitions]
        fetched = await _everything(reader, at) if at else ()
    except KafkaError as error:
        raise Busy(f"the dead letters could not be read: {error}") from error
    finally:
        await connection.stopped(reader)
    newest = {record.key: record for record in fetched}  # one without value takes back what has its key
    letters = [from_record(to_record(record)) for record in newest.values() if record.value is not None]
    return {letter.id: letter for letter in letters}


async def replay(connection: Connection, settings: KafkaSettings, letters: Sequence[DeadLetter]) -> None:
    """Return once the records are on their topics again, and gone from the dead letters. Raises `Busy`."""
    producer = await connection.started(connection.producer())
    try:
        for letter in letters:
            await _send(producer, letter.topic, letter.record)
            await producer.send_and_wait(topic_name(settings, DEAD_LETTERS), None, letter.to_record().key)
    except KafkaError as error:
        raise Busy(f"not everything was replayed: {error}") from error
    finally:
        await connection.stopped(producer, REQUEST_SECONDS)


async def _send(producer: Any, topic: str, record: Record) -> None:
    await producer.send_and_wait(topic, record.value, record.key or None, headers=list(record.headers.items()))


async def _everything(reader: Any, at: Sequence[TopicPartition]) -> Sequence[Any]:
    reader.assign(at)
    ends = await reader.end_offsets(at)
    found: list[Any] = []
    while any([await reader.position(one) < ends[one] for one in at]):
        for records in (await reader.getmany(timeout_ms=200)).values():
            found += records
    return found
