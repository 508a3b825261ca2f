"""Finds processors and learners, ours and anyone else's, through entry points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

PROCESSORS = "spanwise.processors"
LEARNERS = "spanwise.learners"


@dataclass(frozen=True, slots=True)
class Plugin:
    """Something that an installed package offers; importing it is left to the process that runs it."""

    name: str
    entry_point: EntryPoint


def discover(group: str) -> Sequence[Plugin]:
    """The plugins of a group, by name. Two packages that offer the same name are told apart by their distribution."""
    found = sorted(entry_points(group=group), key=lambda entry: entry.name)
    names = [entry.name for entry in found]
    return [Plugin(_name(entry, names.count(entry.name) > 1), entry) for entry in found]


def _name(entry: EntryPoint, ambiguous: bool) -> str:
    if ambiguous and entry.dist is not None:
        return f"{entry.dist.name}:{entry.name}"
    return entry.name
