"""Whose a request is: the tenant is bound to the credential, never taken from what a span claims."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from spanwise.collector.access import Caller, Unauthenticated


@dataclass(frozen=True, slots=True)
class Credentials:
    """Bearer tokens and whom they stand for. Without any, everybody is `default_org`."""

    default_org: str
    tokens: Mapping[str, Caller] = field(default_factory=dict, repr=False)

    def caller(self, headers: Iterable[tuple[str, str | bytes]]) -> Caller:
        """Who sent a request with these headers. Raises `Unauthenticated`."""
        if not self.tokens:
            return Caller(self.default_org)
        header = next((str(value) for name, value in headers if name.lower() == "authorization"), "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("an 'authorization: Bearer <token>' header is needed")
        for known, caller in self.tokens.items():
            if hmac.compare_digest(known.encode(), token.strip().encode()):
                return caller
        raise Unauthenticated("the bearer token is not known")
