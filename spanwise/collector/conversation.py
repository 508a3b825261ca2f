"""What was said and done: the turns, the tool calls and the scope of a trace, out of its spans."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from spanwise.collector.model import Message, Origin, Part, Scope, Span, ToolCall, Trace, Turn

ORIGINS: Mapping[str, Origin] = {
    "user": Origin.USER,
    "assistant": Origin.ASSISTANT,
    "model": Origin.ASSISTANT,
    "system": Origin.SYSTEM,
    "developer": Origin.SYSTEM,
    "tool": Origin.TOOL,
}
APART = 1_000
"""Nanoseconds between two texts of one span, which has one time for all: what was said later stays later."""
FAILED_STATES = frozenset({"error", "failed", "failure"})


def assemble(org: str, trace_id: str, spans: Iterable[Span], earlier: Iterable[Span]) -> Trace:
    """A trace of `spans`, with the turns of `earlier` spans of the same conversation before its own."""
    ordered = tuple(sorted(spans, key=lambda span: (span.start, span.span_id)))
    before = sorted(earlier, key=lambda span: (span.start, span.span_id))
    everything = (*ordered, *before)
    scope = Scope(
        agent=_first(span.agent for span in everything) or _first(span.service for span in ordered),
        org=org,
        user=_first(span.user for span in everything),
    )
    return Trace(
        trace_id=trace_id,
        scope=scope,
        conversation=_first(span.conversation for span in ordered),
        spans=ordered,
        turns=tuple(_turns([*before, *ordered])),
        tool_calls=tuple(_tool_calls(ordered, before)),
    )


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _turns(spans: Sequence[Span]) -> Iterable[Turn]:
    """Each text once, where it was first seen.

    A model call carries the conversation so far. The n-th time that a role says a text within one call is the n-th time
    that it says it in the conversation; only what exceeds the times seen before is new.
    """
    seen: Counter[tuple[str, str]] = Counter()
    spoken: set[str] = set()
    here: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    order: Counter[int] = Counter()
    runs = _Runs(spans)
    for number, message, part in _texts(spans):
        span = spans[number]
        key = ("tool" if part.type == "tool_call_response" else message.role, part.content.strip())
        here[number][key] += 1
        if here[number][key] <= seen[key]:
            continue
        seen[key] = here[number][key]
        origin = _origin(message, part, runs.faces_a_person(span))
        if origin is Origin.USER and key[1] in spoken:
            origin = Origin.AGENT  # one model's answer is the next one's prompt
        if origin is Origin.ASSISTANT:
            spoken.add(key[1])
        at = span.start + order[number] * APART
        yield Turn(message.role, part.content, origin, span.trace_id, span.span_id, at)


def _texts(spans: Sequence[Span]) -> Iterable[tuple[int, Message, Part]]:
    """What was said in which span, in the order in which it was said: an agent's answer comes after what led to it."""
    said = [(span.start, number, span.input_messages) for number, span in enumerate(spans)]
    said += [(span.end, number, span.output_messages) for number, span in enumerate(spans)]
    for _, number, messages in sorted(said, key=lambda one: one[:2]):
        for message in messages:
            for part in message.parts:
                if part.type in ("text", "tool_call_response") and part.content.strip():
                    yield number, message, part


def _origin(message: Message, part: Part, faces_a_person: bool) -> Origin:
    if part.type == "tool_call_response":  # some frameworks send it in the role of the user
        return Origin.TOOL
    origin = ORIGINS.get(message.role, Origin.AGENT)
    return Origin.AGENT if origin is Origin.USER and not faces_a_person else origin


class _Runs:
    """Which agent runs face a person: in a sub-agent, the one who speaks as `user` is another model."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._by_id = {(span.trace_id, span.span_id): span for span in spans}
        self._outermost: dict[str, str] = {}
        for span in spans:
            if span.input_messages:
                self._outermost.setdefault(span.trace_id, span.parent_span_id)

    def faces_a_person(self, span: Span) -> bool:
        """True for the outermost agent run of a trace.

        Children are exported before their parents: while ancestors are missing, only the calls beside the trace's
        first one are known to be of the outermost run. The others are looked at again when their ancestors have come.
        """
        if span.parent_span_id == self._outermost.get(span.trace_id):
            return True
        agents = int(_is_agent(span))
        seen: set[str] = set()
        while span.parent_span_id:
            parent = self._by_id.get((span.trace_id, span.parent_span_id))
            if parent is None or parent.span_id in seen or parent.operation == "execute_tool":
                return False
            seen.add(parent.span_id)
            agents += _is_agent(parent)
            span = parent
        return agents <= 1


def _is_agent(span: Span) -> bool:
    """True for an agent's run; a span around it that has neither a name nor anything to say is no other agent."""
    return span.operation == "invoke_agent" and bool(span.agent or span.input_messages)


def _tool_calls(spans: Sequence[Span], before: Sequence[Span]) -> Iterable[ToolCall]:
    """From the spans of tools, completed by the messages; for agents that have none, from the messages.

    Messages carry the history of the conversation: a call that an earlier trace made is not made again.
    """
    # Some agents give what happens within a call, such as its execution after it was permitted, spans of its own.
    within = {span.tool_call_id: _span_error(span) for span in spans if span.tool_call_id and not _is_tool(span)}
    calls = [_call_of_span(span, within.get(span.tool_call_id, "")) for span in spans if _is_tool(span)]
    known = {call.call_id for call in calls} | {part.id for span in before for part in _parts(span, "tool_call")}
    answers = {part.id: part.content for span in spans for part in _parts(span, "tool_call_response") if part.id}
    asked = {call.call_id: call for call in _calls_of_messages(spans, answers)}
    waiting: dict[str, deque[ToolCall]] = defaultdict(deque)
    for call_id, call in asked.items():
        if call_id not in known:
            waiting[call.name].append(call)
    calls = [_completed(call, asked, waiting[call.name]) for call in calls]
    calls += [call for left in waiting.values() for call in left if call.call_id in answers]
    return sorted(calls, key=lambda call: call.start)


def _completed(call: ToolCall, asked: Mapping[str, ToolCall], waiting: deque[ToolCall]) -> ToolCall:
    """A tool's span with what the model asked for: if it does not say which call it is of, of the next of its name."""
    if call.call_id:
        return _merged(call, asked[call.call_id]) if call.call_id in asked else call
    return _merged(call, waiting.popleft()) if waiting else call


def _merged(call: ToolCall, asked: ToolCall) -> ToolCall:
    """Some frameworks give a tool's span nothing but the value of a single argument."""
    named = call.arguments.lstrip().startswith("{")
    return replace(
        call,
        call_id=asked.call_id,
        arguments=call.arguments if named else asked.arguments or call.arguments,
        result=call.result or asked.result,
        error=call.error or asked.error,
    )


def _is_tool(span: Span) -> bool:
    return span.operation == "execute_tool" or bool(span.tool_name and not span.operation)


def _call_of_span(span: Span, failure_within: str) -> ToolCall:
    return ToolCall(
        span.tool_name or span.name,
        span.tool_call_id,
        span.tool_arguments,
        span.tool_result,
        _span_error(span) or failure_within,
        span.span_id,
        span.start,
    )


def _span_error(span: Span) -> str:
    """What the span's structure says about a failure: an exception event, the result, its status, `error.type`.

    Its words come before its type, which is all that some agents put into the status.
    """
    for event in span.events:
        if event.name == "exception":
            kind, message = event.attributes.get("exception.type", ""), event.attributes.get("exception.message", "")
            return message or kind or "exception"
    if said := error_in_result(span.tool_result):
        return said
    if span.status == "Error":
        return span.status_message or span.error_type or "error"
    return span.error_type


def _calls_of_messages(spans: Sequence[Span], answers: Mapping[str, str]) -> Iterable[ToolCall]:
    """Each call once: those that a model made first, then those that are only known from what models were given."""
    seen: set[str] = set()
    made = [(span, part) for span in spans for part in _parts_of(span.output_messages, "tool_call")]
    given = [(span, part) for span in spans for part in _parts_of(span.input_messages, "tool_call")]
    for span, part in (*made, *given):
        if part.id and part.id not in seen:
            seen.add(part.id)
            result = answers.get(part.id, "")
            yield ToolCall(part.name, part.id, part.content, result, error_in_result(result), span.span_id, span.end)


def _parts(span: Span, kind: str) -> Iterable[Part]:
    return _parts_of((*span.input_messages, *span.output_messages), kind)


def _parts_of(messages: Iterable[Message], kind: str) -> Iterable[Part]:
    return (part for message in messages for part in message.parts if part.type == kind)


def error_in_result(result: str) -> str:
    """What the shape of a tool's result says about a failure, such as `{"error": …}` or `{"isError": true}`."""
    if not result.lstrip().startswith("{"):
        return ""
    try:
        fields = json.loads(result)
    except (ValueError, RecursionError):
        return ""
    return _error_in_fields(fields) if isinstance(fields, dict) else ""


def _error_in_fields(fields: Mapping[str, Any]) -> str:
    message = fields.get("message") or fields.get("detail") or fields.get("content")
    if error := fields.get("error"):
        return _short(error) if error is not True else _short(message or "error")
    if fields.get("isError") is True or fields.get("is_error") is True or fields.get("success") is False:
        return _short(message or "error")
    if str(fields.get("status", "")).lower() in FAILED_STATES:
        return _short(message or fields["status"])
    return ""


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:500]
