"""Commands that look at Kafka, as people type them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.brokers.cluster import Cluster
from tests.processes import CollectorProcess


def on_kafka(directory: Path, bus: str, prefix: str) -> CollectorProcess:
    environment = {"SPANWISE_BUS": bus, "SPANWISE_KAFKA__TOPIC_PREFIX": prefix, "SPANWISE_KAFKA__PARTITIONS": "2"}
    return CollectorProcess(directory, environment)


def test_migrate_makes_the_topics_and_check_finds_them(cluster: Cluster, tmp_path: Path) -> None:
    collector = on_kafka(tmp_path, cluster.url, "cli.")
    before = collector.run("check", "--json")
    assert before.returncode == 1
    findings = [json.loads(line) for line in before.stdout.splitlines()]
    missing = {one["what"]: one["remedy"] for one in findings if one["found"] == "is missing"}
    names = ("spans", "stored", "context", "dead-letters")
    assert missing == {f"topic cli.{name}": "run 'spanwise migrate'" for name in names}

    made = collector.run("migrate").stdout
    assert all(f"Made topic cli.{name}." in made for name in names)
    assert "Every topic is there." in collector.run("migrate").stdout
    after = collector.run("check")
    assert after.returncode == 0, after.stdout + after.stderr
    assert "all there, with 'cli.' before their names" in after.stdout


def test_check_says_that_no_broker_answers(tmp_path: Path, free_port: int) -> None:
    done = on_kafka(tmp_path, f"kafka://127.0.0.1:{free_port}", "cli.").run("check")
    assert done.returncode == 1
    assert f"no broker of bus = 'kafka://127.0.0.1:{free_port}' can be reached" in done.stdout
    assert "see that the brokers run" in done.stdout


def test_one_process_with_kafka_does_all_that_one_without_does(cluster: Cluster, tmp_path: Path) -> None:
    collector = on_kafka(tmp_path, cluster.url, "single.")
    collector.start()
    try:
        listed = collector.run("dead-letters", "list")
        assert (listed.returncode, listed.stdout) == (0, "")
        assert "no dead letters" in listed.stderr
        unknown = collector.run("dead-letters", "show", "single.spans/0/1")
        assert unknown.returncode == 1
        assert "there is no dead letter single.spans/0/1" in unknown.stderr
        assert collector.stop() == 0
    finally:
        if collector.alive():
            collector.kill()


def test_the_memory_bus_has_no_dead_letters(tmp_path: Path) -> None:
    done = CollectorProcess(tmp_path).run("dead-letters", "list")
    assert done.returncode == 1
    assert "what cannot be stored is told to its sender" in done.stderr


def test_roles_that_cannot_be_apart_are_refused(tmp_path: Path) -> None:
    for roles, complaint in {
        ("receive",): "receive and store must be in the same process",
        ("process", "context"): "process must be in the same process as store",
    }.items():
        done = CollectorProcess(tmp_path).run("up", *(word for role in roles for word in ("--role", role)))
        assert done.returncode == 2
        assert complaint in " ".join(done.stderr.replace("│", "").split())
