"""`tool.unknown`: a model called a tool that it was not offered.

Judged only where the very model call says which tools it was offered. It does not claim that no such tool exists.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Origin, Signal, Trace, signal
from spanwise.processors.tools.calls import QUOTED

KIND = "tool.unknown"
VERSION = "1"


def unknown_tools(trace: Trace) -> Iterable[Signal]:
    """One signal for each such call. Details: `tool`, `offered` (names, separated by commas), `arguments`."""
    for span in trace.spans:
        offered = {tool.name for tool in span.tool_definitions}
        if not offered:
            continue
        for message in span.output_messages:
            for part in message.parts:
                if part.type == "tool_call" and part.name and part.name not in offered:
                    yield signal(
                        KIND,
                        trace,
                        quote=part.name,
                        said_by=Origin.ASSISTANT,
                        span_id=span.span_id,
                        at=span.start,
                        confidence=0.9,
                        detector=KIND,
                        version=VERSION,
                        details={
                            "tool": part.name,
                            "offered": ", ".join(sorted(offered))[:QUOTED],
                            "arguments": part.content[:QUOTED],
                        },
                        occurrence=part.id or span.span_id,
                    )
