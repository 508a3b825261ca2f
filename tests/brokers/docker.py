"""A broker in a container, where Docker's engine runs: nothing but Docker has to be installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from testcontainers.community.kafka import KafkaContainer

from tests.brokers.cluster import Cluster

IMAGE = "confluentinc/cp-kafka:8.1.0"
START_SECONDS, ANSWER_SECONDS = 180, 60
SETTINGS: Mapping[str, str] = {
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
}
"""As the brokers of `cluster` have them."""


def docker_runs() -> bool:
    """Whether there is an engine, and it answers."""
    if shutil.which("docker") is None:
        return False
    command = ["docker", "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(command, capture_output=True, timeout=ANSWER_SECONDS, check=False).returncode == 0


@contextmanager
def docker_cluster() -> Iterator[Cluster]:
    """One broker, removed at the end. It cannot be stopped on the way: scenarios start brokers of their own."""
    container = KafkaContainer(IMAGE).with_kraft()
    for name, value in SETTINGS.items():
        container.with_env(name, value)
    container.start(timeout=START_SECONDS)
    try:
        yield Cluster(elsewhere=(container.get_bootstrap_server(),))
    finally:
        container.stop()
