"""A processor and a learner that do what they should, and others that misbehave when a user says a certain word."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from typing import Any

from spanwise.processors import Context, ContextUpdate, Intent, Operation, Origin, RecordKind, Signal, Status, Trace
from spanwise.processors import signal as new_signal
from spanwise.processors import update as new_update


def thanks(trace: Trace) -> Iterable[Signal]:
    """The user says thank you."""
    for turn in trace.user_turns():
        if "thank you" in turn.text.lower():
            yield new_signal(
                "user.thanks", trace, quote=turn.text, said_by=turn.origin, at=turn.at, span_id=turn.span_id,
                confidence=1.0, detector="thanks", version="1",
            )  # fmt: skip


def courtesy(signals: Sequence[Signal], context: Context) -> Iterable[ContextUpdate]:
    for signal in signals:
        if signal.kind == "user.thanks":
            yield new_update(
                Operation.ADD, kind=RecordKind.MEMORY, scope=signal.scope, content="The user is courteous.",
                status=Status.ACTIVE, intent=Intent.IMPLICIT, confidence=1.0, evidence=[signal.evidence],
                producer="courtesy", version="1",
            )  # fmt: skip


def raising(trace: Trace) -> Iterable[Signal]:
    if text := _said(trace, "raise"):
        raise ValueError(f"cannot read {text}")
    return ()


def hanging(trace: Trace) -> Iterable[Signal]:
    if _said(trace, "hang"):
        time.sleep(3600)
    return ()


def dying(trace: Trace) -> Iterable[Signal]:
    if _said(trace, "die"):
        os._exit(7)
    return ()


def careless(trace: Trace) -> Iterable[Any]:
    """Does not give signals."""
    return [_said(trace, "careless")] if _said(trace, "careless") else []


def sloppy(trace: Trace) -> Iterable[Signal]:
    """Gives a signal from a time that no column holds."""
    if text := _said(trace, "sloppy"):
        yield new_signal(
            "sloppy", trace, quote=text, said_by=Origin.USER, at=10**30, span_id="", confidence=1.0,
            detector="sloppy", version="1",
        )  # fmt: skip


def sloppy_learner(signals: Sequence[Signal], context: Context) -> Iterable[ContextUpdate]:
    """Gives an update of a kind that does not exist."""
    for signal in signals:
        if "sloppy" in signal.evidence.quote:
            yield new_update(
                Operation.ADD, kind="opinion", scope=signal.scope, content="Nobody can read this.",  # type: ignore[arg-type]
                status=Status.ACTIVE, intent=Intent.IMPLICIT, confidence=1.0, evidence=[signal.evidence],
                producer="sloppy", version="1",
            )  # fmt: skip


def raising_learner(signals: Sequence[Signal], context: Context) -> Iterable[ContextUpdate]:
    if text := _quoted(signals, "raise"):
        raise ValueError(f"cannot learn from {text}")
    return ()


def careless_learner(signals: Sequence[Signal], context: Context) -> Iterable[Any]:
    """Does not give updates."""
    return [_quoted(signals, "careless")] if _quoted(signals, "careless") else []


def _said(trace: Trace, word: str) -> str:
    return next((turn.text for turn in trace.user_turns() if word in turn.text), "")


def _quoted(signals: Sequence[Signal], word: str) -> str:
    return next((signal.evidence.quote for signal in signals if word in signal.evidence.quote), "")
