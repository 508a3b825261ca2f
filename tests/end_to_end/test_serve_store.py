"""`spanwise serve-store` as a ClickHouse server: for curl, clickhouse-connect and Go programs, each in its own way."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import lz4.frame
import psutil
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from spanwise.collector.store.serve.body import decoded
from spanwise.collector.store.serve.frames import framed
from spanwise.collector.store.serve.zstandard import zstd
from tests.processes import CollectorProcess, collector_process, store_process

USERS = {
    "SPANWISE_SERVE_STORE__USERS": '{"writer": "wörd"}',
    "SPANWISE_SERVE_STORE__READERS": '{"reader": "rêd"}',
    "SPANWISE_SERVE_STORE__WAITING_BYTES": str(100 * 2**20),
}
WRITER = {"X-ClickHouse-User": "writer", "X-ClickHouse-Key": "wörd"}
READER = {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "rêd"}
GO_PROGRAM = Path(__file__).parents[1] / "clickhouse_go"
_NUMBERS = count(1)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Message

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def code(self) -> str | None:
        return self.headers["X-ClickHouse-Exception-Code"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    with store_process(tmp_path_factory.mktemp("server"), USERS) as process:
        yield process


def ask(
    server: CollectorProcess,
    parameters: Mapping[str, str],
    body: bytes | Iterator[bytes] = b"",
    headers: Mapping[str, str] = WRITER,
    *,
    method: str = "POST",
) -> Answer:
    connection = HTTPConnection(server.addresses.query)
    sent = {name: value.encode() for name, value in headers.items()}
    try:
        connection.request(method, f"/?{urlencode(parameters)}", body, sent)
        response = connection.getresponse()
        return Answer(response.status, response.read(), response.headers)
    finally:
        connection.close()


def run(server: CollectorProcess, sql: str, headers: Mapping[str, str] = WRITER, **parameters: str) -> str:
    answer = ask(server, parameters, sql.encode(), headers)
    assert answer.status == 200, answer.text
    return answer.text


@pytest.fixture
def table(server: CollectorProcess) -> str:
    name = f"t{next(_NUMBERS)}"
    run(
        server,
        f"CREATE TABLE {name} (Number UInt64, Text String) ENGINE = MergeTree ORDER BY Number "
        "SETTINGS non_replicated_deduplication_window = 100",
    )
    return name


# Who may do what.


@pytest.mark.parametrize(
    ("headers", "parameters"),
    [
        (WRITER, {}),
        ({"Authorization": "Basic d3JpdGVyOnfDtnJk"}, {}),
        ({}, {"user": "writer", "password": "wörd"}),
    ],
    ids=["headers", "basic", "parameters"],
)
def test_a_user_is_known_by(
    server: CollectorProcess, headers: Mapping[str, str], parameters: Mapping[str, str]
) -> None:
    assert ask(server, parameters, b"SELECT 1", headers).text == "1\n"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "194"),
        (WRITER | {"X-ClickHouse-Key": "rêd"}, 403, "516"),
        (WRITER | {"X-ClickHouse-User": "nobody"}, 403, "516"),
        ({"X-ClickHouse-User": "", "X-ClickHouse-Key": ""}, 401, "194"),
        ({"Authorization": "Basic nonsense"}, 403, "516"),
    ],
)
def test_everybody_else_is_refused(
    server: CollectorProcess, headers: Mapping[str, str], status: int, code: str
) -> None:
    answer = ask(server, {}, b"SELECT 1", headers)
    assert (answer.status, answer.code) == (status, code)
    assert "wörd" not in answer.text


def test_passwords_are_nowhere_in_the_log(server: CollectorProcess) -> None:
    ask(server, {"user": "writer", "password": "wörd"}, b"SELECT nonsense", {})
    log = server.log.read_text()
    assert "writer (may write), reader" in log
    assert "wörd" not in log
    assert "w%C3%B6rd" not in log


def test_a_reader_reads_and_does_nothing_else(server: CollectorProcess, table: str) -> None:
    run(server, f"INSERT INTO {table} VALUES (1, 'one')")
    assert run(server, f"SELECT Text FROM {table}", READER) == "one\n"
    for statement in (f"INSERT INTO {table} VALUES (2, 'two')", f"DROP TABLE {table}", "SET readonly = 0"):
        assert ask(server, {}, statement.encode(), READER).code == "164"
    assert ask(server, {"readonly": "0"}, f"DROP TABLE {table}".encode(), READER).code == "164"
    assert run(server, f"SELECT count() FROM {table}", READER) == "1\n"


def test_a_writer_may_choose_to_read_only(server: CollectorProcess, table: str) -> None:
    assert ask(server, {"readonly": "1"}, f"DROP TABLE {table}".encode()).code == "164"
    assert ask(server, {"query": f"DROP TABLE {table}"}, method="GET").code == "164"
    assert run(server, f"EXISTS TABLE {table}") == "1\n"


def test_pages_in_a_browser_are_refused(server: CollectorProcess) -> None:
    for headers in ({"Origin": "https://example.com"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "example.com"}):
        assert ask(server, {}, b"SELECT 1", WRITER | headers).status in (400, 403)


OUTSIDE = {
    "outfile": "SELECT 1 INTO OUTFILE '{directory}/stolen'",
    "infile": "INSERT INTO {table} FROM INFILE '{directory}/collector.log' FORMAT LineAsString",
    "file": "SELECT * FROM file('{directory}/collector.log', 'LineAsString')",
    "file-function": "SELECT file('{directory}/collector.log')",
    "into-file": "INSERT INTO FUNCTION file('{directory}/stolen', 'CSV', 'a UInt8') VALUES (1)",
    "into-table-file": "INSERT INTO TABLE FUNCTION file('{directory}/stolen', 'CSV', 'a UInt8') VALUES (1)",
    "as-file": "CREATE TABLE stolen AS file('{directory}/collector.log', 'LineAsString')",
    "url": "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "quoted-url": "SELECT * FROM `url`('http://127.0.0.1:1/', 'LineAsString')",
    "upper-url": "SELECT * FROM URL('http://127.0.0.1:1/', 'LineAsString')",
    "python": "SELECT * FROM Python(reader)",
    "eval": "SELECT * FROM eval('SELECT 1')",
    "quote-in-a-name": "SELECT 1 AS `'`, file('{directory}/collector.log')",
    "quote-in-a-name-url": "SELECT 1 AS `'`, 2 AS `x\\`'`, * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    "executable": "SELECT * FROM executable('id', 'TSV', 'a String')",
    "engine": "CREATE TABLE stolen (a String) ENGINE = File(LineAsString, '{directory}/collector.log')",
    "quoted-engine": "CREATE TABLE stolen (a String) ENGINE = `File`(LineAsString)",
    "url-engine": "CREATE TABLE stolen (a String) ENGINE = URL('http://127.0.0.1:1/', 'CSV')",
    "database": "CREATE DATABASE stolen ENGINE = Filesystem('{directory}')",
    "disk": "CREATE TABLE stolen (a String) ENGINE = MergeTree ORDER BY a "
    "SETTINGS disk = disk(type = 'local', path = '/x/')",
    "dictionary": "CREATE DICTIONARY stolen (a String) PRIMARY KEY a SOURCE(FILE(PATH '{directory}/collector.log' "
    "FORMAT 'CSV')) LAYOUT(COMPLEX_KEY_DIRECT())",
    "function": "CREATE FUNCTION stolen AS x -> x",
    "user": "CREATE USER stolen",
    "backup": "BACKUP TABLE {table} TO File('{directory}/stolen')",
    "attach": "ATTACH TABLE stolen FROM '{directory}' (a String) ENGINE = MergeTree ORDER BY a",
    "system": "SYSTEM SHUTDOWN",
    "kill": "KILL QUERY WHERE 1",
    "several": "SELECT 1; SYSTEM SHUTDOWN",
    "explain-several": "/* INSERT INTO x FORMAT TSV */ SELECT 1; SYSTEM SHUTDOWN",
}


@pytest.mark.parametrize("statement", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_writer_reaches_tables_and_nothing_outside(server: CollectorProcess, table: str, statement: str) -> None:
    answer = ask(server, {}, statement.format(directory=server.directory, table=table).encode())
    assert answer.status >= 400, answer.text
    assert "DB::Exception" in answer.text
    assert not (server.directory / "stolen").exists()
    assert run(server, "SELECT count() FROM system.tables WHERE name = 'stolen'") == "0\n"
    assert run(server, "SELECT count() FROM system.databases WHERE name = 'stolen'") == "0\n"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {table} SELECT number, toString(number) FROM numbers(3)",
        "INSERT INTO {table} SELECT number, format('{{}}', 'file(1)') FROM numbers(3)",
        "CREATE TABLE {table}_copy AS {table}",
        "CREATE MATERIALIZED VIEW {table}_view ENGINE = SummingMergeTree ORDER BY Number AS SELECT Number FROM {table}",
        "ALTER TABLE {table} ADD COLUMN Added UInt8, ADD INDEX by_text Text TYPE bloom_filter(0.01) GRANULARITY 1",
        "ALTER TABLE {table} DELETE WHERE Number = 1",
        "OPTIMIZE TABLE {table} FINAL",
        "TRUNCATE TABLE {table}",
        "RENAME TABLE {table} TO {table}_renamed",
        "CREATE DATABASE IF NOT EXISTS mine",
        "DROP TABLE {table}",
    ],
)
def test_a_writer_changes_tables(server: CollectorProcess, table: str, statement: str) -> None:
    run(server, statement.format(table=table))


# Inserts.

ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstd.compress,
    "lz4": lz4.frame.compress,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("place", ["address", "body"])
def test_rows_in_every_encoding(server: CollectorProcess, table: str, encoding: str, place: str) -> None:
    statement, rows = f"INSERT INTO {table} FORMAT CSV", b"1,one\n2,two\n"
    body = rows if place == "address" else statement.encode() + b"\n" + rows
    parameters = {"query": statement} if place == "address" else {}
    answer = ask(server, parameters, ENCODINGS[encoding](body), WRITER | {"Content-Encoding": encoding})
    assert answer.status == 200, answer.text
    assert json.loads(answer.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert run(server, f"SELECT * FROM {table} ORDER BY Number") == "1\tone\n2\ttwo\n"


def test_clickhouses_own_compression_both_ways(server: CollectorProcess, table: str) -> None:
    body = b"".join(framed(b"1,one\n"))
    assert ask(server, {"query": f"INSERT INTO {table} FORMAT CSV", "decompress": "1"}, body).status == 200
    answer = ask(server, {"query": f"SELECT * FROM {table}", "compress": "1"})
    assert b"".join(decoded([answer.body], "", frames=True)) == b"1\tone\n"
    wrong = ask(server, {"query": "SELECT nonsense", "compress": "1"})
    assert wrong.code == "47"
    assert b"".join(decoded([wrong.body], "", frames=True)).startswith(b"Code: 47. DB::Exception")


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "lz4", "deflate"])
def test_answers_are_compressed_for_those_who_ask(server: CollectorProcess, encoding: str) -> None:
    asking = WRITER | {"Accept-Encoding": f"br, {encoding};q=1, gzip"}
    answer = ask(server, {"enable_http_compression": "1"}, b"SELECT number FROM numbers(1000)", asking)
    assert answer.headers["Content-Encoding"] == encoding
    assert b"".join(decoded([answer.body], encoding, frames=False)).count(b"\n") == 1000
    assert ask(server, {}, b"SELECT 1", asking).body == b"1\n"


def test_a_body_in_chunks(server: CollectorProcess, table: str) -> None:
    rows = (f"{number},x\n".encode() for number in range(1000))
    assert ask(server, {"query": f"INSERT INTO {table} FORMAT CSV"}, rows).status == 200
    assert run(server, f"SELECT count() FROM {table}") == "1000\n"


def test_binary_rows_after_a_statement_are_not_touched(server: CollectorProcess, table: str) -> None:
    rows = b"".join(number.to_bytes(8, "little") + b"\x02\xff\n" for number in range(10, 14))
    assert ask(server, {}, f"INSERT INTO {table} FORMAT RowBinary\n".encode() + rows).status == 200
    assert run(server, f"SELECT Number, hex(Text) FROM {table} WHERE Number = 10") == "10\tFF0A\n"


def test_one_insert_is_one_part(server: CollectorProcess, table: str) -> None:
    data = b"".join(number.to_bytes(8, "little") + b"\x01x" for number in range(1_200_000))
    assert ask(server, {"query": f"INSERT INTO {table} FORMAT RowBinary"}, data).status == 200
    parts = f"SELECT count(), sum(rows) FROM system.parts WHERE table = '{table}' AND level = 0"
    assert run(server, parts) == "1\t1200000\n"


def test_an_insert_that_fails_late_leaves_nothing(server: CollectorProcess, table: str) -> None:
    data = b"".join(number.to_bytes(8, "little") + b"\x01x" for number in range(1_200_000))
    answer = ask(server, {"query": f"INSERT INTO {table} FORMAT RowBinary"}, data[:-1])
    assert answer.status == 400, answer.text
    assert answer.code == "33"
    assert run(server, f"SELECT count() FROM {table}") == "0\n"


def test_a_token_makes_repetition_harmless(server: CollectorProcess, table: str) -> None:
    for token in ("a", "a", "b"):
        run(server, f"INSERT INTO {table} VALUES (1, 'one')", insert_deduplication_token=token, async_insert="1")
    assert run(server, f"SELECT count() FROM {table}") == "2\n"


def test_parameters_and_settings_last_for_one_request(server: CollectorProcess, table: str) -> None:
    run(server, "INSERT INTO {name:Identifier} VALUES (1, 'one')", param_name=table)
    assert run(server, "SELECT {text:String}", param_text="a\\tb") == "a\\tb\n"
    assert run(server, "SELECT getSetting('max_threads')", max_threads="3") == "3\n"
    assert run(server, "SELECT getSetting('max_threads') = 3") == "0\n"
    wrong = ask(server, {"no_such_setting": "1"}, b"SELECT 1")
    assert (wrong.status, wrong.code) == (400, "115")
    assert ask(server, {"a = 1, readonly": "1"}, b"SELECT 1").status >= 400


def test_a_database_of_its_own(server: CollectorProcess) -> None:
    run(server, "CREATE DATABASE IF NOT EXISTS other")
    run(server, "CREATE TABLE IF NOT EXISTS only_there (a UInt8) ENGINE = Memory", database="other")
    assert run(server, "SELECT count() FROM only_there", database="other") == "0\n"
    missing = ask(server, {"database": "nowhere"}, b"SELECT 1")
    assert (missing.status, missing.code) == (404, "81")


def test_a_body_larger_than_there_is_room_for_is_refused_and_the_room_is_free_again(
    server: CollectorProcess, table: str
) -> None:
    chunks = (bytes(2**20) for _ in range(101))
    refused = ask(server, {"query": f"INSERT INTO {table} FORMAT RowBinary"}, chunks)
    assert (refused.status, refused.code) == (503, "241")
    run(server, f"INSERT INTO {table} VALUES (1, 'one')")


def test_a_large_body_is_in_memory_about_once(server: CollectorProcess, table: str) -> None:
    """Besides the engine's own block of rows: no copy of the whole is made on the way there."""
    process, size = psutil.Process(server.pid), 80 * 2**20
    row = (7).to_bytes(8, "little") + b"\xff\x7f" + bytes(2**14 - 1)
    rows = row * (size // len(row))
    run(server, f"INSERT INTO {table} VALUES (1, 'one')")
    before = process.memory_info().rss
    peak_file = Path(f"/proc/{server.pid}/clear_refs")
    peak_file.write_text("5")  # starts the peak anew
    parameters = {"query": f"INSERT INTO {table} FORMAT RowBinary", "compress": "0"}
    assert ask(server, parameters, rows).status == 200
    status = Path(f"/proc/{server.pid}/status").read_text()
    (peak,) = [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    print(f"{size / 2**20:.0f} MiB of rows: {(peak - before) / 2**20:.0f} MiB more at the peak")
    assert peak - before < 3.5 * size


# Clients.


@pytest.fixture
def client(server: CollectorProcess) -> Iterator[Client]:
    opened = server.client("writer", "wörd")
    yield opened
    opened.close()


def test_clickhouse_connect_writes_and_reads(client: Client, table: str) -> None:
    client.insert(table, [[number, f"text {number}"] for number in range(1000)], column_names=["Number", "Text"])
    for number, compression in enumerate((None, "gzip", "zstd", "lz4")):
        rows = ENCODINGS[compression or "identity"](b"%d,raw\n" % (5000 + number))
        summary = client.raw_insert(table, ["Number", "Text"], rows, fmt="CSV", compression=compression)
        assert summary.written_rows == 1
    assert client.query(f"SELECT count(), max(Number) FROM {table}").result_rows == [(1004, 5003)]
    assert client.command(f"SELECT count() FROM {table}") == 1004
    assert client.query(f"SELECT * FROM {table} WHERE Number > 9999").result_rows == []
    with client.query_row_block_stream("SELECT number FROM numbers(200000)") as stream:
        assert sum(len(block) for block in stream) == 200_000
    with pytest.raises(DatabaseError) as wrong:
        client.query("SELECT nonsense")
    assert wrong.value.code == 47


def curl(server: CollectorProcess, *arguments: str, given: bytes = b"") -> str:
    program = shutil.which("curl")
    if program is None:
        assert not os.environ.get("CI"), "CI needs curl"
        pytest.skip("curl is not installed")
    command = [program, "--silent", "--user", "writer:wörd", *arguments]
    finished = subprocess.run(command, input=given, capture_output=True, timeout=60, check=True)
    return finished.stdout.decode()


def test_curl(server: CollectorProcess, table: str) -> None:
    address = f"http://{server.addresses.query}/"
    inserting = f"{address}?query=INSERT+INTO+{table}+FORMAT+CSV"
    assert curl(server, address, "--data-binary", "@-", given=f"INSERT INTO {table} VALUES (1, 'one')".encode()) == ""
    assert curl(server, inserting, "--data-binary", "@-", given=b"2,two\n") == ""
    zipped = ("-H", "Content-Encoding: gzip", "-H", "Transfer-Encoding: chunked", "--data-binary", "@-")
    assert curl(server, inserting, *zipped, given=gzip.compress(b"3,three\n")) == ""
    reading = f"{address}?enable_http_compression=1&query=SELECT+Text+FROM+{table}+ORDER+BY+Number"
    assert curl(server, "--compressed", reading) == "one\ntwo\nthree\n"
    assert curl(server, f"{address}ping") == curl(server, f"{address}replicas_status") == "Ok.\n"


@pytest.fixture(scope="session")
def go_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program with clickhouse-go, which is what the OpenTelemetry Collector's exporter writes with."""
    go = shutil.which("go")
    if go is None:
        assert not os.environ.get("CI"), "CI needs Go, for a client that is built with it"
        pytest.skip("Go is not installed")
    program = tmp_path_factory.mktemp("go") / "client"
    built = subprocess.run(
        [go, "build", "-o", program, "."], cwd=GO_PROGRAM, capture_output=True, text=True, check=False
    )
    if built.returncode and not os.environ.get("CI") and "dial tcp" in built.stderr:
        pytest.skip(f"the Go modules cannot be downloaded: {built.stderr.splitlines()[-1]}")
    assert built.returncode == 0, built.stderr
    return program


@pytest.mark.timeout(600)  # a first build takes two minutes on a busy machine; later ones a second
@pytest.mark.parametrize("compression", ["", "?compress=lz4", "?compress=zstd", "?compress=gzip"])
def test_clickhouse_go_writes_and_reads(server: CollectorProcess, go_client: Path, compression: str) -> None:
    address = f"http://writer:w%C3%B6rd@{server.addresses.query}/default{compression}"
    finished = subprocess.run([go_client, address], capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stderr
    report = json.loads(finished.stdout)
    assert [(row["Number"], row["Name"], row["Attributes"], row["Tags"], row["At"]) for row in report["Rows"]] == [
        (7, "gopher 7", {"key": "välue 7"}, ["a", "b"], "2023-11-14T22:13:20.000000007Z"),
        (99_999, "gopher 9", {"key": "välue 99999"}, ["a", "b"], "2023-11-14T22:13:20.000099999Z"),
    ]
    assert (report["Empty"], report["Large"]) == (0, 800_000)
    assert "Code: 47. DB::Exception: Unknown expression identifier `nonsense`" in report["Error"]


# The process.


def test_without_users_everybody_on_this_machine_may_write(tmp_path: Path) -> None:
    with store_process(tmp_path) as open_store:
        run(open_store, "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a", {})
        assert run(open_store, "SHOW TABLES", {}) == "t\n"
        assert "without a password" in open_store.log.read_text()
        assert open_store.stop() == 0


def test_what_was_inserted_survives_a_kill(tmp_path: Path) -> None:
    with store_process(tmp_path) as first:
        run(first, "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS fsync_after_insert = 1", {})
        run(first, "INSERT INTO t VALUES (1), (2)", {})
        first.kill()
        first.start()
        assert run(first, "SELECT count() FROM t", {}) == "2\n"


def test_one_process_holds_a_directory(server: CollectorProcess) -> None:
    finished = server.run("serve-store")
    assert finished.returncode == 3
    assert f"another Spanwise process holds {server.data}" in finished.stderr


def test_commands_ask_the_server_of_the_directory(server: CollectorProcess) -> None:
    finished = server.run("sql", "SELECT 1 AS one FORMAT JSONEachRow")
    assert (finished.returncode, finished.stdout) == (0, '{"one":1}\n'), finished.stderr


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"SPANWISE_SERVE_STORE__LISTEN": "0.0.0.0:0"}, "is not on loopback: set users"),
        (
            {"SPANWISE_SERVE_STORE__LISTEN": "0.0.0.0:0", "SPANWISE_SERVE_STORE__USERS": '{"open": ""}'},
            "each with a password",
        ),
        (
            {"SPANWISE_SERVE_STORE__USERS": '{"a": "s3cret"}', "SPANWISE_SERVE_STORE__READERS": '{"a": "s3cret"}'},
            "either in users or in readers",
        ),
        ({"SPANWISE_STORE": "clickhouse://a:s3cret@host/db"}, "what is served is a directory: chdb:///absolute/path"),
    ],
)
def test_what_would_be_unsafe_does_not_start(tmp_path: Path, variables: Mapping[str, str], complaint: str) -> None:
    finished = CollectorProcess(tmp_path, variables).run("serve-store")
    assert finished.returncode == 2, finished.stdout
    assert complaint in finished.stderr
    assert "s3cret" not in finished.stderr


def test_a_collector_serves_its_engine_to_readers_only(tmp_path: Path) -> None:
    """The same interface, whoever asks."""
    with collector_process(tmp_path) as collector:
        assert run(collector, "SELECT count() FROM otel_traces", {}) == "0\n"
        assert ask(collector, {}, b"INSERT INTO migrations (Number) VALUES (99)", WRITER).code == "164"
