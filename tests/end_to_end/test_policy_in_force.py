"""A policy file and a collector that keeps to it: quiet kinds, consent, budgets, overriding, and retention."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.v1.context_pb2 import RememberRequest, Scope
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.exporting import export
from tests.processes import CollectorProcess, collector_process, store_process
from tests.processors.runs import tool
from tests.requests import attribute, chat, request_bytes
from tests.roles.loop import model_call
from tests.waiting import wait_until

POLICY = """
name = "strict"
quiet = ["tool.*"]

[[rule]]
name = "all that users say"
said_by = ["user"]
then = "activate"

[retention]
memory = "30d"

[budget.user]
records = 1
"""
ANSWER = "The train leaves at nine, from the old station, and it takes about two hours."
AGE = "ALTER TABLE context_updates UPDATE At = At - INTERVAL 40 DAY, ValidFrom = ValidFrom - INTERVAL 40 DAY "


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    directory = tmp_path_factory.mktemp("strict")
    (directory / "policy.toml").write_text(POLICY)
    with collector_process(directory, {"SPANWISE_CONTEXT__POLICY": str(directory / "policy.toml")}) as collector:
        yield collector


def send(collector: CollectorProcess, *spans: Span) -> None:
    with collector.channel() as channel:
        export(channel, request_bytes(*spans))
    due = "SELECT count() FROM (SELECT TraceId FROM otel_traces EXCEPT DISTINCT SELECT TraceId FROM processed)"
    wait_until(lambda: collector.rows(due) == [(0,)])


def statuses(collector: CollectorProcess, user: str) -> dict[str, str]:
    finished = collector.run("context", "list", "--user", user, "--json")
    return {one["content"]: one["status"] for one in map(json.loads, finished.stdout.splitlines())}


def test_quiet_kinds_are_stored_and_teach_nothing(strict: CollectorProcess) -> None:
    failed = tool("a", "weather", {"city": "Genf"}, error="no such city")
    mended = tool("b", "weather", {"city": "Geneva"}, "20 C")
    mended.trace_id, mended.start_time_unix_nano = failed.trace_id, failed.start_time_unix_nano + 1
    send(strict, failed, mended)
    assert strict.rows("SELECT count() FROM signals WHERE Kind = 'tool.recovered'") == [(1,)]
    assert strict.rows("SELECT count() FROM context WHERE Kind = 'instruction'") == [(0,)]
    assert strict.metric("spanwise_dropped_updates_total", why="quiet") >= 1


def test_who_wants_no_guesses_is_only_taken_at_their_word(strict: CollectorProcess) -> None:
    assert strict.run("context", "consent", "lena", "explicit only").returncode == 0
    for user, trace in (("lena", 71), ("mona", 72)):
        asked = model_call(("user", "Which train?"), trace=trace, conversation=user, user=user)
        said = [{"role": "assistant", "parts": [{"type": "text", "content": ANSWER}]}]
        asked.attributes.append(attribute("gen_ai.output.messages", json.dumps(said)))
        turns = ("user", "Which train?"), ("assistant", ANSWER), ("user", "as a table please")
        later = model_call(*turns, trace=trace, conversation=user, user=user, start=asked.start_time_unix_nano + 10**6)
        send(strict, asked, later, chat(user, "Remember that I have two dogs."))
    assert set(statuses(strict, "mona")) == {"The user prefers answers with a table.", "The user has two dogs."}
    assert set(statuses(strict, "lena")) == {"The user has two dogs."}


def test_what_is_left_out_and_overridden_is_said(strict: CollectorProcess) -> None:
    send(strict, chat("nora", "Remember that I have two dogs."), chat("nora", "Please always answer in German."))
    with strict.channel() as channel:
        broad = RememberRequest(scope=Scope(), content="Always answer in English.")
        ContextServiceStub(channel).Remember(broad)
    shown = strict.run("context", "get", "--user", "nora")
    told = shown.stdout + shown.stderr
    assert "is overridden by the narrower" in told
    assert "is left out: the budget of its scope is spent" in told
    assert shown.stdout.count("\n- ") == 1


def test_what_nothing_confirms_is_kept_as_long_as_the_policy_says(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(POLICY)
    with collector_process(tmp_path) as collector:
        send(collector, chat("otto", "Remember that I have two dogs."), chat("paul", "Remember that I have two dogs."))
        assert set(statuses(collector, "otto").values()) == {"STATUS_ACTIVE"}
        collector.stop()
        _age(tmp_path, "otto")
    with collector_process(tmp_path, {"SPANWISE_CONTEXT__POLICY": str(tmp_path / "policy.toml")}) as collector:
        wait_until(lambda: set(statuses(collector, "otto").values()) == {"STATUS_RETIRED"})
        assert set(statuses(collector, "paul").values()) == {"STATUS_ACTIVE"}


def _age(directory: Path, user: str) -> None:
    """As if what is known of the user had been learned forty days ago."""
    with store_process(directory) as store:
        client = store.client()
        client.command(f"{AGE} WHERE UserId = {{user:String}} SETTINGS mutations_sync = 2", {"user": user})
        client.close()
        store.stop()
