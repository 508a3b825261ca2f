"""Processors that tests put into a worker."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from spanwise.processors import Origin, Signal, Trace, signal


def turns(trace: Trace) -> Iterable[Signal]:
    """What the trace's conversation looks like to a processor."""
    return [_signal(trace, " | ".join(turn.text for turn in trace.turns))]


def spans(trace: Trace) -> Iterable[Signal]:
    """One signal for each length that the trace was read with."""
    return [_signal(trace, f"{len(trace.spans)} spans")]


def raises(trace: Trace) -> Iterable[Signal]:
    raise ValueError(trace.turns[0].text)


def hangs_on_slow(trace: Trace) -> Iterable[Signal]:
    if "slow" in trace.turns[0].text:
        time.sleep(3600)
    return [_signal(trace, "did not hang")]


def dies(trace: Trace) -> Iterable[Signal]:
    os._exit(1)


def _signal(trace: Trace, quote: str) -> Signal:
    return signal(
        "probe",
        trace,
        quote=quote,
        said_by=Origin.SYSTEM,
        span_id="",
        at=0,
        confidence=1.0,
        detector="probe",
        version="1",
    )
