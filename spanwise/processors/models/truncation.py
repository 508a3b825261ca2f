"""`truncation`: a model stopped because it had reached its limit of tokens, in the middle of what it had to say.

Read from the finish reason alone. It does not claim that anything of value was lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.models.spans import QUOTED, answers, finish_reason, innermost, span_signal

KIND = "truncation"
VERSION = "1"
REASONS = frozenset(
    {
        "length",
        "max_tokens",
        "max_output_tokens",
        "model_length",
        "token_limit",
        "finish_reason_max_tokens",
        "incomplete",
    }
)
"""In the words of OpenAI, Anthropic, Google, Mistral, Cohere, Bedrock and the GenAI conventions, in small letters."""


def truncations(trace: Trace) -> Iterable[Signal]:
    """One signal for each model call, quoting the end of the answer. Details: `model`, `output_tokens`, `reason`."""
    # The run around a model call often carries its reason as well.
    for span in innermost(trace, lambda span: finish_reason(span) in REASONS):
        said = "".join(answers(span))
        details = {"output_tokens": str(span.output_tokens), "reason": finish_reason(span)}
        yield span_signal(KIND, trace, span, quote=said[-QUOTED:], confidence=0.98, version=VERSION, details=details)
