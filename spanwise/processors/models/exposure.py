"""`context.exposure`: a model was told a record of the context.

Read from the short ids that end the lines of the prompt section, in the system instructions. It does not claim that the
model heeded the record, nor that it was told no other. Ids of records that could not have been given to the
conversation, because there are none or they are somebody else's, are dropped before the signals are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spanwise.processors import Origin, Signal, Span, Trace, signal

KIND = "context.exposure"
VERSION = "1"
_INSTRUCTING = frozenset({"system", "developer"})
_SHORT_ID = re.compile(r"\[([0-9a-f]{8})\]")
_QUOTED = 500
"""Characters before the id that are kept: as many as a line of the prompt section has."""


def exposures(trace: Trace) -> Iterable[Signal]:
    """One signal for each conversation and id. Details: `id`, `line` (as it was told first)."""
    told: dict[str, tuple[str, Span]] = {}
    for text, span in _instructions(trace):
        for found in _SHORT_ID.finditer(text):
            told.setdefault(found[1], (_line_before(text, found.start()), span))
    for short_id, (line, span) in told.items():
        yield signal(
            KIND,
            trace,
            quote=f"[{short_id}]",  # the same whatever words stood before it: an edited record is still one record
            said_by=Origin.SYSTEM,
            span_id=span.span_id,
            at=span.start,
            confidence=0.99,
            detector="exposure",
            version=VERSION,
            details={"id": short_id, "line": line},
        )


def _line_before(text: str, end: int) -> str:
    return text[text.rfind("\n", max(end - _QUOTED, 0), end) + 1 or max(end - _QUOTED, 0) : end].strip()


def _instructions(trace: Trace) -> Iterator[tuple[str, Span]]:
    """Each text of system instructions once, with the first span that has it: most calls repeat it."""
    seen: set[str] = set()
    for span in trace.spans:
        for text in _texts(span):
            if text not in seen:
                seen.add(text)
                yield text, span


def _texts(span: Span) -> Iterator[str]:
    if span.system_instructions:
        yield span.system_instructions
    for message in span.input_messages:
        if message.role in _INSTRUCTING:
            yield from (part.content for part in message.parts if part.type == "text")
