"""Downstream stores from the command line: looked at, compared, mended; dead letters delivered after all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.deliver.receiver import SECRET, Receiver
from tests.deliver.servers import Server
from tests.processes import CollectorProcess, collector_process
from tests.scenarios.test_delivery import TOKENS, say_to
from tests.waiting import wait_until

PASSWORD = "not-to-be-seen"


@pytest.fixture
def collector(tmp_path: Path, redis: Server, receiver: Receiver) -> Iterator[CollectorProcess]:
    Redis(port=redis.port).flushall()
    stores = {
        "cache": {"url": f"redis://127.0.0.1:{redis.port}/0", "orgs": ["acme"]},
        "hook": {"url": receiver.url, "secret": SECRET},
        "away": {"url": f"postgresql://somebody:{PASSWORD}@127.0.0.1:1/nothing"},
    }
    environment = {
        "SPANWISE_DELIVER__STORES": json.dumps(stores),
        "SPANWISE_DELIVER__RETRY_SECONDS": "1",
        "SPANWISE_RECEIVE__TOKENS": json.dumps(TOKENS),
        "SPANWISE_RECEIVE__HTTP_LISTEN": "127.0.0.1:0",
    }
    with collector_process(tmp_path, environment) as started:
        yield started


def test_stores_are_listed_verified_and_mended(collector: CollectorProcess, redis: Server, receiver: Receiver) -> None:
    receiver.answers[b"teal"] = (422, {})
    say_to(collector, "acme", "ada", "I prefer metric units", 1)
    say_to(collector, "globex", "bob", "my favourite colour is teal", 2)
    client = Redis(port=redis.port, decode_responses=True)

    def listed() -> dict[str, dict[str, object]]:
        lines = collector.run("deliver", "list", "--org", "acme", "--json").stdout.splitlines()
        return {row["store"]: row for row in map(json.loads, lines)}

    wait_until(lambda: client.scard("{spanwise}:records") == 1 and listed()["hook"]["position"] == 2, 30)
    assert client.scard("{spanwise}:records") == 1, "the other organisation's record is not for this store"
    stores = listed()
    assert (stores["cache"]["behind"], stores["cache"]["error"]) == (0, "")
    assert "PostgreSQL" in str(stores["away"]["error"])
    assert PASSWORD not in str(stores) + collector.log.read_text()
    assert collector.metric("spanwise_delivery_lag_updates", store="cache") == 0
    assert collector.metric("spanwise_delivery_lag_updates", store="away") == 2
    assert collector.metric("spanwise_delivery_lag_seconds", store="hook") == 0

    (name,) = client.smembers("{spanwise}:records")
    client.hset(name, "content", "planted")
    compared = collector.run("deliver", "verify", "cache", "--dry-run")
    assert (compared.returncode, "1 different" in compared.stderr) == (1, True)
    assert client.hget(name, "content") == "planted"
    assert "1 different; mended" in collector.run("deliver", "verify", "cache").stdout
    assert "metric" in str(client.hget(name, "content"))
    assert "nothing differs" in collector.run("deliver", "verify", "cache", "--dry-run").stdout
    refused = collector.run("deliver", "verify", "hook")
    assert (refused.returncode, "spanwise deliver refill hook" in refused.stderr) == (1, True)
    assert "spanwise deliver verify cache" in collector.run("deliver", "refill", "cache").stderr
    assert "there are: cache" in collector.run("deliver", "verify", "nowhere").stderr

    (letter,) = map(json.loads, collector.run("dead-letters", "list", "--json").stdout.splitlines())
    assert (letter["id"], letter["reason"]) == ("hook/2", "HTTP 422 Unprocessable Entity")
    assert "hook/2" in collector.run("dead-letters", "show", "hook/2").stdout
    assert collector.run("dead-letters", "replay", "hook/2").returncode == 1
    receiver.events.clear()
    assert "1 records told" in collector.run("deliver", "refill", "hook", "--org", "acme").stdout
    assert [event["data"]["org"] for event in receiver.events] == ["acme"]
    receiver.answers.clear()
    replayed = collector.run("dead-letters", "replay", "--all")
    assert replayed.returncode == 0, replayed.stderr
    assert receiver.events[-1]["data"]["record"]["content"].endswith("teal.")
    assert collector.run("dead-letters", "list", "--json").stdout == ""

    checked = collector.run("check", "--json")
    findings = {row["what"]: row for row in map(json.loads, checked.stdout.splitlines())}
    assert findings["store cache"]["remedy"] == ""
    assert "deliver.stores.away" in findings["store away"]["remedy"]
    assert PASSWORD not in checked.stdout + checked.stderr
