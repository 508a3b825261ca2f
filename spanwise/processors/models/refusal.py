"""`refusal`: a model, or the provider's filter, declined to answer.

Structure first: the finish reason, or an answer of that type. Wording counts only where it opens a short answer, with
less confidence. It does not claim that the refusal was wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spanwise.processors import Signal, Span, Trace
from spanwise.processors.models.spans import answers, failure, finish_reason, innermost, span_signal

KIND = "refusal"
VERSION = "1"
REASONS = frozenset(
    {
        *("content_filter", "content_filtered", "refusal", "safety", "prohibited_content", "blocklist", "spii"),
        *("recitation", "guardrail_intervened", "error_toxic", "finish_reason_safety", "image_safety"),
    }
)
"""In the words of OpenAI, Anthropic, Google, Cohere, Bedrock and the GenAI conventions, in small letters."""
_FILTERED = re.compile(
    r"content_filter|content management policy|responsibleai|content_policy_violation", re.IGNORECASE
)
_LONGEST = 400
"""Characters: who declines in passing, within a longer answer, has answered."""
_DECLINES = re.compile(
    r"^\W*(?:(?:i'm|i am) (?:really |very |so )?sorry,? (?:but )?|sorry,? (?:but )?|unfortunately,? "
    r"|i apologi[sz]e,? (?:but )?"
    r"|as an ai[\w ]*,? )?(?:i|we) (?:can't|cannot|can not|am unable to|am not able to|won't|will not|must decline to"
    r"|don't feel comfortable) (?:help|assist|provide|comply|do that|fulfil|fulfill|answer that|share|support|create"
    r"|generate|continue|discuss|with)",
    re.IGNORECASE,
)


def refusals(trace: Trace) -> Iterable[Signal]:
    """One signal for each model call. The quote is what was said instead; details: `model`, `reason`."""
    for span in innermost(trace, lambda span: _refusal(span) is not None):
        if found := _refusal(span):
            quote, reason, confidence = found
            yield span_signal(
                KIND, trace, span, quote=quote, confidence=confidence, version=VERSION, details={"reason": reason}
            )


def _refusal(span: Span) -> tuple[str, str, float] | None:
    """The words, the reason and how sure that makes us."""
    reason = finish_reason(span)
    said = " ".join(answers(span))
    if reason in REASONS:
        return said or reason, reason, 0.97
    for message in span.output_messages:
        for part in message.parts:
            if part.type == "refusal":
                return part.content, "refusal", 0.97
    if (failed := failure(span)) and _FILTERED.search(failed):
        return failed, "content_filter", 0.95
    if 0 < len(said) <= _LONGEST and _DECLINES.match(said.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
        return said, "wording", 0.7
    return None
