"""The routes: a request comes in, an answer goes out."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from spanwise.collector.browsers import LOOPBACK, sent_by_a_page
from spanwise.collector.errors import Rejected
from spanwise.collector.store.serve import answers
from spanwise.collector.store.serve.body import decoded, drained
from spanwise.collector.store.serve.engine import run
from spanwise.collector.store.serve.form import FORM, fields
from spanwise.collector.store.serve.query import Query, query_of, with_form
from spanwise.collector.store.serve.refusal import Refusal
from spanwise.collector.store.serve.room import Room
from spanwise.collector.store.serve.users import Identify


@dataclass(frozen=True, slots=True)
class Served:
    """What is served to whom: the engine at `path`, which this process holds."""

    path: Path
    identify: Identify
    hosts: Sequence[str] = LOOPBACK
    """Host names under which it answers. Loopback's only, so that no web page can use a browser to read."""
    waiting_bytes: int = 1024**3
    """Of all bodies that have come and are not inserted yet."""
    calls: int = 8
    """Queries that run at the same time."""


@contextmanager
def query_app(served: Served, registry: CollectorRegistry) -> Iterator[Starlette]:
    """Answers queries on `/`, says on `/ping` that it does, and has the process's own metrics on `/metrics`."""
    with ThreadPoolExecutor(served.calls, thread_name_prefix="query") as threads:
        door = _Door(served, threads)
        routes = [
            Route("/", door.answer, methods=["GET", "POST"]),
            Route("/replicas_status", _ok),
            *metrics_routes(registry),
        ]
        yield _guarded(routes, served.hosts)


def metrics_app(registry: CollectorRegistry) -> Starlette:
    """The process's own metrics, where the engine is another process's."""
    return _guarded(metrics_routes(registry), LOOPBACK)


def metrics_routes(registry: CollectorRegistry) -> Sequence[BaseRoute]:
    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/ping", _ok), Route("/metrics", metrics)]


def _guarded(routes: Sequence[BaseRoute], hosts: Sequence[str]) -> Starlette:
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))])


async def _ok(_: Request) -> Response:
    return PlainTextResponse("Ok.\n")


class _Door:
    def __init__(self, served: Served, threads: ThreadPoolExecutor) -> None:
        self._served = served
        self._threads = threads
        self._room = Room(served.waiting_bytes)

    async def answer(self, request: Request) -> Response:
        given, frames = request.query_params, False
        query_id = given.get("query_id") or str(uuid.uuid4())
        try:
            _refuse_pages(request)
            user = self._served.identify(request.headers, given)
            query = query_of(query_id, given, request.headers, writes=user.writes and request.method == "POST")
            frames = query.frames_out
            with self._room.reserved() as reservation:
                chunks: deque[bytes] = deque()
                async for chunk in request.stream():
                    reservation.add(len(chunk))
                    chunks.append(chunk)
                return await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._run, query, request, chunks
                )
        except Rejected as error:
            text = f"Code: {answers.READONLY}. DB::Exception: {error}. (READONLY)"
            return answers.failed(query_id, text, frames=frames)
        except (Refusal, RuntimeError) as error:  # RuntimeError is what chDB raises, whatever the engine says
            return answers.failed(query_id, str(error), frames=frames)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it; and nothing was inserted

    def _run(self, query: Query, request: Request, chunks: deque[bytes]) -> Response:
        given, headers = request.query_params, request.headers
        body = decoded(drained(chunks), headers.get("content-encoding", "").lower(), frames=query.frames_in)
        if headers.get("content-type", "").startswith(FORM):
            query, body = with_form(query, fields(headers["content-type"], b"".join(body))), iter(())
        answer = run(self._served.path, query, body)
        return answers.answered(query, answer, answers.encoding_of(headers, given))


def _refuse_pages(request: Request) -> None:
    if sent_by_a_page(request.headers):
        raise Refusal(497, "ACCESS_DENIED", "requests of web pages are not answered", status=403)
