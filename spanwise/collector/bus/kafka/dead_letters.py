"""Records that can never succeed: their exact bytes, why, and where they come from.

A crash may write one twice. It has the same key both times: readers take it once, and the topic is compacted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spanwise.collector.bus import Record, Rejection
from spanwise.collector.bus.kafka.partition import Fetched, to_record
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.bus.requests import HASH
from spanwise.collector.errors import Rejected

PREFIX = "dead-letter."
REMEMBERED = 1_000
ENOUGH = 100
"""Records before the share of the rejected ones says something."""


class TooManyRejected(Rejected):
    """So many records are rejected that something else must be wrong. Says what, and which settings decide."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One record, or the part of one, that was given up."""

    topic: str
    """The cluster's name of the topic that it was on."""
    partition: int
    offset: int
    group: str
    reason: str
    record: Record
    """As it was on that topic; without key and hash if it is a part."""
    part: bool

    @property
    def id(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"

    def to_record(self) -> Record:
        told = {
            "topic": self.topic,
            "partition": str(self.partition),
            "offset": str(self.offset),
            "group": self.group,
            "reason": self.reason,
            "key": self.record.key.hex(),
            "part": "yes" if self.part else "no",
        }
        headers = {**self.record.headers, **{f"{PREFIX}{name}": text.encode() for name, text in told.items()}}
        return Record(self.record.value, f"{self.group}:{self.id}".encode(), headers)


def from_record(record: Record) -> DeadLetter:
    """Raises `KeyError` or `ValueError` if it is no dead letter of ours."""
    told = {
        name.removeprefix(PREFIX): value.decode() for name, value in record.headers.items() if name.startswith(PREFIX)
    }
    headers = {name: value for name, value in record.headers.items() if not name.startswith(PREFIX)}
    original = Record(record.value, bytes.fromhex(told["key"]), headers)
    at = int(told["partition"]), int(told["offset"])
    return DeadLetter(told["topic"], *at, told["group"], told["reason"], original, told["part"] == "yes")


def dead_letters(group: str, records: Sequence[Fetched], rejections: Sequence[Rejection]) -> Sequence[DeadLetter]:
    return [_dead_letter(group, records[one.index], one) for one in rejections]


def _dead_letter(group: str, fetched: Fetched, rejection: Rejection) -> DeadLetter:
    record = to_record(fetched)
    if rejection.part is not None:
        record = Record(rejection.part, headers=_unnamed(record.headers))
    at = fetched.topic, fetched.partition, fetched.offset
    return DeadLetter(*at, group, rejection.reason, record, rejection.part is not None)


def _unnamed(headers: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """A part has other bytes than the request that the hash names."""
    return {name: value for name, value in headers.items() if name != HASH}


class RejectionLimit:
    """Stops a role that rejects too much: when something systematic is wrong, the records are not what is wrong."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._recent: deque[bool] = deque(maxlen=REMEMBERED)
        self._consecutive = 0

    def count(self, records: int, rejections: Sequence[Rejection]) -> None:
        """Raises `TooManyRejected`. To be called before the rejected records are given up."""
        whole = {one.index: one for one in rejections if one.part is None}
        for index in range(records):
            self._recent.append(index in whole)
            self._consecutive = self._consecutive + 1 if index in whole else 0
            if index in whole:
                self._check(whole[index])

    def _check(self, last: Rejection) -> None:
        chosen, seen = self._settings, len(self._recent)
        if self._consecutive >= chosen.dead_letter_consecutive:
            raise TooManyRejected(
                f"{self._consecutive} records in a row were rejected, the last because: {last.reason}. "
                "Nothing is lost: mend the cause and start again, or raise kafka.dead_letter_consecutive"
            )
        if seen >= ENOUGH and sum(self._recent) > seen * chosen.dead_letter_share:
            raise TooManyRejected(
                f"{sum(self._recent)} of the last {seen} records were rejected, the last because: {last.reason}. "
                "Nothing is lost: mend the cause and start again, or raise kafka.dead_letter_share"
            )
