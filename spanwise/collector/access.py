"""Who asks, and how far that reaches: fixed by the credential of a request, never by what the request claims."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spanwise.collector.model import Scope


class Unauthenticated(Exception):
    """The request carries no credential that is known."""


class Denied(Exception):
    """The credential does not reach so far. Says what it is bound to."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an organisation, and in it the user and the agent that the credential is bound to; empty: any."""

    org: str
    user: str = ""
    agent: str = ""

    def scope(self, wanted: Scope) -> Scope:
        """`wanted`; what it leaves open is as the caller is bound. Raises Denied where it is somebody else's."""
        return Scope(
            agent=_within(self.agent, wanted.agent, "agent"),
            org=_within(self.org, wanted.org, "org"),
            user=_within(self.user, wanted.user, "user"),
        )

    def owns(self, scope: Scope) -> bool:
        """True if all that `scope` concerns is the caller's."""
        return Scope(self.agent, self.org, self.user).covers(scope)

    def unbound(self, what: str) -> str:
        """The organisation, if the caller acts for all of it. Raises Denied, naming `what` was asked for."""
        if self.user or self.agent:
            raise Denied(f"{what}: not with a credential that is bound to {self._bound_to}")
        return self.org

    def narrowed(self, user: str, agent: str) -> Caller:
        """The same caller, bound to these as well. Raises Denied where they are bound to others."""
        scope = self.scope(Scope(agent, self.org, user))
        return replace(self, user=scope.user, agent=scope.agent)

    @property
    def _bound_to(self) -> str:
        bound = {"user": self.user, "agent": self.agent}
        return " and ".join(f"the {name} {value!r}" for name, value in bound.items() if value)


def _within(bound: str, wanted: str, name: str) -> str:
    if bound and wanted not in ("", bound):
        raise Denied(f"scope.{name}: {wanted!r} is not the {NAMES[name]} of this call's credential")
    return bound or wanted


NAMES = {"org": "organisation", "user": "user", "agent": "agent"}
