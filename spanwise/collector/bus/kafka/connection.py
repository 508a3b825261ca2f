"""Who we are to the brokers, and which of their errors pass."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from ssl import SSLContext
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.abc import AbstractTokenProvider
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context

from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.errors import Busy

logger = logging.getLogger(__name__)

REQUEST_SECONDS = 20.0
RETRY_SECONDS = 1.0
POLL_MILLISECONDS = 24 * 3_600_000
"""A consumer that waits for the store keeps its partitions, and shows their lag: others would have to wait as well."""
HEADROOM = 64 * 1024
"""For a record's key and headers, and for the framing of a batch."""


class Connection:
    """Makes the clients of one cluster, with the same brokers, TLS and credentials."""

    def __init__(self, brokers: Sequence[str], settings: KafkaSettings) -> None:
        self.brokers = tuple(brokers)
        self._settings = settings

    def producer(self, transactional: str = "") -> AIOKafkaProducer:
        """Not started. Idempotent: what it sends again after an error is in the topic once.

        `transactional` names it for its transactions: who has the same name later fences it off.
        """
        chosen = self._settings
        return AIOKafkaProducer(
            **self._options(),
            enable_idempotence=True,
            transactional_id=transactional or None,
            acks="all",
            compression_type=None if chosen.compression == "none" else chosen.compression,
            linger_ms=round(chosen.linger_seconds * 1000),
            max_batch_size=chosen.record_bytes,
            max_request_size=chosen.record_bytes + HEADROOM,
        )

    def consumer(self, group: str) -> AIOKafkaConsumer:
        """A member of `group`, not started, without topics. Nothing is committed but what we commit."""
        chosen = self._settings
        return AIOKafkaConsumer(
            **self._options(),
            group_id=group,
            group_instance_id=f"{group}.{chosen.member}" if chosen.member else None,
            session_timeout_ms=round(chosen.session_seconds * 1000),
            heartbeat_interval_ms=round(chosen.session_seconds * 1000 / 4),
            max_partition_fetch_bytes=chosen.fetch_bytes,
            fetch_max_bytes=4 * chosen.fetch_bytes,
            max_poll_interval_ms=POLL_MILLISECONDS,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )

    def reader(self) -> AIOKafkaConsumer:
        """A consumer without a group, not started: for reading a topic from its beginning."""
        return AIOKafkaConsumer(
            **self._options(), enable_auto_commit=False, auto_offset_reset="earliest", isolation_level="read_committed"
        )

    def admin(self) -> AIOKafkaAdminClient:
        return AIOKafkaAdminClient(**self._options())

    async def started(self, client: Any) -> Any:
        """The client, connected. Raises `Busy` if no broker can be reached."""
        try:
            await client.start()
        except (KafkaError, OSError) as error:
            await self.stopped(client)
            where = f"no broker of bus = 'kafka://{','.join(self.brokers)}' can be reached"
            raise Busy(f"{where}: {error} (what a broker answered is in the log)") from error
        except asyncio.CancelledError:
            await self.stopped(client)
            raise
        return client

    async def stopped(self, client: Any, seconds: float = REQUEST_SECONDS) -> None:
        """Return once the client is closed, or after `seconds`: a broker that is away must not hold up the end."""
        close = client.close if isinstance(client, AIOKafkaAdminClient) else client.stop
        try:
            await asyncio.wait_for(close(), seconds)
        except (KafkaError, OSError, TimeoutError) as error:
            logger.warning("a connection to the brokers was not closed in order: %s", error or type(error).__name__)

    def _options(self) -> dict[str, Any]:
        chosen = self._settings
        secured = "SASL_SSL" if chosen.tls else "SASL_PLAINTEXT"
        return {
            "bootstrap_servers": list(self.brokers),
            "client_id": "spanwise",
            "request_timeout_ms": round(REQUEST_SECONDS * 1000),
            "security_protocol": secured if chosen.sasl else ("SSL" if chosen.tls else "PLAINTEXT"),
            "ssl_context": self._tls() if chosen.tls else None,
            "sasl_mechanism": chosen.sasl or "PLAIN",
            "sasl_plain_username": chosen.username or None,
            "sasl_plain_password": chosen.password.get_secret_value() or None,
            "sasl_oauth_token_provider": _TokenFile(chosen.token_file) if chosen.token_file else None,
        }

    def _tls(self) -> SSLContext:
        chosen = self._settings
        context: SSLContext = create_ssl_context(
            cafile=chosen.tls_ca, certfile=chosen.tls_certificate, keyfile=chosen.tls_key
        )
        return context


class _TokenFile(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka has no types
    def __init__(self, path: Path) -> None:
        self._path = path

    async def token(self) -> str:
        return (await asyncio.to_thread(self._path.read_text, "utf-8")).strip()
