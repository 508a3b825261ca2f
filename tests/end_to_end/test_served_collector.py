"""A collector whose store is served by another process: `spanwise serve-store` here, a ClickHouse server elsewhere."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import grpc
import pytest

from spanwise.collector.errors import Busy
from spanwise.collector.store.clickhouse import ClickHouseStore
from spanwise.collector.store.clients import served_client
from spanwise.collector.store.migrate import migrate
from spanwise.collector.store.rows import block_of
from spanwise.collector.store.url import ServedStore, parse_store_url
from tests.exporting import export
from tests.processes import CollectorProcess, collector_on, store_process
from tests.requests import chat, request_bytes, span
from tests.waiting import wait_until

USERS = {"SPANWISE_SERVE_STORE__USERS": '{"roles": "s3cret"}'}


@dataclass(frozen=True)
class Pair:
    """Two processes on one machine."""

    server: CollectorProcess
    collector: CollectorProcess

    @property
    def url(self) -> str:
        return self.collector.variables["SPANWISE_STORE"]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        client = self.server.client("roles", "s3cret")
        try:
            return [tuple(row) for row in client.query(sql, settings={"database": "traces"}).result_rows]
        finally:
            client.close()


@contextmanager
def started(directory: Path) -> Iterator[Pair]:
    with store_process(directory / "store", USERS) as server:
        url = f"clickhouse://roles:s3cret@{server.addresses.query}/traces"
        with collector_on(url, directory / "collector") as collector:
            yield Pair(server, collector)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two processes in which something was learned."""
    with started(tmp_path_factory.mktemp("pair")) as found:
        with found.collector.channel() as channel:
            export(channel, request_bytes(chat("ada", "Remember that I prefer metric units."), span()))
        wait_until(lambda: found.rows("SELECT count() FROM traces.context") == [(1,)])
        yield found


def sql(pair: Pair, statement: str) -> subprocess.CompletedProcess[str]:
    return pair.collector.run("sql", f"{statement} FORMAT TSV")


def test_the_whole_loop(pair: Pair) -> None:
    assert pair.rows("SELECT count() FROM traces.otel_traces") == [(2,)]
    assert pair.rows("SELECT Content FROM traces.context") == [("The user prefers metric units.",)]
    assert pair.collector.metric("spanwise_stored_spans_total") == 2
    assert "clickhouse://roles@" in pair.collector.log.read_text()


def test_every_command_reaches_the_served_store(pair: Pair) -> None:
    assert sql(pair, "SELECT count() FROM otel_traces").stdout == "2\n"
    assert "READONLY" in sql(pair, "INSERT INTO migrations (Number) VALUES (99)").stderr

    checked = pair.collector.run("check", "--json")
    findings = {one["what"]: one for one in map(json.loads, checked.stdout.splitlines())}
    assert checked.returncode == 0, checked.stdout
    assert f"served on {pair.server.addresses.query}" in findings["store"]["found"]
    assert findings["store"]["remedy"] == ""
    assert "disk" not in findings
    assert "s3cret" not in checked.stdout

    for command in (["migrate"], ["signals", "list"], ["context", "list"], ["replay", "--since", "1h"]):
        done = pair.collector.run(*command)
        assert done.returncode == 0, (command, done.stderr)
    assert "The user prefers metric units." in pair.collector.run("context", "get", "--user", "ada").stdout


def test_a_store_that_is_away_for_a_while_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """Clients are told to try again, and what they repeat is stored once. The collector recovers by itself."""
    with started(tmp_path) as pair:
        _outage(pair)
        assert pair.collector.stop() == 0
        log = pair.collector.log.read_text() + pair.server.log.read_text()
        assert "s3cret" not in log


def _outage(pair: Pair) -> None:
    address = pair.server.addresses.query
    requests = [request_bytes(span(f"span {number}")) for number in range(20)]
    with pair.collector.channel() as channel:
        export(channel, requests[0])
        pair.server.kill()
        with pytest.raises(grpc.RpcError) as away:
            export(channel, requests[1])
        assert away.value.code() is grpc.StatusCode.UNAVAILABLE
        restarted = CollectorProcess(
            pair.server.directory, {**pair.server.environment, "SPANWISE_SERVE_STORE__LISTEN": address}, "serve-store"
        )
        restarted.start()
        try:
            for request in (*requests, *requests):
                _until_stored(channel, request)
            again = Pair(restarted, pair.collector)
            assert again.rows("SELECT count(), uniqExact(SpanId) FROM traces.otel_traces") == [(20, 20)]
            assert pair.collector.alive()
        finally:
            restarted.kill()


def _until_stored(channel: grpc.Channel, request: bytes) -> None:
    """As an exporter sends it, which repeats what it should try again later."""

    def stored() -> bool:
        try:
            export(channel, request)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            return False
        return True

    wait_until(stored)


async def test_processes_that_migrate_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with store_process(tmp_path / "store", USERS) as server:
        url = f"clickhouse://roles:s3cret@{server.addresses.query}/traces"
        migrating = CollectorProcess(tmp_path, {"SPANWISE_STORE": url})
        finished = await asyncio.gather(*(asyncio.to_thread(migrating.run, "migrate") for _ in range(3)))
        assert [(one.returncode, one.stderr) for one in finished] == [(0, "")] * 3
        assert "Every migration is applied." in migrating.run("migrate").stdout


async def test_an_insert_whose_answer_was_lost_can_be_repeated(tmp_path: Path) -> None:
    """The first one is done after all, when nobody waits for it any more; the second changes nothing."""
    with store_process(tmp_path) as server:
        address = parse_store_url(f"clickhouse://{server.addresses.query}")
        assert isinstance(address, ServedStore)
        reach = partial(served_client, address, "default", connect_seconds=1, answer_seconds=1, ca_file=None)
        store = ClickHouseStore(reach)
        await migrate(store)
        block = block_of("signals", ("Id", "SeenAt"), [("one", datetime.now(UTC))])
        server.signal(signal.SIGSTOP)
        with pytest.raises(Busy, match="cannot be reached"):
            await store.insert(block, "token")
        server.signal(signal.SIGCONT)
        for _ in range(2):
            await store.insert(block, "token")
        assert await store.query("SELECT count() FROM signals") == [(1,)]
        await store.close()


def test_a_store_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    absent = CollectorProcess(tmp_path, {"SPANWISE_STORE": "clickhouse://roles:s3cret@127.0.0.1:1/traces"})
    for command, code in ((["up"], 3), (["migrate"], 3), (["sql", "SELECT 1"], 1), (["check"], 1)):
        done = absent.run(*command)
        assert done.returncode == code, done.stderr
        assert "Connection refused" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert "s3cret" not in done.stdout + done.stderr


def test_a_wrong_password_says_so(tmp_path: Path) -> None:
    with store_process(tmp_path / "store", USERS) as server:
        wrong = CollectorProcess(
            tmp_path, {"SPANWISE_STORE": f"clickhouse://roles:gu3ss@{server.addresses.query}/traces"}
        )
        for command in (["up"], ["migrate"], ["sql", "SELECT 1"]):
            done = wrong.run(*command)
            assert done.returncode == 1, done.stderr
            assert "no such user, or a wrong password" in done.stderr
            assert "gu3ss" not in done.stderr
