"""Who reads what, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    topic: str
    """Our name of it."""
    topic_name: str
    """The cluster's."""
    group: str
    spacing: float
    """Seconds from the start of one batch to the start of the next, unless a whole batch waits."""
    batch_bytes: int
