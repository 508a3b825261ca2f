"""Names of keys, whatever organisations, agents, users and records are called."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from spanwise.collector.deliver import Key


@dataclass(frozen=True, slots=True)
class Names:
    prefix: str

    @property
    def all_of(self) -> tuple[str, str, str, str]:
        """The position, the set of records, the stream of changes, and whether files are to be written anew."""
        return (
            f"{self.prefix}position",
            f"{self.prefix}records",
            f"{self.prefix}changes",
            f"{self.prefix}rewrite",
        )

    def key(self, key: Key) -> str:
        return f"{self.prefix}record:{_encoded(key.org)}:{_encoded(key.record)}"

    def scope(self, org: str, agent: str, user: str) -> str:
        return f"{self.prefix}scope:{_encoded(org)}:{_encoded(agent)}:{_encoded(user)}"

    def parsed(self, name: str) -> Key:
        org, _, record = name.removeprefix(f"{self.prefix}record:").partition(":")
        return Key(unquote(org), unquote(record))


def _encoded(text: str) -> str:
    return quote(text, safe="@.")
