"""The HTTP application that all doors share: who may come in, and how refusals are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from spanwise.collector.access import Unauthenticated
from spanwise.collector.browsers import sent_by_a_page
from spanwise.collector.receive.credentials import Credentials
from spanwise.collector.refusals import REFUSED, RETRY_AFTER_SECONDS, refusal_of

DESCRIPTION = "/openapi.json"
OPEN_PATHS = (DESCRIPTION,)
"""Tools ask these, without a credential: they say nothing of anybody."""
PROBLEM = "application/problem+json"
BODY_BYTES = 1024 * 1024
"""Of a request, where its route says nothing else."""
HEADERS: Mapping[HTTPStatus, Mapping[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": str(RETRY_AFTER_SECONDS)},
}


def http_app(credentials: Credentials, hosts: Sequence[str]) -> FastAPI:
    """An application without routes: it refuses requests without a known credential, and those that web pages send.

    Routes find the caller in `request.state.caller`. Refusals are problem details, as RFC 9457 has them.
    """
    app = FastAPI(
        title="Spanwise",
        version=version("spanwise"),
        summary="What was learned from the traces of AI agents, for their next run.",
        openapi_url=DESCRIPTION,
        docs_url=None,  # these pages would load their scripts from somebody else's server
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=BODY_BYTES,
    )
    app.add_middleware(_Doorkeeper, credentials=credentials)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    for error in REFUSED:
        app.add_exception_handler(error, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _failed)
    return app


def problem(status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Problem details: what is wrong and where."""
    content = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    told = {**HEADERS.get(status, {}), **(headers or {})}
    return JSONResponse(content, status.value, told, media_type=PROBLEM)


class _Doorkeeper:
    def __init__(self, app: ASGIApp, credentials: Credentials) -> None:
        self._app = app
        self._credentials = credentials

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._admit(scope) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send)

    def _admit(self, scope: Scope) -> Response | None:
        headers = MutableHeaders(scope=scope)
        if sent_by_a_page(headers):
            return problem(HTTPStatus.FORBIDDEN, "requests of web pages are not answered")
        if scope["path"] in OPEN_PATHS:
            return None
        try:
            scope.setdefault("state", {})["caller"] = self._credentials.caller(headers.items())
        except Unauthenticated as error:
            return problem(refusal_of(error).http, str(error))
        return None


async def _refused(_: Request, error: Exception) -> Response:
    return problem(refusal_of(error).http, str(error))


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (as it was registered)
    complaints = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(complaints))


async def _failed(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return problem(HTTPStatus(error.status_code), error.detail, error.headers)
