"""`rate.limit`: a provider or a service turned a call away because there were too many.

Read from the HTTP status, or from the type and message of the error. It does not claim that the call was lost: a client
may have tried again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spanwise.processors import Signal, Span, Trace
from spanwise.processors.models.spans import failure, innermost, span_signal

KIND = "rate.limit"
VERSION = "1"
_STATUS = ("http.response.status_code", "http.status_code")
_TOO_MANY = re.compile(
    r"rate[ _-]?limit|too[ _-]?many[ _-]?requests|throttl|resource[ _-]?exhausted|quota (?:exceeded|exhausted)"
    r"|exceeded your current quota|insufficient_quota|overloaded|(?:status|code|error)\W{0,4}429\b|^429\b",
    re.IGNORECASE,
)
_OWN_LIMIT = re.compile(r"message larger than max|received message exceeds", re.IGNORECASE)
"""gRPC says `RESOURCE_EXHAUSTED` for a message that is too large as well."""


def rate_limits(trace: Trace) -> Iterable[Signal]:
    """One signal for each call, at the innermost span that says so. Details: `model`, `operation`."""
    for span in innermost(trace, _is_limited):
        quote = failure(span) or "429"
        details = {"operation": span.operation or span.name}
        confidence = 0.97 if _has_status(span) else 0.9
        yield span_signal(KIND, trace, span, quote=quote, confidence=confidence, version=VERSION, details=details)


def _is_limited(span: Span) -> bool:
    if _has_status(span):
        return True
    failed = failure(span)
    return bool(failed and _TOO_MANY.search(failed) and not _OWN_LIMIT.search(failed))


def _has_status(span: Span) -> bool:
    return any(span.attributes.get(key) == "429" for key in _STATUS)
