"""Every command, as a user types it, whether or not a collector runs on the data directory."""

from __future__ import annotations

import json
import re
import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest

from spanwise.cli.demo_agent import AGENT, traced_run
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.exporting import export
from tests.processes import CollectorProcess, collector_process
from tests.requests import chat, request_bytes, span
from tests.waiting import wait_until

METRIC = "The user prefers metric units."
LESSON = 'When calling the tool temperature, for city use "Geneva" rather than "Genf".'
SENTENCES = {
    "bob": "Remember that I prefer tea.",
    "carol": "Remember that I live in Lisbon.",
    "dave": "Remember that I have two dogs.",
    "erin": "Remember that I am left-handed.",
}
PROPOSED = ("Remember that the printer is on floor two.", "Remember that the office closes at noon.")


@pytest.fixture(scope="module")
def spanwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A collector on data from which something was learned."""
    with collector_process(tmp_path_factory.mktemp("learned")) as collector:
        traced_run(
            collector.addresses.grpc, "ada", "monday", "Remember that I prefer metric units. How warm is it?", ""
        )
        with collector.channel() as channel:
            spoken = [chat(user, sentence) for user, sentence in SENTENCES.items()]
            export(channel, request_bytes(*spoken, *(chat("", sentence) for sentence in PROPOSED)))
        expected = 2 + len(SENTENCES) + len(PROPOSED)
        wait_until(lambda: collector.rows("SELECT count() FROM context") == [(expected,)])
        yield collector


def done(collector: CollectorProcess, *arguments: str) -> str:
    """What a command that succeeds prints."""
    finished = collector.run(*arguments)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def objects(collector: CollectorProcess, *arguments: str) -> Sequence[Mapping[str, Any]]:
    return [json.loads(line) for line in done(collector, *arguments, "--json").splitlines()]


def refused(collector: CollectorProcess, *arguments: str, code: int = 1) -> str:
    """What a command that fails says."""
    finished = collector.run(*arguments)
    assert finished.returncode == code, finished.stdout + finished.stderr
    assert "Traceback" not in finished.stderr
    return finished.stderr


def record_id(collector: CollectorProcess, *, user: str = "", saying: str = "") -> str:
    (found,) = [
        record["id"]
        for record in objects(collector, "context", "list")
        if record["scope"].get("user", "") == user and saying in record["content"]
    ]
    assert isinstance(found, str)
    return found


# Reading.


def test_check_finds_nothing_wrong(spanwise: CollectorProcess) -> None:
    shown = done(spanwise, "check")
    assert "migrations applied" in shown
    assert "receive.listen" in shown


def test_check_for_programs(spanwise: CollectorProcess) -> None:
    findings = objects(spanwise, "check")
    assert {"settings", "disk", "store", "receive.listen", "query.listen", "processor memory", "learner remember"} <= {
        finding["what"] for finding in findings
    }
    assert [finding for finding in findings if finding["remedy"]] == []


def test_sql_shows_a_table(spanwise: CollectorProcess) -> None:
    shown = done(spanwise, "sql", "SELECT UserId, count() AS spans FROM otel_traces WHERE UserId = 'bob' GROUP BY 1")
    header, row = (line.split() for line in shown.splitlines())
    assert (header, row) == (["UserId", "spans"], ["bob", "1"])


def test_sql_for_programs(spanwise: CollectorProcess) -> None:
    assert objects(spanwise, "sql", "SELECT 1 AS one, 'é' AS letter, [1, 2] AS list") == [
        {"one": 1, "letter": "é", "list": [1, 2]}
    ]


def test_sql_in_any_format_of_clickhouse(spanwise: CollectorProcess) -> None:
    shown = done(spanwise, "sql", "SELECT 1 AS one, 'a,b' AS text FORMAT CSVWithNames")
    assert shown == '"one","text"\n1,"a,b"\n'


def test_sql_that_is_wrong_says_what_is_wrong(spanwise: CollectorProcess) -> None:
    assert "Unknown expression identifier `nonsense`" in refused(spanwise, "sql", "SELECT nonsense FROM otel_traces")
    assert "Syntax error" in refused(spanwise, "sql", "SELEC 1")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO migrations (Number, Name) VALUES (99, 'mine')",
        "ALTER TABLE otel_traces DELETE WHERE 1",
        "DROP TABLE signals",
        "SELECT 1 INTO OUTFILE '{directory}/stolen'",
        "SELECT * FROM file('{directory}/collector.log', 'LineAsString')",
    ],
    ids=lambda statement: " ".join(statement.split()[:2]),
)
def test_sql_only_reads_tables(spanwise: CollectorProcess, statement: str) -> None:
    assert refused(spanwise, "sql", statement.format(directory=spanwise.directory))
    assert not (spanwise.directory / "stolen").exists()


def test_signals_list(spanwise: CollectorProcess) -> None:
    shown = done(spanwise, "signals", "list", "--since", "1h")
    assert "memory.explicit" in shown
    assert SENTENCES["carol"] in shown
    kinds = {signal["Kind"] for signal in objects(spanwise, "signals", "list")}
    assert kinds == {"memory.explicit", "tool.error", "tool.recovered"}
    (only,) = objects(spanwise, "signals", "list", "--kind", "tool.recovered", "--limit", "1")
    assert only["AgentName"] == AGENT


def test_context_get_gives_the_prompt_section(spanwise: CollectorProcess) -> None:
    shown = done(spanwise, "context", "get", "--user", "ada", "--agent", AGENT)
    assert f"- {METRIC} [" in shown
    assert LESSON not in shown, "it is only proposed"
    (answer,) = objects(spanwise, "context", "get", "--user", "ada")
    assert [record["content"] for record in answer["records"]] == [METRIC]
    assert "Nothing is known" in done(spanwise, "context", "get", "--user", "nobody")


def test_context_list_shows_ids_that_can_be_copied(spanwise: CollectorProcess) -> None:
    shown = done(spanwise, "context", "list", "--user", "ada")
    assert record_id(spanwise, user="ada") in shown
    assert METRIC in shown
    waiting = objects(spanwise, "context", "list", "--status", "proposed", "--agent", AGENT)
    assert [record["content"] for record in waiting] == [LESSON]


def test_context_history_and_explain_lead_back_to_the_span(spanwise: CollectorProcess) -> None:
    record = record_id(spanwise, user="ada")
    (step,) = objects(spanwise, "context", "history", record)
    assert (step["operation"], step["status"]) == ("OPERATION_ADD", "STATUS_ACTIVE")
    assert "add" in done(spanwise, "context", "history", record)
    shown = done(spanwise, "context", "explain", record)
    (explained,) = objects(spanwise, "context", "explain", record)
    (evidence,) = explained["evidence"]
    assert evidence["quote"] == "Remember that I prefer metric units."
    for known in (METRIC, evidence["quote"], evidence["trace_id"], evidence["span_id"]):
        assert known in shown


def test_a_record_that_does_not_exist_is_an_error(spanwise: CollectorProcess) -> None:
    for command in ("explain", "approve"):
        assert "nonsense" in refused(spanwise, "context", command, "nonsense")


def test_replay_learns_nothing_twice(spanwise: CollectorProcess) -> None:
    (answer,) = objects(spanwise, "replay", "--since", "1h")
    assert answer == {"traces": 1 + len(SENTENCES) + len(PROPOSED), "signals_new": 0, "updates_new": 0}
    assert "0 traces read again: 0 new signals, 0 new context updates" in done(
        spanwise, "replay", "--since", "2999-01-01T00:00:00Z"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "--since", "yesterday"),
        ("context", "list", "--status", "maybe"),
        ("context", "forget"),
        ("up", "--role", "cook"),
    ],
    ids=" ".join,
)
def test_a_command_that_is_typed_wrongly_exits_with_2(tmp_path: Path, arguments: Sequence[str]) -> None:
    assert refused(CollectorProcess(tmp_path), *arguments, code=2)


# Deciding.


def test_context_approve(spanwise: CollectorProcess) -> None:
    record = record_id(spanwise, saying="printer")
    assert "active" in done(spanwise, "context", "approve", record, "--reason", "it is")
    *_, last = objects(spanwise, "context", "history", record)
    assert (last["status"], last["reason"]) == ("STATUS_ACTIVE", "it is")
    assert last["producer"].startswith("person:")
    assert "printer" in done(spanwise, "context", "get", "--agent", "test")


def test_context_reject(spanwise: CollectorProcess) -> None:
    record = record_id(spanwise, saying="office")
    (rejected,) = objects(spanwise, "context", "reject", record)
    assert rejected["status"] == "STATUS_REJECTED"
    assert "office" not in done(spanwise, "context", "get", "--agent", "test")


def test_context_forget(spanwise: CollectorProcess) -> None:
    (one,) = objects(spanwise, "context", "forget", record_id(spanwise, user="carol"))
    (same,) = objects(spanwise, "context", "forget", "--user", "dave", "--content", "the user has TWO dogs")
    (everything,) = objects(spanwise, "context", "forget", "--user", "erin", "--everything")
    assert {record["status"] for record in (one, same, everything)} == {"STATUS_RETIRED"}
    for user in ("carol", "dave", "erin"):
        assert "Nothing is known" in done(spanwise, "context", "get", "--user", user)
    assert "nothing to forget" in refused(spanwise, "context", "forget", "--user", "nobody", "--everything")


# The last one on these data.


def test_the_same_without_a_running_collector(spanwise: CollectorProcess) -> None:
    assert spanwise.stop() == 0
    assert "opened, " in done(spanwise, "check")
    assert done(spanwise, "sql", "SELECT count() FROM otel_traces WHERE UserId = 'bob' FORMAT TSV") == "1\n"
    assert "only statements that read" in refused(spanwise, "sql", "DROP TABLE signals")
    assert "nonsense" in refused(spanwise, "sql", "SELECT nonsense FROM otel_traces")
    (signal_seen,) = objects(spanwise, "signals", "list", "--kind", "tool.recovered")
    assert signal_seen["AgentName"] == AGENT
    assert METRIC in done(spanwise, "context", "get", "--user", "ada")
    record = record_id(spanwise, saying="temperature")
    (approved,) = objects(spanwise, "context", "approve", record)
    assert approved["status"] == "STATUS_ACTIVE"
    assert len(objects(spanwise, "context", "history", record)) == 2
    (forgotten,) = objects(spanwise, "context", "forget", "--user", "bob", "--everything")
    assert forgotten["status"] == "STATUS_RETIRED"
    (replayed,) = objects(spanwise, "replay", "--since", "1h")
    assert (replayed["signals_new"], replayed["updates_new"]) == (0, 0)


# Starting.


def test_help_says_what_each_command_is_for(tmp_path: Path) -> None:
    collector = CollectorProcess(tmp_path)
    assert "--role" in done(collector, "up", "--help")
    shown = done(collector, "--help")
    for command in ("up", "check", "migrate", "sql", "replay", "context", "signals", "demo"):
        assert re.search(rf"^  {command} ", shown, re.MULTILINE)


def test_before_there_are_data(tmp_path: Path) -> None:
    collector = CollectorProcess(tmp_path)
    assert "no data yet" in done(collector, "check")
    assert "start a collector with 'spanwise up'" in refused(collector, "sql", "SELECT 1")
    assert not collector.data.exists()
    assert "Applied 0001_otel_traces" in done(collector, "migrate")
    assert "Every migration is applied" in done(collector, "migrate")
    assert "Nothing is known" in done(collector, "context", "get", "--user", "ada")
    assert done(collector, "sql", "SELECT count() FROM otel_traces FORMAT TSV") == "0\n"


def test_the_retention_setting_decides(tmp_path: Path) -> None:
    limited = CollectorProcess(tmp_path, {"SPANWISE_STORING__RETENTION_DAYS": "30"})
    assert "deleted after 30 days" in done(limited, "migrate")
    assert "deleted" not in done(limited, "migrate")
    assert "kept for ever" in done(CollectorProcess(tmp_path), "migrate")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SPANWISE_RECEIVE__LISTEN", "4317", ["receive.listen = '4317'", "should be host:port"]),
        ("SPANWISE_STORE", "mysql://db", ["store = 'mysql://db'", "should be chdb:///absolute/path"]),
        ("SPANWISE_QUERY__LISTEN", "0.0.0.0:8123", ["query.listen = '0.0.0.0:8123'", "should be on loopback"]),
        ("SPANWISE_RECIEVE__LISTEN", "127.0.0.1:1", ["SPANWISE_RECIEVE__LISTEN", "no such setting"]),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_would_be_right(
    tmp_path: Path, name: str, value: str, expected: Sequence[str]
) -> None:
    collector = CollectorProcess(tmp_path, {name: value})
    said = refused(collector, "up", code=2)
    assert [part for part in expected if part not in said] == [], said
    assert not collector.data.exists(), "nothing is made before the settings are checked"


def test_a_wrong_setting_in_a_file_is_named_too(tmp_path: Path) -> None:
    file = tmp_path / "spanwise.toml"
    file.write_text("[storing]\nspacing_seconds = 60\n[recieve]\nlisten = '127.0.0.1:0'\n")
    said = refused(CollectorProcess(tmp_path), "check", "--config", str(file), code=2)
    assert "storing.spacing_seconds = 60: " in said
    assert "recieve: there is no such setting" in said


@pytest.mark.parametrize(
    ("setting", "variable"),
    [("receive.listen", "SPANWISE_RECEIVE__LISTEN"), ("query.listen", "SPANWISE_QUERY__LISTEN")],
)
def test_a_port_that_is_taken_is_reported_with_the_setting_to_change(
    tmp_path: Path, setting: str, variable: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        collector = CollectorProcess(tmp_path, {variable: address})
        assert setting in refused(collector, "check")
        said = refused(collector, "up")
    assert f"{setting} = '{address}'" in said
    assert "choose another port" in said


def test_a_second_collector_on_the_same_data_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with collector_process(tmp_path) as collector:
        assert f"another Spanwise process holds {collector.data}" in refused(collector, "up", code=3)
        assert f"another Spanwise process holds {collector.data}" in refused(collector, "migrate", code=3)
        with collector.channel() as channel:
            export(channel, request_bytes(span("still served")))


def test_the_demo_shows_the_loop_in_under_a_minute(tmp_path: Path) -> None:
    began = time.monotonic()
    shown = done(CollectorProcess(tmp_path), "demo")
    assert time.monotonic() - began < 60
    first, second = re.findall(r"agent: (.*)", shown)
    assert (first, second) == ("It is 69 °F in Geneva.", "It is 21 °C in Geneva.")
    assert f"active: {METRIC}" in shown
    assert f"proposed: {LESSON}" in shown


# Stopping.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_stopping_finishes_the_requests_in_flight(tmp_path: Path, number: signal.Signals) -> None:
    with collector_process(tmp_path, {"SPANWISE_STORING__SPACING_SECONDS": "2"}) as collector:
        with collector.channel() as channel, ThreadPoolExecutor(10) as threads:
            export(channel, request_bytes(span("the first waits for nothing")))
            waiting = [threads.submit(export, channel, request_bytes(span("in flight"))) for _ in range(10)]
            time.sleep(0.5)  # they are on their way; the next insert comes in 2 seconds
            assert not any(one.done() for one in waiting)
            as_a_terminal_does(collector, number)
            for one in waiting:
                assert not one.result().HasField("partial_success")
        assert collector.wait() == 0
        log = collector.log.read_text()
        assert "Stopping: requests in flight are finished first.\nStopped.\n" in log
        assert "Traceback" not in log
        counted = "SELECT count() FROM otel_traces WHERE SpanName = 'in flight' FORMAT TSV"
        assert done(collector, "sql", counted) == "10\n"


def as_a_terminal_does(collector: CollectorProcess, number: signal.Signals) -> None:
    """Ctrl-C is sent to every process of the group."""
    helpers = collector.helpers() if number is signal.SIGINT else []
    for helper in helpers:
        helper.send_signal(number)
    collector.signal(number)


def test_stopping_ends_the_streams_of_those_who_watch(tmp_path: Path) -> None:
    with collector_process(tmp_path) as collector, collector.channel() as channel:
        updates = ContextServiceStub(channel).Watch(wire.WatchRequest(scope=wire.Scope(user="ada")))
        updates.initial_metadata()  # it is served
        began = time.monotonic()
        assert collector.stop() == 0
        assert time.monotonic() - began < 9, "it waited for the stream to end by itself"
        assert list(updates) == []
        assert updates.code() is grpc.StatusCode.OK
