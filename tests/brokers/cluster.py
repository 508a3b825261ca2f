"""Apache Kafka on free ports of this machine: real brokers, one to three of them, that can be stopped and killed."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 90.0
CLUSTER_ID = "c3Bhbndpc2UtdGVzdHMtMQ"
JAVA = ("java", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
NOTHING: Mapping[str, str] = {}


@dataclass
class Broker:
    """One broker, which is a controller as well."""

    number: int
    address: str
    directory: Path
    properties: Mapping[str, str]
    class_path: str
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.directory / "broker.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def format(self, *options: str) -> None:
        """Make its storage. Once, before it is started."""
        self.directory.mkdir(parents=True)
        lines = [f"{name}={value}" for name, value in self.properties.items()]
        (self.directory / "server.properties").write_text("\n".join(lines))
        tool = ("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", self._configuration)
        assert self._run(*tool, *options).wait(60) == 0, self.log.read_text()

    def start(self) -> None:
        self._process = self._run("kafka.Kafka", self._configuration)

    def until_ready(self) -> None:
        """Return once it takes connections."""
        host, _, port = self.address.rpartition(":")
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"broker {self.number} did not start:\n{self.log.read_text()[-5000:]}")
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """In order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would end it."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(60)

    @property
    def _configuration(self) -> str:
        return str(self.directory / "server.properties")

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen([*JAVA, "-cp", self.class_path, *arguments], stdout=log, stderr=log)


@dataclass
class Cluster:
    brokers: Sequence[Broker] = field(default_factory=list)
    elsewhere: Sequence[str] = ()
    """Addresses of brokers that somebody else started."""

    @property
    def addresses(self) -> Sequence[str]:
        return [*self.elsewhere, *(broker.address for broker in self.brokers)]

    @property
    def url(self) -> str:
        """As `SPANWISE_BUS` has it."""
        return f"kafka://{','.join(self.addresses)}"

    def start(self) -> None:
        """Return once all take connections."""
        for broker in self.brokers:
            broker.start()
        for broker in self.brokers:
            broker.until_ready()

    def stop(self) -> None:
        for broker in self.brokers:
            broker.stop()

    def kill(self) -> None:
        for broker in self.brokers:
            broker.kill()


@contextmanager
def kafka_cluster(
    directory: Path, jars: str, count: int = 1, properties: Mapping[str, str] = NOTHING, *, users: Sequence[str] = ()
) -> Iterator[Cluster]:
    """A started cluster, killed at the end. `users` are SCRAM credentials as `kafka-storage format` takes them."""
    ports = free_ports(2 * count)
    voters = ",".join(f"{number + 1}@127.0.0.1:{ports[count + number]}" for number in range(count))
    cluster = Cluster(
        [
            Broker(
                number + 1,
                f"127.0.0.1:{ports[number]}",
                directory / f"broker-{number + 1}",
                {
                    **_properties(number + 1, count, ports[number], ports[count + number], voters),
                    "log.dirs": str(directory / f"broker-{number + 1}" / "data"),
                    **_filled(properties, ports[number], ports[count + number]),
                },
                jars,
            )
            for number in range(count)
        ]
    )
    with ExitStack() as stack:
        stack.callback(cluster.kill)
        for broker in cluster.brokers:
            broker.format(*(word for user in users for word in ("--add-scram", user)))
        cluster.start()
        yield cluster


def _filled(properties: Mapping[str, str], port: int, controller_port: int) -> Mapping[str, str]:
    ports = {"<port>": str(port), "<controller>": str(controller_port)}
    filled = dict(properties)
    for placeholder, number in ports.items():
        filled = {name: value.replace(placeholder, number) for name, value in filled.items()}
    return filled


def free_ports(count: int) -> Sequence[int]:
    """Below those that the kernel gives to outgoing connections: a client that tries to reach a stopped broker may not
    be given the broker's own port.
    """
    with ExitStack() as stack:
        found: list[int] = []
        while len(found) < count:
            port = random.randrange(20_000, 32_000)
            probe = stack.enter_context(socket.socket())
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.append(port)
        return found


def _properties(number: int, count: int, port: int, controller_port: int, voters: str) -> Mapping[str, str]:
    copies = str(min(count, 3))
    return {
        "process.roles": "broker,controller",
        "node.id": str(number),
        "controller.quorum.voters": voters,
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "default.replication.factor": copies,
        "min.insync.replicas": str(min(count, 2)),
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        "auto.create.topics.enable": "false",
    }
