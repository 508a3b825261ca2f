"""What the worker process does: bytes to traces, traces to signals, signals to context updates.

Nothing here touches the store or the network, and nothing is kept between calls but the imported plugins.
"""

from __future__ import annotations

import functools
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from spanwise.collector.conversation import assemble
from spanwise.collector.model import Context, ContextUpdate, Signal, Span, Trace
from spanwise.collector.plugins.accept import attested, attributed
from spanwise.collector.store.traces import parse_spans
from spanwise.processors.discover import Plugin

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Reading:
    """Traces of one organisation as they were read from the store, for `parse_spans`."""

    org: str
    spans: bytes
    earlier: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """A plugin that did not do its work on a trace."""

    plugin: str
    trace_id: str
    reason: str
    """`raised` or `hung`, the label that is counted."""
    message: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the processors saw: by trace its number of spans and its signals."""

    sizes: dict[str, int] = field(default_factory=dict)
    signals: dict[str, list[Signal]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def merge(self, other: Seen) -> Seen:
        signals = {trace_id: list(seen) for trace_id, seen in self.signals.items()}
        for trace_id, seen in other.signals.items():
            signals.setdefault(trace_id, []).extend(seen)
        return Seen(
            self.sizes | other.sizes,
            signals,
            [*self.failures, *other.failures],
            self.cpu_seconds + other.cpu_seconds,
        )


@dataclass(frozen=True, slots=True)
class Learned:
    """What the learners made of signals."""

    updates: list[ContextUpdate]
    failures: list[Failure]


def ready() -> bool:
    return True


def load(plugins: Sequence[Plugin]) -> None:
    """Import the plugins. One that cannot be imported fails when it is called, where that is reported."""
    for plugin in plugins:
        with suppress(Exception):
            _load(plugin)


def process(plugins: Sequence[Plugin], reading: Reading, only: str = "") -> Seen:
    """Run every processor over every trace of `reading`, or over the one with the id `only`."""
    began = time.process_time()
    seen = Seen()
    for trace_id, spans, earlier in _grouped(reading, only):
        seen.sizes[trace_id] = len(spans)
        try:
            trace = assemble(reading.org, trace_id, spans, earlier)
        except Exception as error:  # noqa: BLE001 (whatever a client sent, it must not stop the others' traces)
            seen.failures.append(Failure("(reading the trace)", trace_id, "raised", _raised(error)))
        else:
            seen.signals[trace_id] = _signals(plugins, trace, seen.failures)
    return replace(seen, cpu_seconds=time.process_time() - began)


def _signals(plugins: Sequence[Plugin], trace: Trace, failures: list[Failure]) -> list[Signal]:
    found: dict[str, Signal] = {}
    for plugin in plugins:
        for one in _made(plugin, trace.trace_id, failures, functools.partial(attested, trace=trace), trace):
            found[one.id] = one
    return list(found.values())


def learn(plugins: Sequence[Plugin], trace_id: str, signals: Sequence[Signal], context: Context) -> Learned:
    """Run every learner over the signals of one trace."""
    failures: list[Failure] = []
    updates: list[ContextUpdate] = []
    for plugin in plugins:
        attribute = functools.partial(attributed, learner=plugin.name, signals=signals)
        updates += _made(plugin, trace_id, failures, attribute, signals, context)
    return Learned(updates, failures)


def _grouped(reading: Reading, only: str) -> Iterable[tuple[str, Sequence[Span], Iterable[Span]]]:
    """By trace: its id, its spans, and the earlier ones of its conversation."""
    by_trace: dict[str, list[Span]] = defaultdict(list)
    for span in parse_spans(reading.spans):
        by_trace[span.trace_id].append(span)
    by_conversation: dict[str, list[Span]] = defaultdict(list)
    for span in parse_spans(reading.earlier):
        by_conversation[span.conversation].append(span)
    # In the order in which they began: what a user takes back in one trace may have been said in another.
    for trace_id, spans in sorted(by_trace.items(), key=lambda item: _start(item[1])):
        if only not in ("", trace_id):
            continue
        conversation = next((span.conversation for span in spans if span.conversation), "")
        yield trace_id, spans, _before(spans, by_conversation.get(conversation, ()))


def _before(spans: Sequence[Span], others: Iterable[Span]) -> Iterable[Span]:
    start = _start(spans)
    return (span for span in others if span.start < start)


def _start(spans: Sequence[Span]) -> int:
    return min(span.start for span in spans)


def _made(
    plugin: Plugin, trace_id: str, failures: list[Failure], accept: Callable[[Any], Made], *arguments: Any
) -> Sequence[Made]:
    """What the plugin gives, as `accept` takes it, or nothing and one more failure."""
    try:
        return [accept(one) for one in _load(plugin)(*arguments)]
    except Exception as error:  # noqa: BLE001 (a stranger's code)
        failures.append(Failure(plugin.name, trace_id, "raised", _raised(error)))
        return ()


def _raised(error: Exception) -> str:
    """What was raised and where, without its message: that may quote what a user said."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"


@functools.cache
def _load(plugin: Plugin) -> Callable[..., Any]:
    loaded: Callable[..., Any] = plugin.entry_point.load()
    return loaded
