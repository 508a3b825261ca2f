"""ClickHouse's HTTP interface of a running collector: for curl, for ClickHouse clients, and for reading only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.exporting import export
from tests.processes import CollectorProcess
from tests.requests import attribute, request_bytes, span

WRITES = {
    "insert": "INSERT INTO migrations (Number, Name) VALUES (99, 'mine')",
    "insert-select": "INSERT INTO otel_traces SELECT * FROM otel_traces",
    "create": "CREATE TABLE mine (a UInt8) ENGINE = Memory",
    "drop": "DROP TABLE signals",
    "alter": "ALTER TABLE otel_traces DELETE WHERE 1",
    "truncate": "TRUNCATE TABLE otel_traces",
    "optimize": "OPTIMIZE TABLE otel_traces FINAL",
    "system": "SYSTEM SHUTDOWN",
    "set": "SET readonly = 0",
    "kill": "KILL QUERY WHERE 1",
    "commented": "/* SELECT */ DROP TABLE signals",
    "several": "SELECT 1; DROP TABLE signals",
    "settings": "SELECT 1 SETTINGS readonly = 0",
}
OUTSIDE = {
    "file": "SELECT * FROM file('{directory}/collector.log', 'LineAsString')",
    "file-function": "SELECT file('{directory}/collector.log')",
    "spaced": "SELECT * FROM FILE /* */ ('{directory}/collector.log', 'LineAsString')",
    "quoted": "SELECT * FROM `file`('{directory}/collector.log', 'LineAsString')",
    "quote-in-a-name": "SELECT 1 AS `'`, file('{directory}/collector.log')",
    "nested": "SELECT (SELECT count() FROM (SELECT * FROM file('{directory}/collector.log', 'LineAsString')))",
    "second": "SELECT 1; SELECT * FROM file('{directory}/collector.log', 'LineAsString')",
    "second-outfile": "SELECT 1; SELECT 1 INTO OUTFILE '{directory}/stolen'",
    "outfile": "SELECT 1 INTO OUTFILE '{directory}/stolen'",
    "url": "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "remote": "SELECT * FROM remote('127.0.0.1:1', 'system.one')",
    "executable": "SELECT * FROM executable('id', 'TSV', 'a String')",
    "python": "SELECT * FROM Python(reader)",
    "s3": "SELECT * FROM s3('http://127.0.0.1:1/a/b', 'CSV')",
}


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: Message


def ask(collector: CollectorProcess, path: str, *, method: str = "GET", body: str = "", host: str = "") -> Answer:
    """As curl would."""
    connection = HTTPConnection(collector.addresses.query)
    try:
        headers = {"Host": host} if host else {}
        connection.request(method, path, body.encode() or None, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(), response.headers)
    finally:
        connection.close()


def query(collector: CollectorProcess, sql: str, **parameters: str) -> Answer:
    return ask(collector, f"/?{urlencode(parameters)}", method="POST", body=sql)


@pytest.fixture(scope="module", autouse=True)
def spans(collector: CollectorProcess) -> None:
    with collector.channel() as channel:
        export(channel, request_bytes(*(span(f"span {number}", attribute("kind", "queried")) for number in range(5))))


@pytest.fixture
def client(collector: CollectorProcess) -> Iterator[Client]:
    opened = collector.client()
    yield opened
    opened.close()


def test_a_query_in_the_address(collector: CollectorProcess) -> None:
    answer = ask(collector, "/?" + urlencode({"query": "SELECT count() FROM otel_traces"}))
    assert (answer.status, answer.body) == (200, "5\n")
    assert answer.headers["X-ClickHouse-Query-Id"]


def test_a_query_in_the_body(collector: CollectorProcess) -> None:
    assert query(collector, "SELECT 1, 'é'").body == "1\té\n"
    assert query(collector, "SELECT 1 AS one", default_format="JSONEachRow").body == '{"one":1}\n'
    assert query(collector, "SELECT 1 AS one FORMAT CSVWithNames", default_format="TSV").body == '"one"\n1\n'


def test_parameters(collector: CollectorProcess) -> None:
    sql = "SELECT count() FROM otel_traces WHERE SpanName = {name:String}"
    assert query(collector, sql, param_name="span 3").body == "1\n"
    assert query(collector, sql, param_name="' OR 1 OR '").body == "0\n"


def test_a_wrong_query_has_clickhouses_error(collector: CollectorProcess) -> None:
    answer = query(collector, "SELECT nonsense FROM otel_traces")
    assert answer.status >= 400
    assert answer.headers["X-ClickHouse-Exception-Code"] == "47"
    assert answer.body.startswith("Code: 47. DB::Exception: ")


def test_a_query_that_fails_halfway_leaves_nothing_to_the_next_one(collector: CollectorProcess) -> None:
    """What chDB had written of its answer would otherwise be the answer to the next query, whoever asks it."""
    for number in range(5):
        failing = query(collector, "SELECT number, throwIf(number = 1000000) FROM numbers(2000000)")
        assert failing.headers["X-ClickHouse-Exception-Code"] == "395"
        assert query(collector, f"SELECT {number}").body == f"{number}\n"


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES.keys())
def test_nothing_can_be_written_or_changed(collector: CollectorProcess, statement: str) -> None:
    answer = query(collector, statement)
    assert answer.status >= 400, answer.body
    assert "DB::Exception" in answer.body
    assert query(collector, "SELECT count() FROM otel_traces").body == "5\n"
    assert query(collector, "SELECT count() FROM signals").body == "0\n"


@pytest.mark.parametrize("statement", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_nothing_outside_the_tables_can_be_reached(collector: CollectorProcess, statement: str) -> None:
    answer = query(collector, statement.format(directory=collector.directory))
    assert answer.status >= 400, answer.body
    assert "Spanwise 0" not in answer.body
    assert not (collector.directory / "stolen").exists()


def test_a_word_in_quotes_is_no_function(collector: CollectorProcess) -> None:
    assert query(collector, "SELECT 'file(1) INTO OUTFILE x' AS text").body == "file(1) INTO OUTFILE x\n"


@pytest.mark.parametrize("path", ["/?query=SELECT+1", "/ping", "/metrics"])
def test_another_host_name_is_refused(collector: CollectorProcess, path: str) -> None:
    """So that no web page can make a browser read here, under a name that resolves to loopback."""
    assert ask(collector, path, host="rebound.example.com").status == 400
    assert ask(collector, path, host="localhost").status == 200


def test_ping(collector: CollectorProcess) -> None:
    assert ask(collector, "/ping").body == "Ok.\n"


def test_metrics(collector: CollectorProcess) -> None:
    answer = ask(collector, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "otelcol_receiver_accepted_spans_total 5.0" in answer.body
    assert "spanwise_insert_seconds_count 1.0" in answer.body


def test_clickhouse_connect_reads_with_parameters(client: Client) -> None:
    answer = client.query(
        "SELECT SpanName, SpanAttributes, Timestamp FROM otel_traces"
        " WHERE SpanName IN {names:Array(String)} ORDER BY SpanName",
        parameters={"names": ["span 1", "span 2", "a\tb\nc\\d'e"]},
    )
    assert answer.column_names == ("SpanName", "SpanAttributes", "Timestamp")
    assert [(name, attributes) for name, attributes, _ in answer.result_rows] == [
        ("span 1", {"kind": "queried"}),
        ("span 2", {"kind": "queried"}),
    ]
    odd = "a\tb\nc\\d'e"
    assert client.query("SELECT {text:String}", parameters={"text": odd}).result_rows == [(odd,)]
    assert client.query("SELECT SpanName FROM otel_traces WHERE SpanName = %s", ["span 4"]).result_rows == [("span 4",)]


def test_clickhouse_connect_reads_much(client: Client) -> None:
    rows = client.query("SELECT number, toString(number) FROM numbers(200000)").result_rows
    assert (len(rows), rows[-1]) == (200_000, (199_999, "199999"))


def test_clickhouse_connect_cannot_write(client: Client) -> None:
    with pytest.raises(DatabaseError):
        client.insert("migrations", [[99, "mine"]], column_names=["Number", "Name"])
    with pytest.raises(DatabaseError, match="READONLY"):
        client.command("DROP TABLE signals")
    assert client.query("SELECT count() FROM migrations WHERE Number = 99").result_rows == [(0,)]
