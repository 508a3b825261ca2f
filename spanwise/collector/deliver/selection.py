"""Which records a store is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from spanwise.collector.model import Record, RecordKind, Status

Value = TypeVar("Value", bound=str)


@dataclass(frozen=True, slots=True)
class Selection:
    """A set that is empty lets everything through."""

    orgs: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    kinds: frozenset[RecordKind] = frozenset()
    statuses: frozenset[Status] = frozenset({Status.ACTIVE})

    def holds(self, record: Record) -> bool:
        scope = record.scope
        return (
            _passes(scope.org, self.orgs)
            and _passes(scope.agent, self.agents)
            and _passes(scope.user, self.users)
            and _passes(record.kind, self.kinds)
            and _passes(record.status, self.statuses)
        )

    def within(self, org: str) -> Selection:
        """The same of one organisation alone; of all that it lets through if `org` is empty."""
        if not org:
            return self
        # Nothing is the organisation of a record whose name is empty.
        return replace(self, orgs=frozenset({org if _passes(org, self.orgs) else ""}))

    def condition(self) -> tuple[str, Mapping[str, object]]:
        """The same of the log's rows, as SQL with its parameters. Statuses are left out: a record may leave them."""
        columns = {"Org": self.orgs, "AgentName": self.agents, "UserId": self.users, "Kind": self.kinds}
        chosen = {column: sorted(values) for column, values in columns.items() if values}
        terms = [f"{column} IN {{only{column}:Array(String)}}" for column in chosen]
        return " AND ".join(["1", *terms]), {f"only{column}": values for column, values in chosen.items()}


def _passes(value: Value, allowed: frozenset[Value]) -> bool:
    return not allowed or value in allowed
