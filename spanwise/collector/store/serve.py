"""ClickHouse's HTTP interface for the embedded engine, read-only: curl and any ClickHouse client can query it while a
collector holds its data directory. Parameters and headers are those of https://clickhouse.com/docs/interfaces/http.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from spanwise.collector.errors import Rejected
from spanwise.collector.store.clients import Connections
from spanwise.collector.store.readonly import read, reading_connection

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

READONLY = 164
UNKNOWN = 1002


@dataclass(frozen=True, slots=True)
class Query:
    """One query as it came over HTTP."""

    id: str
    sql: str
    format: str
    parameters: Mapping[str, str]


def query_app(path: Path, registry: CollectorRegistry) -> Starlette:
    """Answers queries on `/`, `/ping`, and with the process's own metrics on `/metrics`.

    To be bound to loopback: whoever can connect may read everything. Other host names than loopback's are refused, so
    that no web page can use a browser to read.
    """
    connections: Connections[Connection] = Connections(lambda: reading_connection(path))

    async def answer(request: Request) -> Response:
        query = await _query(request)
        try:
            return Response(await asyncio.to_thread(_run, connections, query), headers=_headers(query))
        except Rejected as error:
            return _error(query, f"Code: {READONLY}. DB::Exception: {error}. (READONLY)")
        except RuntimeError as error:  # what chDB raises, whatever the engine says
            return _error(query, str(error))

    async def ping(_: Request) -> Response:
        return PlainTextResponse("Ok.\n")

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    routes = [
        Route("/", answer, methods=["GET", "POST"]),
        Route("/ping", ping),
        Route("/metrics", metrics),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"])
    return Starlette(routes=routes, middleware=[hosts])


async def _query(request: Request) -> Query:
    given = request.query_params
    body = (await request.body()).decode("utf-8", "replace")  # rows to be inserted may be anything; they are refused
    return Query(
        id=given.get("query_id") or str(uuid.uuid4()),
        sql="\n".join(text for text in (given.get("query", ""), body) if text),  # in ClickHouse's own order
        format=given.get("default_format", "TabSeparated"),
        parameters={name.removeprefix("param_"): text for name, text in given.items() if name.startswith("param_")},
    )


def _run(connections: Connections[Connection], query: Query) -> bytes:
    with connections.lend() as connection:
        return read(connection, query.sql, query.format, query.parameters)


def _headers(query: Query) -> dict[str, str]:
    return {
        "Content-Type": "text/plain; charset=UTF-8",
        "X-ClickHouse-Query-Id": query.id,
        "X-ClickHouse-Server-Display-Name": "spanwise",
        "X-ClickHouse-Timezone": "UTC",
    }


def _error(query: Query, message: str) -> Response:
    found = re.search(r"Code: (\d+)\.", message)
    code = found.group(1) if found else str(UNKNOWN)
    text = message[found.start() :] if found else f"Code: {UNKNOWN}. DB::Exception: {message}"
    headers = _headers(query) | {"X-ClickHouse-Exception-Code": code}
    return PlainTextResponse(text + "\n", status_code=500, headers=headers)
