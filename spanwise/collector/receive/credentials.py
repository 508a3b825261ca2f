"""Whose a request is: the tenant is bound to the credential, never taken from what a span claims."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class Unauthenticated(Exception):
    """The request carries no credential that is known."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Bearer tokens and the organisations that they stand for. Without any, everybody is `default_org`."""

    default_org: str
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    def org(self, metadata: Iterable[tuple[str, str | bytes]]) -> str:
        """The organisation of a request with these headers. Raises `Unauthenticated`."""
        if not self.tokens:
            return self.default_org
        header = next((str(value) for name, value in metadata if name.lower() == "authorization"), "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("an 'authorization: Bearer <token>' header is needed")
        for known, org in self.tokens.items():
            if hmac.compare_digest(known.encode(), token.strip().encode()):
                return org
        raise Unauthenticated("the bearer token is not known")
