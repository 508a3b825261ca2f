"""What the detectors of model calls share: how a call failed, at the innermost span that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from spanwise.processors import Origin, Signal, Span, Trace, signal

QUOTED = 500
"""Characters of an answer or an error that are kept as evidence."""


def failure(span: Span) -> str:
    """What a span says about its failure, its type first; empty for one that did not fail.

    An exception that the framework dealt with is still the model's failure: it is read where the status is not `Error`.
    """
    texts = [span.error_type, span.status_message if span.status == "Error" else ""]
    for event in span.events:
        if event.name == "exception":
            texts += [event.attributes.get("exception.type", ""), event.attributes.get("exception.message", "")]
    return ": ".join(dict.fromkeys(text for text in texts if text))


def innermost(trace: Trace, holds: Callable[[Span], bool]) -> Iterator[Span]:
    """The spans for which it holds and for none of their descendants: a failure passes upwards through its callers."""
    found = [span for span in trace.spans if holds(span)]
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    above: set[str] = set()
    for span in found:
        parent = parents.get(span.span_id, "")
        while parent and parent not in above:
            above.add(parent)
            parent = parents.get(parent, "")
    return (span for span in found if span.span_id not in above)


def span_signal(
    kind: str,
    trace: Trace,
    span: Span,
    *,
    quote: str,
    confidence: float,
    version: str,
    details: Mapping[str, str],
) -> Signal:
    """A signal about one model call. Adds the detail `model`."""
    return signal(
        kind,
        trace,
        quote=quote[:QUOTED],
        said_by=Origin.ASSISTANT,
        span_id=span.span_id,
        at=span.start,
        confidence=confidence,
        detector=kind,
        version=version,
        details={"model": span.response_model or span.request_model, **details},
        occurrence=span.span_id,
    )


def answers(span: Span) -> Iterable[str]:
    """The texts that a model call gave."""
    return (
        part.content
        for message in span.output_messages
        for part in message.parts
        if part.type == "text" and part.content.strip()
    )


def finish_reason(span: Span) -> str:
    """In small letters, from the span or from one of its answers."""
    reasons = (span.finish_reason, *(message.finish_reason for message in span.output_messages))
    return next((reason.lower() for reason in reasons if reason), "")
