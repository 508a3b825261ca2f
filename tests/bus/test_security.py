"""TLS and SASL against a broker that insists on them."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from spanwise.collector.bus import SPANS, Record
from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.errors import Busy
from tests.brokers.buses import kafka_bus, kafka_settings
from tests.brokers.cluster import Cluster, kafka_cluster

PASSWORD = "s3cret"
LOGIN = "org.apache.kafka.common.security"


@dataclass(frozen=True)
class Secured:
    cluster: Cluster
    directory: Path

    def settings(self, **chosen: Any) -> KafkaSettings:
        """With TLS, and the authority that made the broker's certificate."""
        return kafka_settings(tls=True, tls_ca=self.directory / "broker.pem", partitions=1, **chosen)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, jars: str) -> Iterator[Secured]:
    directory = tmp_path_factory.mktemp("secured")
    _certificate(directory)
    jaas = "listener.name.sasl_ssl"
    plain = f'{LOGIN}.plain.PlainLoginModule required user_alice="{PASSWORD}";'
    scram = f"{LOGIN}.scram.ScramLoginModule required;"
    oauth = f'{LOGIN}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";'
    properties = {
        "listeners": "SASL_SSL://127.0.0.1:<port>,CONTROLLER://127.0.0.1:<controller>",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
        "inter.broker.listener.name": "SASL_SSL",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
        f"{jaas}.plain.sasl.jaas.config": f'{plain[:-1]} username="alice" password="{PASSWORD}";',
        f"{jaas}.scram-sha-256.sasl.jaas.config": scram,
        f"{jaas}.scram-sha-512.sasl.jaas.config": scram,
        f"{jaas}.oauthbearer.sasl.jaas.config": oauth,
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(directory / "keystore.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(directory / "broker.pem"),
        "ssl.endpoint.identification.algorithm": "",
    }
    users = [f"SCRAM-SHA-{bits}=[name=alice,password={PASSWORD}]" for bits in (256, 512)]
    with kafka_cluster(directory / "kafka", jars, 1, properties, users=users) as cluster:
        yield Secured(cluster, directory)


def _certificate(directory: Path) -> None:
    """A certificate for this machine that is its own authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is needed to make a certificate")
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    files = ["-keyout", str(directory / "key.pem"), "-out", str(directory / "broker.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-addext", names, *files], check=True, capture_output=True)
    both = (directory / "key.pem").read_text() + (directory / "broker.pem").read_text()
    (directory / "keystore.pem").write_text(both)


def _unsecured_token(subject: str) -> str:
    """What a broker takes that is told to trust tokens without signatures, as this one is."""
    claims = {"sub": subject, "iat": int(time.time()) - 5, "exp": int(time.time()) + 600}
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "none"}, claims))
    return b".".join(parts).decode() + "."


async def _publishes(secured: Secured, settings: KafkaSettings) -> None:
    async with kafka_bus(secured.cluster, settings) as bus:
        await bus.publish(SPANS, [Record(b"1")])


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_a_user_with_the_right_password_may_publish_over_tls(secured: Secured, mechanism: str) -> None:
    await _publishes(secured, secured.settings(sasl=mechanism, username="alice", password=PASSWORD))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
async def test_a_wrong_password_is_told_and_not_repeated(
    secured: Secured, mechanism: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = secured.settings(sasl=mechanism, username="alice", password="wr0ng")
    with pytest.raises(Busy) as raised:
        await _publishes(secured, settings)
    assert "Authentication failed" in caplog.text  # aiokafka logs it, and raises less
    assert "wr0ng" not in f"{raised.value} {settings!r} {caplog.text}"


async def test_a_token_is_read_from_its_file_for_each_connection(secured: Secured, tmp_path: Path) -> None:
    token = tmp_path / "token"
    settings = secured.settings(sasl="OAUTHBEARER", token_file=token)
    for subject in ("first", "second"):
        token.write_text(_unsecured_token(subject) + "\n")
        await _publishes(secured, settings)


async def test_a_broker_whose_certificate_nobody_vouches_for_is_not_talked_to(secured: Secured) -> None:
    settings = kafka_settings(tls=True, sasl="PLAIN", username="alice", password=PASSWORD)
    with pytest.raises(Busy):
        await _publishes(secured, settings)
