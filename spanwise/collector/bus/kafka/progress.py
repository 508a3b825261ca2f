"""What is written into the commit metadata before a batch is handled, so that whoever redoes it redoes exactly it.

The offset that is committed stays that of the batch's first record. Whoever takes the partition over reads there up to
where the batch went and when it was formed, and so makes the same batch with the same token.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Intent:
    """A batch that is about to be handled: its offsets, both included, and when it was formed."""

    first: int
    last: int
    formed_at: datetime

    def to_metadata(self) -> str:
        return json.dumps({"last": self.last, "formed_at": self.formed_at.isoformat()}, separators=(",", ":"))

    def token(self, topic: str, partition: int) -> str:
        """With the time: a topic that was deleted and made again counts its offsets from 0 again."""
        return f"{topic}:{partition}:{self.first}-{self.last}:{self.formed_at.isoformat()}"


def intent(offset: int, metadata: str) -> Intent | None:
    """What a commit says was being handled; None if nothing was, or another program wrote it."""
    try:
        written = json.loads(metadata)
        return Intent(offset, int(written["last"]), datetime.fromisoformat(written["formed_at"]).astimezone(UTC))
    except (ValueError, TypeError, KeyError):
        return None
