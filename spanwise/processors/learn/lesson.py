"""From `tool.recovered`: how a tool wants to be called, proposed to the people who look after the agent.

The lesson is made of the names and short values of arguments alone. What the tool answered is evidence, never part of
an instruction: its text may come from anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from spanwise.processors import (
    Context,
    ContextUpdate,
    Intent,
    Operation,
    RecordKind,
    Scope,
    Signal,
    Status,
    update,
)

PRODUCER = "learner:lesson"
VERSION = "1"
LONGEST_VALUE = 80
MOST_WORDS = 4
"""Characters and words. Longer values are content, not the way of calling a tool: they may be somebody's sentence."""


def lessons(signals: Sequence[Signal], context: Context) -> Iterable[ContextUpdate]:  # noqa: ARG001 (the Protocol's)
    """One proposed instruction for the agent for each way in which a call was mended."""
    for signal in signals:
        if signal.kind == "tool.recovered" and (content := _content(signal)):
            yield update(
                Operation.ADD,
                kind=RecordKind.INSTRUCTION,
                scope=Scope(agent=signal.scope.agent, org=signal.scope.org),
                content=content,
                status=Status.PROPOSED,
                intent=Intent.IMPLICIT,
                confidence=signal.confidence,
                evidence=[signal.evidence],
                producer=PRODUCER,
                version=VERSION,
                reason="a failed call succeeded with other arguments; whether that holds in general, people decide",
            )


def _content(signal: Signal) -> str:
    changes = json.loads(signal.details["changes"])
    ways = [_way(name, before, after) for name, (before, after) in changes.items()]
    if not all(ways):
        return ""
    return f"When calling the tool {signal.details['tool']}, {'; '.join(ways)}."


def _way(name: str, before: Any, after: Any) -> str:
    """Empty if the values are too long to be a way of calling."""
    old, new = (json.dumps(value, ensure_ascii=False) for value in (before, after))
    if max(len(old), len(new)) > LONGEST_VALUE or max(len(old.split()), len(new.split())) > MOST_WORDS:
        return ""
    if before is None:
        return f"also give {name}, such as {new}"
    if after is None:
        return f"leave out {name}"
    return f"for {name} use {new} rather than {old}"
