"""How refusals are described: the same for every route, since every route may meet them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel


class Problem(BaseModel):
    """What is wrong and where, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str


PROBLEMS = {
    HTTPStatus.UNAUTHORIZED: "No known bearer token, where credentials are configured.",
    HTTPStatus.FORBIDDEN: "The credential does not reach so far.",
    HTTPStatus.NOT_FOUND: "There is no such record, or none that the credential may know of.",
    HTTPStatus.CONFLICT: "The record is not in a state in which that can be done.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request is not as it should be; repeating it will not help.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Nothing is wrong with the request: send it again after a while.",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value: {
        "description": "The body is too large.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    },
    **{
        status.value: {
            "description": description,
            "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
        }
        for status, description in PROBLEMS.items()
    },
}
