"""The plugin API: what a processor or a learner of your own needs, and nothing else.

A *processor* reads a trace and says what it saw. A *learner* reads signals and says what should change in the context
that agents are given. Both are plain functions of their arguments: they run in a worker process, again and again over
the same trace as it grows, so they must not keep state or reach outside.

Register them as entry points of your package, `name = "module:function"`:

    [project.entry-points."spanwise.processors"]
    [project.entry-points."spanwise.learners"]

The built-in ones come in through the same door.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from spanwise.collector.model import (
    Context,
    ContextUpdate,
    Evidence,
    Intent,
    Message,
    Mode,
    Operation,
    Origin,
    Part,
    Record,
    RecordKind,
    Recurrence,
    Scope,
    Signal,
    Span,
    SpanEvent,
    Status,
    ToolCall,
    ToolDefinition,
    Trace,
    Turn,
)

__all__ = [
    "Context",
    "ContextUpdate",
    "Evidence",
    "Intent",
    "Learner",
    "Message",
    "Mode",
    "Operation",
    "Origin",
    "Part",
    "Processor",
    "Record",
    "RecordKind",
    "Recurrence",
    "Scope",
    "Signal",
    "Span",
    "SpanEvent",
    "Status",
    "ToolCall",
    "ToolDefinition",
    "Trace",
    "Turn",
    "derive_id",
    "signal",
    "update",
]


class Processor(Protocol):
    def __call__(self, trace: Trace, /) -> Iterable[Signal]:
        """What is seen in `trace` as it is stored now. Called again when it has grown."""
        ...


class Learner(Protocol):
    def __call__(self, signals: Sequence[Signal], context: Context, /) -> Iterable[ContextUpdate]:
        """What should change, given all signals of one trace and the records that cover their scope."""
        ...


def derive_id(*parts: str) -> str:
    """A 32-digit hexadecimal id that is the same whenever the parts are the same."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.hexdigest()


def signal(
    kind: str,
    trace: Trace,
    *,
    quote: str,
    said_by: Origin,
    span_id: str,
    at: int,
    trace_id: str = "",
    confidence: float,
    detector: str,
    version: str,
    scope: Scope | None = None,
    details: Mapping[str, str] | None = None,
    occurrence: str = "",
) -> Signal:
    """A signal about `trace` whose id stays the same as the trace and its conversation grow.

    The same quote in a conversation is one signal, however many spans repeat it; `occurrence` tells apart what happened
    several times. `at` is when it was said or done, in nanoseconds since the Unix epoch. `scope` defaults to the
    trace's own, `trace_id` (where the words were first seen) to the trace's id.
    """
    whose = scope or trace.scope
    evidence = Evidence(
        *(quote, said_by, trace.conversation, trace_id or trace.trace_id, span_id, at),
        *(whose.user, kind, detector),
    )
    return Signal(
        id=derive_id(detector, version, trace.scope.org, *evidence.source, kind, occurrence),
        kind=kind,
        scope=whose,
        evidence=evidence,
        confidence=confidence,
        detector=detector,
        version=version,
        details=dict(details or {}),
    )


def update(
    operation: Operation,
    *,
    kind: RecordKind,
    scope: Scope,
    content: str,
    status: Status,
    intent: Intent,
    confidence: float,
    evidence: Sequence[Evidence],
    producer: str,
    version: str,
    record_id: str = "",
    mode: Mode = Mode.ONLINE,
    reason: str = "",
    subject: str = "",
    superseded_by: str = "",
    valid_from: datetime | None = None,
) -> ContextUpdate:
    """A context update whose id depends on what it says and on its evidence alone.

    It holds since `valid_from`, which defaults to the time of the latest evidence. `status` is what the learner
    suggests: a policy decides. `record_id` defaults to one that is derived from scope, kind and content: a lesson
    learned twice is one record. `subject` is what it is about, if that can have only one value at a time.
    """
    record = record_id or derive_id(scope.agent, scope.org, scope.user, kind, " ".join(content.casefold().split()))
    sources = [text for item in evidence for text in item.source]
    return ContextUpdate(
        id=derive_id(producer, version, operation, record, content, status, *sources),
        operation=operation,
        record_id=record,
        kind=kind,
        scope=scope,
        content=content,
        status=status,
        intent=intent,
        mode=mode,
        confidence=confidence,
        evidence=tuple(evidence),
        producer=producer,
        version=version,
        reason=reason,
        subject=subject,
        superseded_by=superseded_by,
        valid_from=valid_from or _said(evidence),
    )


def _said(evidence: Sequence[Evidence]) -> datetime | None:
    latest = max((item.at for item in evidence), default=0)
    return datetime.fromtimestamp(latest // 1000 / 1e6, UTC) if latest else None
