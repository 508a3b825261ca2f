"""`context.overflow`: what a model was given did not fit into its context window.

Read from the provider's error, in its code first. It does not claim which part was too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spanwise.processors import Signal, Span, Trace
from spanwise.processors.models.spans import failure, finish_reason, innermost, span_signal

KIND = "context.overflow"
VERSION = "1"
_CODE = re.compile(
    r"context_length_exceeded|context_window_exceeded|ContextWindowExceeded|ContextWindowOverflow|ContextOverflow"
    r"|request_too_large|max_context",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"maximum context length|context (?:window|length|size)"
    r"|(?:prompt|input|request|messages?) (?:is|are|was)? ?too (?:long|large)"
    r"|input (?:token count|is too long|length)|exceeds? (?:the )?(?:model's )?(?:maximum|max|limit) (?:number of )?"
    r"(?:input |prompt |context )?(?:tokens|token|context)|too many (?:input |prompt )?tokens(?! per)",
    re.IGNORECASE,
)


def context_overflows(trace: Trace) -> Iterable[Signal]:
    """One signal for each model call, at the innermost span. Details: `model`, `input_tokens` (0 if not sent)."""
    for span in innermost(trace, _overflowed):
        quote = failure(span) or finish_reason(span)
        confidence = 0.97 if _CODE.search(quote) else 0.85
        details = {"input_tokens": str(span.input_tokens)}
        yield span_signal(KIND, trace, span, quote=quote, confidence=confidence, version=VERSION, details=details)


def _overflowed(span: Span) -> bool:
    if span.operation == "execute_tool":  # a tool's input may be too long as well; that is `tool.error`
        return False
    failed = failure(span)
    return bool(failed and (_CODE.search(failed) or _WORDS.search(failed))) or bool(_CODE.search(finish_reason(span)))
