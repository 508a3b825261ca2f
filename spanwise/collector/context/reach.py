"""Which rows of the log concern a scope, as SQL."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from spanwise.collector.model import Scope


class Reach(enum.Enum):
    """Which scopes are meant when one is named, always of the same organisation. The values are conditions on a row."""

    COVERING = "Org = {org:String} AND AgentName IN ('', {agent:String}) AND UserId IN ('', {user:String})"
    """What holds for the scope: its own and all broader ones."""

    WITHIN = (
        "Org = {org:String} AND ({agent:String} = '' OR AgentName = {agent:String})"
        " AND ({user:String} = '' OR UserId = {user:String})"
    )
    """What the scope contains: its own and all narrower ones. A field that is empty selects everything."""

    AROUND = (
        "Org = {org:String} AND ({agent:String} = '' OR AgentName IN ('', {agent:String}))"
        " AND ({user:String} = '' OR UserId IN ('', {user:String}))"
    )
    """Both."""

    def reaches(self, scope: Scope, other: Scope) -> bool:
        """The same condition in Python: does `other` count when `scope` is named?"""
        fields = ((scope.agent, other.agent), (scope.user, other.user))
        return scope.org == other.org and all(self._field(mine, theirs) for mine, theirs in fields)

    def _field(self, mine: str, theirs: str) -> bool:
        match self:
            case Reach.COVERING:
                return theirs in ("", mine)
            case Reach.WITHIN:
                return mine in ("", theirs)
            case Reach.AROUND:
                return "" in (mine, theirs) or mine == theirs


def parameters(scope: Scope) -> Mapping[str, str]:
    return {"org": scope.org, "agent": scope.agent, "user": scope.user}
