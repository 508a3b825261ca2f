"""`[kafka]`: topics, sizes and security of a `kafka://` bus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

Seconds = Annotated[float, Field(gt=0)]
TopicName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]*$", max_length=200)]
Compression = Literal["zstd", "lz4", "snappy", "gzip", "none"]
Mechanism = Literal["", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]


class KafkaSettings(BaseModel):
    """How Kafka is used. What the topics have is made by `spanwise migrate` and checked by `spanwise check`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic_prefix: TopicName = "spanwise."
    """Begins the names of all topics and consumer groups."""
    spans_topic: TopicName = ""
    """The whole name of the topic with OTLP requests, where it should not be `<prefix>spans`: `otlp_spans` is the one
    that the OpenTelemetry Collector writes."""
    partitions: Annotated[int, Field(ge=1, le=10_000)] = 6
    """Of each topic. At most so many processes of a role share its work."""
    replication: Annotated[int, Field(ge=0, le=32)] = 0
    """Copies of each record; 0: the cluster's default. Three is what production should have."""
    retention_hours: Annotated[int, Field(ge=1)] = 72
    """How long a role may stand still before records are lost."""
    dead_letter_retention_hours: Annotated[int, Field(ge=1)] = 30 * 24

    record_bytes: Annotated[int, Field(ge=4096, le=1024 * 1024 * 1024)] = 1_000_000
    """Larger requests are split by spans. The topic's `max.message.bytes` must be a little more."""
    compression: Compression = "zstd"
    linger_seconds: Annotated[float, Field(ge=0, le=10)] = 0.005
    """How long a record waits for others that are sent with it."""
    publish_seconds: Seconds = 5.0
    """After that the sender is told to try again."""
    publish_bytes: Annotated[int, Field(ge=1024)] = 64 * 1024 * 1024
    """When so much waits for the brokers, senders are told to try again at once."""
    fetch_bytes: Annotated[int, Field(ge=1024)] = 4 * 1024 * 1024
    """Of one partition at a time, compressed."""

    member: str = ""
    """A name of this process that stays the same over restarts, such as the pod's: its partitions then wait for it
    for `session_seconds` instead of moving twice. No two processes may have the same."""
    session_seconds: Seconds = 10.0
    """A consumer that is silent for so long loses its partitions to others."""

    dead_letter_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """A role stops when more than this share of the last 1,000 records was rejected, at the earliest after 100."""
    dead_letter_consecutive: Annotated[int, Field(ge=1)] = 100
    """A role stops when so many records in a row were rejected."""

    tls: bool = False
    tls_ca: Path | None = None
    """PEM file; without it, the system's authorities."""
    tls_certificate: Path | None = None
    """PEM file with the client's certificate, where brokers ask for one."""
    tls_key: Path | None = None
    sasl: Mechanism = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    token_file: Path | None = None
    """OAUTHBEARER: a file with the token, read again for each connection, as orchestrators renew it."""

    @model_validator(mode="after")
    def _credentials_are_complete(self) -> KafkaSettings:
        if self.sasl == "OAUTHBEARER" and self.token_file is None:
            raise ValueError("sasl = 'OAUTHBEARER' needs token_file")
        if self.sasl not in ("", "OAUTHBEARER") and not (self.username and self.password.get_secret_value()):
            raise ValueError(f"sasl = {self.sasl!r} needs username and password")
        if not self.tls and (self.tls_ca or self.tls_certificate or self.tls_key):
            raise ValueError("tls_ca, tls_certificate and tls_key are used only with tls = true")
        return self
