"""One reading query over ClickHouse's HTTP interface. Loading its client library takes longer than most queries."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode

from spanwise.cli.failures import Failed


@dataclass(frozen=True, slots=True)
class Server:
    """Where queries are answered, and as whom; with TLS if `tls` is there."""

    address: str
    user: str
    password: str = field(repr=False)
    database: str = ""
    patience: float = 120.0
    tls: ssl.SSLContext | None = None


def ask(server: Server, sql: str, default_format: str, parameters: Mapping[str, str]) -> bytes:
    """The answer as the server writes it. Raises `Failed` with what it says, or that it does not answer."""
    values = {"default_format": default_format, "readonly": "1"}
    values |= {f"param_{name}": value for name, value in parameters.items()}
    if server.database:
        values["database"] = server.database
    # As UTF-8, which ClickHouse compares names and passwords in; http.client would write Latin-1.
    headers = {"X-ClickHouse-User": server.user.encode(), "X-ClickHouse-Key": server.password.encode()}
    connection = _connection(server)
    try:
        connection.request("POST", f"/?{urlencode(values)}", sql.encode(), headers)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, HTTPException) as error:
        raise Failed(f"no answer from {server.address}: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise Failed(body.decode("utf-8", "replace").strip())
    return body


def _connection(server: Server) -> HTTPConnection:
    if server.tls is None:
        return HTTPConnection(server.address, timeout=server.patience)
    return HTTPSConnection(server.address, timeout=server.patience, context=server.tls)


def pings(address: str) -> bool:
    """Whether a process of ours, or a ClickHouse server, answers there."""
    connection = HTTPConnection(address, timeout=2.0)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
