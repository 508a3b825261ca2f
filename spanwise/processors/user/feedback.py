"""`explicit.feedback`: a verdict that came with the trace: a thumb, a score, an evaluation.

Of every dialect: evaluation attributes and events of the GenAI conventions, annotations and evaluations of
OpenInference. A model's verdict is evidence of what a model thinks, and is marked as such. It does not claim what the
verdict was for beyond the span that carries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spanwise.processors import Origin, Signal, Span, Trace, signal

KIND = "explicit.feedback"
VERSION = "1"
EVENT = "gen_ai.evaluation.result"
_GENAI = "gen_ai.evaluation."
_OPENINFERENCE = re.compile(
    r"^(?:trace\.|session\.)?(?:annotations|evaluations)\.(\d+)\.(?:\w+\.)?(name|label|score|explanation"
    r"|annotator_kind)$"
)
_PEOPLE = frozenset({"human", "user", "end_user", "enduser", "person"})
_BY_USERS = re.compile(r"user|feedback|thumb|csat|nps|human|rating|satisf", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Verdict:
    name: str
    score: str
    label: str
    explanation: str
    annotator: str

    @property
    def by_person(self) -> bool:
        return self.annotator.lower() in _PEOPLE or (not self.annotator and bool(_BY_USERS.search(self.name)))


def explicit_feedback(trace: Trace) -> Iterable[Signal]:
    """One signal for each verdict. Details, where given: `name`, `score`, `label`, `annotator` (`human`, `llm`, …)."""
    for span in trace.spans:
        for number, verdict in enumerate(dict.fromkeys(_verdicts(span))):
            yield _signal(trace, span, verdict, number)


def _verdicts(span: Span) -> Iterator[_Verdict]:
    for event in span.events:
        if event.name == EVENT:
            yield _genai(event.attributes)
    if span.evaluation_name and not any(event.name == EVENT for event in span.events):  # the column repeats the first
        yield _genai(span.attributes)
    if any("annotations." in key or "evaluations." in key for key in span.attributes):
        yield from _openinference(span.attributes)


def _genai(attributes: Mapping[str, str]) -> _Verdict:
    def value(*names: str) -> str:
        return next((attributes[_GENAI + name] for name in names if attributes.get(_GENAI + name)), "")

    return _Verdict(
        value("name"), value("score.value", "score"), value("score.label", "label"), value("explanation"),
        value("annotator", "annotator_kind", "evaluator"),
    )  # fmt: skip


def _openinference(attributes: Mapping[str, str]) -> Iterator[_Verdict]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for key, value in attributes.items():
        if match := _OPENINFERENCE.match(key):
            found.setdefault((key.split(match[1])[0], match[1]), {})[match[2]] = value
    for fields in found.values():
        name, score, label, explanation, kind = (
            fields.get(field, "") for field in ("name", "score", "label", "explanation", "annotator_kind")
        )
        yield _Verdict(name, score, label, explanation, kind)


def _signal(trace: Trace, span: Span, verdict: _Verdict, number: int) -> Signal:
    given = {
        "name": verdict.name,
        "score": verdict.score,
        "label": verdict.label,
        "annotator": verdict.annotator.lower(),
    }
    return signal(
        KIND,
        trace,
        quote=(verdict.explanation or " ".join(filter(None, (verdict.name, verdict.label or verdict.score))))[:500],
        said_by=Origin.USER if verdict.by_person else Origin.AGENT,
        span_id=span.span_id,
        at=span.start,
        confidence=0.97 if verdict.by_person else 0.6,
        detector=KIND,
        version=VERSION,
        details={name: value for name, value in given.items() if value},
        occurrence=f"{span.span_id} {number}",
    )
