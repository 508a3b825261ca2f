"""Spans as agents send them: OTLP requests copied from templates, so that making them costs little beside storing them.

A trace is one user turn of an agent, in the attributes of pydantic-ai: the run, its model calls (each with the
conversation so far), a request over HTTP below each, and the tools between them: 12 to 18 spans of 1.2 KB on average.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

REMEMBER_EVERY, FAIL_EVERY, TURNS = 100, 50, 5  # one trace in so many; and traces in one conversation
SYSTEM = "You are the assistant of a travel agency. Answer briefly, and use the tools for every fact that changes."
WORDS = ("trip", "hotel", "train", "price", "night", "seat", "refund", "agenda", "museum", "weather")

Attributes = Mapping[str, str | int]


def span(name: str, attributes: Attributes, kind: Span.SpanKind.ValueType = Span.SPAN_KIND_INTERNAL) -> Span:
    """A span without ids and times."""
    return Span(name=name, kind=kind, attributes=[_attribute(*item) for item in attributes.items()])


def chat(messages: Sequence[Mapping[str, object]], answer: Mapping[str, object]) -> Span:
    """A model call with the conversation so far."""
    return span(
        "chat gpt-5",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-5",
            "gen_ai.response.model": "gpt-5-2026-01-15",
            "gen_ai.agent.name": "travel",
            "gen_ai.usage.input_tokens": 40 * len(messages),
            "gen_ai.usage.output_tokens": 60,
            "gen_ai.system_instructions": json.dumps([{"type": "text", "content": SYSTEM}]),
            "gen_ai.input.messages": json.dumps(messages),
            "gen_ai.output.messages": json.dumps([answer]),
        },
    )


def tool(name: str, call_id: str, arguments: str, result: str, error: str = "") -> Span:
    """A tool's execution, failed if `error` says why."""
    attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.id": call_id,
        "gen_ai.tool.call.arguments": arguments,
        "gen_ai.tool.call.result": result,
    }
    made = span(f"execute_tool {name}", attributes)
    if error:
        made.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message=error))
    return made


def http() -> Span:
    """What instrumented libraries add below a model call: few attributes, none of them an agent's."""
    attributes: Attributes = {"http.request.method": "POST", "server.address": "api.openai.com", "server.port": 443}
    return span("POST", attributes, Span.SPAN_KIND_CLIENT)


def text(role: str, content: str) -> Mapping[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": content}]}


def turn(said: str, rounds: int, random: Random, *, failing: bool = False) -> Sequence[Span]:
    """A user's sentence and what the agent did about it; the first span is the run, all others are below it."""
    messages = [text("user", said)]
    below: list[Span] = []
    for number in range(rounds):
        call_id, arguments = f"call_{random.getrandbits(48):012x}", json.dumps({"query": _prose(random, 6)})
        call = {"type": "tool_call", "id": call_id, "name": "search", "arguments": arguments}
        answer = {"role": "assistant", "parts": [call]}
        below += [chat(messages, answer), http()]
        error = "unknown query: use one word" if failing and number == 0 else ""
        result = error or json.dumps({"found": _prose(random, 60)})
        below.append(tool("search", call_id, arguments, result, error))
        part = {"type": "tool_call_response", "id": call_id, "name": "search", "result": result}
        messages = [*messages, answer, {"role": "user", "parts": [part]}]
    return [_run(), *below, chat(messages, text("assistant", _prose(random, 40))), http()]


def stamp(spans: Sequence[Span], trace_id: bytes, random: Random, *, end: int) -> None:
    """Give the spans ids, and times that end with `end` (nanoseconds); the first span is everybody's parent."""
    ids = [random.randbytes(8) for _ in spans]
    for number, (one, span_id) in enumerate(zip(spans, ids, strict=True)):
        one.trace_id, one.span_id = trace_id, span_id
        one.parent_span_id = ids[0] if number else b""
        one.start_time_unix_nano = end - (len(spans) - number + 1) * 10_000_000
        one.end_time_unix_nano = (one.start_time_unix_nano + 9_000_000) if number else end


def identify(spans: Sequence[Span], user: str, conversation: str) -> None:
    """Say whose run it is, as applications do: the user on the run, the conversation on the run and the model calls."""
    spans[0].attributes.append(_attribute("user.id", user))
    for one in spans:
        if one.name.startswith(("invoke_agent", "chat")):
            one.attributes.append(_attribute("gen_ai.conversation.id", conversation))


def request(spans: Sequence[Span], service: str = "travel") -> bytes:
    resource = Resource(attributes=[_attribute("service.name", service), _attribute("host.name", "host-1")])
    scope = ScopeSpans(scope=InstrumentationScope(name="pydantic-ai", version="2.68.0"), spans=spans)
    return ExportTraceServiceRequest(
        resource_spans=[ResourceSpans(resource=resource, scope_spans=[scope])]
    ).SerializeToString()


def requests(
    spans_each: int, seed: int = 7, *, teaching: bool = True, saying: Sequence[str] = ()
) -> Iterator[tuple[bytes, int]]:
    """Endless requests of whole traces that end now, with their numbers of spans, of about `spans_each`.

    If `teaching`, one user in a hundred asks for something to be remembered, and one trace in fifty has a tool call
    that failed and was mended. The others say fifty sentences of random words, or what is in `saying`, in turn.
    """
    random = Random(seed)
    texts = saying or [_prose(random, 12) for _ in range(50)]
    plain = [turn(said, random.randint(3, 5), random) for said in texts]
    asking = turn("Please remember that I prefer window seats. Which trains are there?", 3, random)
    failing = turn("Which trains are there to Lisbon?", 3, random, failing=True)
    trace = 0
    while True:
        made: list[Span] = []
        while len(made) < spans_each:
            trace += 1
            asks, fails = teaching and trace % REMEMBER_EVERY == 0, teaching and trace % FAIL_EVERY == 7
            template = asking if asks else failing if fails else plain[trace % len(plain)]
            made += _copied(template, random, f"user-{trace % 20_011}", f"conversation-{seed}-{trace // TURNS}")
        yield request(made), len(made)


def _copied(template: Sequence[Span], random: Random, user: str, conversation: str) -> Sequence[Span]:
    spans = [Span() for _ in template]
    for one, original in zip(spans, template, strict=True):
        one.CopyFrom(original)
    stamp(spans, random.randbytes(16), random, end=time.time_ns())
    identify(spans, user, conversation)
    return spans


def _run() -> Span:
    return span("invoke_agent travel", {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "travel"})


def _prose(random: Random, words: int) -> str:
    return " ".join(random.choice(WORDS) + str(random.randrange(100)) for _ in range(words))


def _attribute(key: str, value: str | int) -> KeyValue:
    made = AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)
    return KeyValue(key=key, value=made)
