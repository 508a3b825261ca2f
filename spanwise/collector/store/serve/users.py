"""Who asks, and whether they may write."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from spanwise.collector.store.serve.refusal import Refusal

DEFAULT_USER = "default"
Identify: TypeAlias = "Callable[[Mapping[str, str], Mapping[str, str]], User]"
"""Whose a request with these headers and parameters is. Raises `Refusal`."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is let in."""

    name: str
    password: str = field(repr=False)
    writes: bool


NOBODY = User("", "", writes=False)
"""Compared with when a name is unknown, so that an answer takes as long as for a wrong password."""


class Users:
    """The users of one server."""

    def __init__(self, users: Sequence[User]) -> None:
        self._users = {user.name: user for user in users}

    def __call__(self, headers: Mapping[str, str], parameters: Mapping[str, str]) -> User:
        """Whose request it is, by ClickHouse's headers, basic authentication or parameters, the first that is there.

        Raises `Refusal` unless name and password are those of a user.
        """
        name, password = _credentials(headers, parameters)
        user = self._users.get(name, NOBODY)
        right = hmac.compare_digest(user.password.encode(), password.encode())
        if user is NOBODY or not right:
            raise _unknown(name, asked=bool(password))
        return user


def anyone(_: Mapping[str, str], __: Mapping[str, str]) -> User:
    """Everybody may read, whoever they say they are."""
    return NOBODY


def _credentials(headers: Mapping[str, str], parameters: Mapping[str, str]) -> tuple[str, str]:
    if "x-clickhouse-user" in headers or "x-clickhouse-key" in headers:
        return _utf8(headers.get("x-clickhouse-user", DEFAULT_USER)), _utf8(headers.get("x-clickhouse-key", ""))
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise _unknown("", asked=True) from None
        return name or DEFAULT_USER, password
    return parameters.get("user", DEFAULT_USER), parameters.get("password", "")


def _utf8(header: str) -> str:
    """The value of a header, which HTTP libraries read as Latin-1, as its sender meant it."""
    return header.encode("latin-1").decode("utf-8", "replace")


def _unknown(name: str, *, asked: bool) -> Refusal:
    if not asked:  # a browser, or a person with curl, is told that a password is needed
        return Refusal(194, "REQUIRED_PASSWORD", f"{name!r}: a user name and a password are needed", status=401)
    return Refusal(516, "AUTHENTICATION_FAILED", f"{name!r}: no such user, or a wrong password", status=403)
