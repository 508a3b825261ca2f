"""What goes out: headers, errors as ClickHouse words them, and compression where it was asked for."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping

import lz4.frame
from starlette.responses import Response

from spanwise.collector.store.serve.engine import Answer
from spanwise.collector.store.serve.frames import framed
from spanwise.collector.store.serve.greeting import DISPLAY_NAME, TIMEZONE
from spanwise.collector.store.serve.query import Query
from spanwise.collector.store.serve.zstandard import zstd

READONLY = 164
UNKNOWN = 1002

STATUSES = {
    194: 401,
    **dict.fromkeys((164, 497, 516), 403),
    **dict.fromkeys((47, 60, 81, 16, 46), 404),  # what is named is not there
    **dict.fromkeys((6, 26, 27, 33, 36, 43, 62, 70, 73, 115, 117, 130), 400),
    48: 501,
    **dict.fromkeys((159, 202, 241, 242, 252), 503),  # it may go better later
}
"""Of an error's code, as `exceptionCodeToHTTPStatus` of ClickHouse has the frequent ones. Every other one is 500."""

LIGHT = 1
"""Compression is for the network's sake; the engine needs the processor."""

ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: zstd.compress(data, LIGHT),
    "lz4": lambda data: bytes(lz4.frame.compress(data)),
    "gzip": lambda data: gzip.compress(data, LIGHT),
    "deflate": lambda data: zlib.compress(data, LIGHT),
}


def encoding_of(headers: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    """How the client wants the answer compressed: the first of its list that is known here; empty for not at all."""
    if parameters.get("enable_http_compression", "0") in ("", "0"):
        return ""
    wanted = [part.partition(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")]
    return next((name for name in wanted if name in ENCODINGS), "")


def answered(query: Query, answer: Answer, encoding: str) -> Response:
    """A successful answer. Takes the time of its compression."""
    headers = _headers(query.id)
    headers["X-ClickHouse-Summary"] = json.dumps({name: str(value) for name, value in answer.summary.items()})
    if answer.format:
        headers["X-ClickHouse-Format"] = answer.format
    return _response(query.frames_out, encoding, answer.data, headers, 200)


def failed(query_id: str, message: str, *, frames: bool = False) -> Response:
    """An error, in the words of the engine or in ours."""
    found = re.search(r"Code: (\d+)\.", message)
    code = int(found.group(1)) if found else UNKNOWN
    text = message[found.start() :] if found else f"Code: {UNKNOWN}. DB::Exception: {message}"
    headers = _headers(query_id) | {"X-ClickHouse-Exception-Code": str(code)}
    if code == 194:
        headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
    return _response(frames, "", text.encode() + b"\n", headers, STATUSES.get(code, 500))


def _response(frames: bool, encoding: str, data: bytes, headers: dict[str, str], status: int) -> Response:
    body = b"".join(framed(data)) if frames else data
    if encoding and body:
        body = ENCODINGS[encoding](body)
        headers["Content-Encoding"] = encoding
    return Response(body, status, headers)


def _headers(query_id: str) -> dict[str, str]:
    return {
        "Content-Type": "text/plain; charset=UTF-8",
        "X-ClickHouse-Query-Id": query_id,
        "X-ClickHouse-Server-Display-Name": DISPLAY_NAME,
        "X-ClickHouse-Timezone": TIMEZONE,
    }
