"""The roles that a process may have."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """What a process can do. With Kafka, any number of processes may receive, store, and answer."""

    RECEIVE = "receive"
    """Takes OTLP in. Needs no store."""
    STORE = "store"
    """Writes rows."""
    PROCESS = "process"
    """Reads traces and learns from them. One process; for a minute, as a release is rolled out, there may be two."""
    CONTEXT = "context"
    """Answers agents, and the people who decide."""
    DELIVER = "deliver"
    """Keeps the downstream stores up to date. One process."""
