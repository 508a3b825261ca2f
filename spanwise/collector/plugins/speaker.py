"""Who said what a signal rests on: looked up in the trace, since a processor may be wrong about it, or be told so."""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.collector.model import Evidence, Origin, Trace

COPIED = 40
"""Characters that nobody repeats by chance."""
OTHERS = (Origin.TOOL, Origin.SYSTEM, Origin.AGENT, Origin.ASSISTANT)


def speaker(evidence: Evidence, trace: Trace) -> Origin:
    """`said_by`, unless it claims a user for what no user said, or for what they copied from somebody else."""
    if evidence.said_by is not Origin.USER:
        return evidence.said_by
    quote = _plain(evidence.quote)
    said = next((number for number, turn in enumerate(trace.turns) if _said(turn.origin, turn.text, quote)), None)
    if said is None:
        return Origin.AGENT
    if len(quote) < COPIED:
        return Origin.USER
    before = ((turn.origin, turn.text) for turn in trace.turns[:said])
    shown = [*before, *((Origin.TOOL, call.result) for call in trace.tool_calls if not _later(call.start, evidence.at))]
    return _first_to_say(quote, shown)


def _first_to_say(quote: str, texts: Iterable[tuple[Origin, str]]) -> Origin:

    return next((origin for origin, text in texts if origin in OTHERS and quote in _plain(text)), Origin.USER)


def _said(origin: Origin, text: str, quote: str) -> bool:
    return origin is Origin.USER and quote in _plain(text)


def _later(start: int, at: int) -> bool:
    return bool(at) and start > at


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
