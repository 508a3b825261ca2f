"""A ClickHouse endpoint that throws the rows of `otel_traces` away, in front of a server that answers all the rest.

    python -m benchmarks.discarding HOST:PORT    # of the server; prints where it listens itself

The first insert goes to the server, which so proves that the rows are ones that ClickHouse takes. Of every other the
first compressed frame is checked and its rows are counted; what follows is counted in bytes. `GET /counts` gives both.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import httptools

from spanwise.collector.store.serve.frames import CHECKSUM, HEADER, unframed

PASSED_ON = ("authorization", "content-type", "content-encoding", "x-clickhouse-user", "x-clickhouse-key")
ANSWERED = ("content-type", "x-clickhouse-format", "x-clickhouse-exception-code", "x-clickhouse-query-id")


@dataclass
class Counts:
    """What was thrown away, and what the server got of it first."""

    passed_on: int = 0
    """Inserts."""
    inserts: int = 0
    rows: int = 0
    bytes: int = 0
    """As they came, compressed."""


@dataclass
class _Request:
    """One that is being read. Of an insert that is thrown away, only the first frame is kept."""

    target: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    thrown_away: bool = False
    whole: int = 0
    """Bytes of the first frame; 0 until they are known."""

    def add(self, data: bytes) -> None:
        if not self.whole or len(self.body) < self.whole:
            self.body += data
        if self.thrown_away and not self.whole and len(self.body) >= CHECKSUM.size + HEADER.size:
            _, compressed, _ = HEADER.unpack_from(self.body, CHECKSUM.size)
            self.whole = CHECKSUM.size + compressed

    def rows(self) -> int:
        """The rows that the block's beginning tells. Raises `Refusal` if the frame is broken."""
        (block,) = unframed([bytes(self.body[: self.whole])])
        _, at = _number(block, 0)
        return _number(block, at)[0]


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


class _Connection(asyncio.Protocol):
    def __init__(self, server: str, counts: Counts) -> None:
        self._server = server
        self._counts = counts
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._request = _Request()

    def on_url(self, url: bytes) -> None:
        self._request.target += url.decode()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._request.headers[name.decode().lower()] = value.decode()

    def on_headers_complete(self) -> None:
        given = parse_qs(urlsplit(self._request.target).query)
        statement = given.get("query", [""])[0].lstrip()
        insert = statement.startswith("INSERT") and "otel_traces" in statement
        self._request.thrown_away = insert and self._counts.passed_on > 0
        self._counts.passed_on += insert and not self._counts.passed_on

    def on_body(self, body: bytes) -> None:
        self._request.add(body)
        self._counts.bytes += len(body) if self._request.thrown_away else 0

    def on_message_complete(self) -> None:
        request = self._request
        if request.thrown_away:
            self._counts.inserts += 1
            self._counts.rows += request.rows()
            self._answer(200, {}, b"")
        elif request.target == "/counts":
            self._answer(200, {}, json.dumps(asdict(self._counts)).encode())
        else:
            asyncio.create_task(self._pass_on(request, self._parser.get_method().decode()))  # noqa: RUF006 (answers)

    async def _pass_on(self, request: _Request, method: str) -> None:
        self._answer(*await asyncio.to_thread(_asked, self._server, request, method))

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        lines = [f"{name}: {value}" for name, value in (headers | {"content-length": str(len(body))}).items()]
        self._transport.write("\r\n".join([f"HTTP/1.1 {status} -", *lines, "", ""]).encode() + body)


def _asked(server: str, request: _Request, method: str) -> tuple[int, dict[str, str], bytes]:
    """What the server answers."""
    headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
    connection = HTTPConnection(server)
    try:
        connection.request(method, request.target, bytes(request.body), headers)
        response = connection.getresponse()
        kept = {name: value for name in ANSWERED if (value := response.headers.get(name))}
        return response.status, kept, response.read()
    finally:
        connection.close()


async def serve(server: str) -> None:
    counts = Counts()
    listening = await asyncio.get_running_loop().create_server(lambda: _Connection(server, counts), "127.0.0.1", 0)
    print(f"127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    await listening.serve_forever()


@contextmanager
def discarding(server: str) -> Iterator[str]:
    """The endpoint as a process of its own; gives its address."""
    command = [sys.executable, "-m", "benchmarks.discarding", server]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def counts(address: str) -> Counts:
    with urllib.request.urlopen(f"http://{address}/counts", timeout=30) as answer:
        return Counts(**json.load(answer))


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
