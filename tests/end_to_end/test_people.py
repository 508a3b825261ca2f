"""The command line of the people who decide what is kept, against a collector that learns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.exporting import export
from tests.processes import CollectorProcess
from tests.requests import chat, request_bytes
from tests.waiting import wait_until

EVERYBODY = ("Remember that the printer is on floor two.", "Remember that the office closes at noon.")


def done(collector: CollectorProcess, *arguments: str) -> str:
    finished = collector.run(*arguments)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def objects(collector: CollectorProcess, *arguments: str) -> Sequence[Mapping[str, Any]]:
    return [json.loads(line) for line in done(collector, *arguments, "--json").splitlines()]


def say(collector: CollectorProcess, user: str, *sentences: str) -> None:
    with collector.channel() as channel:
        export(channel, request_bytes(*(chat(user, sentence) for sentence in sentences)))


def test_review_in_bulk(collector: CollectorProcess) -> None:
    say(collector, "", *EVERYBODY)
    wait_until(lambda: collector.rows("SELECT count() FROM context WHERE Status = 'proposed'") == [(2,)])
    shown = done(collector, "context", "review")
    assert "+- The printer is on floor two. [" in shown
    assert "2 waiting" in shown
    queue = objects(collector, "context", "review")
    ids = {item["record"]["content"]: item["record"]["id"] for item in queue}
    assert all(item["record"]["evidence"][0]["detector"] == "memory" for item in queue)
    (edited,) = objects(collector, "context", "edit", ids["The printer is on floor two."], "The printer is on floor 3.")
    assert (edited["content"], edited["status"]) == ("The printer is on floor 3.", "STATUS_ACTIVE")
    rejected = collector.run(
        "context", "reject", ids["The office closes at noon."], "f" * 32, "--reason", "no longer", "--json"
    )
    assert json.loads(rejected.stdout)["status"] == "STATUS_REJECTED"
    assert (rejected.returncode, "f" * 32 in rejected.stderr) == (1, True)
    (rate,) = objects(collector, "context", "rates")
    assert rate == {"detector": "memory", "approved": 0, "edited": 1, "rejected": 1, "rejection rate": 0.5}
    assert "Nothing waits" in done(collector, "context", "review")


def test_another_policy_is_tried_on_what_was_seen(collector: CollectorProcess, tmp_path: Path) -> None:
    say(collector, "hank", "Remember that I prefer metric units.")
    wait_until(lambda: collector.rows("SELECT count() FROM context WHERE UserId = 'hank'") == [(1,)])
    policy = tmp_path / "strict.toml"
    policy.write_text(
        'name = "strict"\n[[rule]]\nname = "twice"\nscope = ["user"]\nconversations = 2\nthen = "activate"\n'
    )
    assert "strict@" in done(collector, "context", "policy", "check", str(policy))
    (answer,) = objects(collector, "context", "policy", "test", str(policy))
    (difference,) = [one for one in answer["differences"] if one["user"] == "hank"]
    assert (difference["now"], difference["then"]) == ("active", "noted")
    assert difference["rule_then"].endswith("twice")
    assert "metric" in done(collector, "context", "get", "--user", "hank"), "a test changes nothing"
    policy.write_text('[[rule]]\nname = "x"\nthen = "maybe"\n')
    refused = collector.run("context", "policy", "test", str(policy))
    assert (refused.returncode, "rule.1 (x).then = 'maybe'" in refused.stderr) == (1, True)
    assert 'name = "default"' in done(collector, "context", "policy", "show")


def test_consent(collector: CollectorProcess) -> None:
    assert objects(collector, "context", "consent", "ines")[0]["consent"] == "all"
    (given,) = objects(collector, "context", "consent", "ines", "off")
    assert given["consent"] == "off"
    say(collector, "ines", "Remember that I have two dogs.")
    say(collector, "jack", "Remember that I have two dogs.")
    wait_until(lambda: collector.rows("SELECT count() FROM context WHERE UserId = 'jack'") == [(1,)])
    wait_until(lambda: 'spanwise_dropped_updates_total{why="consent off"} 1.0' in metrics(collector))
    assert collector.rows("SELECT count() FROM context WHERE UserId = 'ines'") == [(0,)]


def test_call_me_bob_after_call_me_robert(collector: CollectorProcess) -> None:
    say(collector, "kim", "Please call me Robert from now on.")
    wait_until(lambda: "Robert" in done(collector, "context", "get", "--user", "kim"))
    say(collector, "kim", "From now on, call me Bob.")
    wait_until(lambda: "Bob" in done(collector, "context", "get", "--user", "kim"))
    assert "Robert" not in done(collector, "context", "get", "--user", "kim")
    states = {one["content"]: one for one in objects(collector, "context", "list", "--user", "kim")}
    robert, bob = (states[f"The user wants to be called {name}."] for name in ("Robert", "Bob"))
    assert (robert["status"], robert["superseded_by"]) == ("STATUS_RETIRED", bob["id"])


def metrics(collector: CollectorProcess) -> str:
    with urlopen(f"http://{collector.addresses.query}/metrics") as answer:
        return str(answer.read().decode())
