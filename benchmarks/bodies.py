"""Two kinds of requests: 512 lean spans of 237 bytes, 512 agent spans of 2.4 KB; eight spans to a trace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from random import Random

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.collector.otlp.subset import RESOURCE_SPANS, message
from tests.requests import attributes, request, span

SPANS = 512
SPANS_A_TRACE = 8
WORDS = (
    *("the", "a", "of", "to", "in", "and", "for", "with", "trip", "hotel", "train", "price", "night", "seat", "refund"),
    *("agenda", "museum", "weather", "city", "please", "find", "booking", "window", "morning", "ticket", "street"),
    *("river", "near", "cheap", "quiet", "family", "tomorrow"),
)


def lean(seed: int = 0) -> bytes:
    """Spans of a web service: five attributes, none of them an agent's."""
    random = Random(seed)
    return request(*(_lean(random, _trace_id(seed, number)) for number in range(SPANS))).SerializeToString()


def agent(seed: int = 0) -> bytes:
    """Model calls of an agent in the GenAI conventions."""
    random = Random(seed)
    return request(*(_agent(random, _trace_id(seed, number)) for number in range(SPANS))).SerializeToString()


def scattered(seed: int = 0) -> bytes:
    """Lean spans, each of a trace of its own: what must be said of every trace is then said of every span."""
    random = Random(seed)
    return request(*(_lean(random, random.randbytes(16)) for _ in range(SPANS))).SerializeToString()


KINDS: Mapping[str, Callable[[int], bytes]] = {"lean": lean, "agent": agent}


def unique(bodies: Sequence[bytes]) -> Iterator[bytes]:
    """Requests without end, no two the same: an unknown field, which is skipped, tells them apart.

    It is the resource's, so that it is in every part of a request that is split.
    """
    said = [ExportTraceServiceRequest.FromString(body).resource_spans[0].SerializeToString() for body in bodies]
    for number in count():
        field = b"\xf9\x3f" + number.to_bytes(8, "little")
        yield message(RESOURCE_SPANS, [said[number % len(said)], field])


def _trace_id(seed: int, number: int) -> bytes:
    return Random(f"{seed} {number // SPANS_A_TRACE}").randbytes(16)


def _lean(random: Random, trace_id: bytes) -> Span:
    return span(
        "GET /orders/{id}",
        *attributes(
            {
                "http.request.method": "GET",
                "http.response.status_code": 200,
                "url.path": f"/orders/{random.randrange(10**6)}",
                "server.address": "shop.example.com",
                "network.protocol.version": "1.1",
            }
        ),
        trace_id=trace_id,
        parent_span_id=random.randbytes(8),
        kind=Span.SPAN_KIND_SERVER,
    )


def _agent(random: Random, trace_id: bytes) -> Span:
    return span(
        "chat gpt-5",
        *attributes(
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-5",
                "gen_ai.request.temperature": 0.7,
                "gen_ai.response.finish_reasons": ["stop"],
                "gen_ai.usage.input_tokens": random.randrange(4000),
                "gen_ai.usage.output_tokens": random.randrange(400),
                "gen_ai.conversation.id": f"conversation-{trace_id.hex()}",
                "user.id": f"user-{random.randrange(1000)}",
                "gen_ai.input.messages": _messages(random, ("user", "assistant", "user"), 85),
                "gen_ai.output.messages": _messages(random, ("assistant",), 40),
            }
        ),
        trace_id=trace_id,
        kind=Span.SPAN_KIND_CLIENT,
    )


def _messages(random: Random, roles: tuple[str, ...], words: int) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": _prose(random, words)}]} for role in roles])


def _prose(random: Random, words: int) -> str:
    return " ".join(random.choices(WORDS, k=words))
