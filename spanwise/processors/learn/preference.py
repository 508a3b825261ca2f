"""From `preference.implicit`: how a user likes to be answered, suggested to people once it has recurred.

One hint is chance. The suggestion is the same for all hints at the same wish, so that the policy can ask for several
conversations before anybody is bothered with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spanwise.processors import (
    Context,
    ContextUpdate,
    Intent,
    Operation,
    Origin,
    RecordKind,
    Scope,
    Signal,
    Status,
    update,
)

PRODUCER = "learner:preference"
VERSION = "1"
_WITHOUT_VALUE = {
    "length": "The user prefers short answers, without background.",
    "tone": "The user prefers plain answers, without ornament such as emojis.",
    "order": "The user prefers the result first and its explanation after it.",
}
_WITH_VALUE = {
    "format": "The user prefers answers with {value}.",
    "units": "The user prefers {value}.",
    "manner": "The user prefers {value} answers.",
}


def preferences(signals: Sequence[Signal], context: Context) -> Iterable[ContextUpdate]:  # noqa: ARG001 (the Protocol's)
    """One proposed memory for each wish. Nothing for users who are not known, or a wish that cannot be named."""
    for signal in signals:
        if signal.kind != "preference.implicit" or signal.evidence.said_by is not Origin.USER or not signal.scope.user:
            continue
        if content := _content(signal.details.get("aspect", ""), signal.details.get("value", "")):
            yield update(
                Operation.ADD,
                kind=RecordKind.MEMORY,
                scope=Scope(org=signal.scope.org, user=signal.scope.user),
                content=content,
                status=Status.PROPOSED,
                intent=Intent.IMPLICIT,
                confidence=signal.confidence,
                evidence=[signal.evidence],
                producer=PRODUCER,
                version=VERSION,
                reason="asked for in several conversations; whether it always holds, people decide",
            )


def _content(aspect: str, value: str) -> str:
    if aspect in _WITH_VALUE and value:
        return _WITH_VALUE[aspect].format(value=value)
    return _WITHOUT_VALUE.get(aspect, "")
