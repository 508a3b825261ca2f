"""Requests of all kinds, for hypothesis: what clients send, and what nobody should."""

from __future__ import annotations

import json

from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from spanwise.collector.otlp.conventions import OPERATION_NAMES, TABLE, Place
from tests.requests import any_value

TEXTS = st.text(max_size=12)
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | TEXTS | st.binary(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(TEXTS, children, max_size=3),
    max_leaves=8,
)

MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "tool", "system"])},
        optional={
            "content": TEXTS | st.none(),
            "parts": st.lists(
                st.fixed_dictionaries({"type": st.sampled_from(["text", "tool_call"]), "content": TEXTS}), max_size=2
            ),
            "tool_calls": VALUES,
        },
    ),
    max_size=3,
)
"""Roughly what the attributes for content hold."""

TELLING = st.one_of(
    VALUES,
    MESSAGES,
    MESSAGES.map(lambda value: json.dumps(value, default=str)),
    VALUES.map(lambda value: json.dumps(value, default=str)),
    st.sampled_from(
        [*{name for names in OPERATION_NAMES.values() for name in names}, "chat", "execute_tool", "invoke_agent"]
    ),
    st.integers(0, 2**63 - 1).map(str),
    st.sampled_from(["12", "-1", "1e3", "99999999999999999999", "0.5", "nan", " [] ", '["stop"]']),
)
"""What may stand in an attribute that the table of conventions names."""


def _keys(*places: Place) -> list[str]:
    return sorted({source.key for source in TABLE if source.place in places})


INDEXED = st.tuples(
    st.sampled_from(_keys(Place.INDEXED)),
    st.sampled_from(
        ["", "0.role", "0.content", "0.message.role", "0.message.content", "1.message.content", "x", "text"]
    ),
).map("".join)
KEYS = st.one_of(TEXTS, st.sampled_from(_keys(Place.ATTRIBUTE)), INDEXED)
EVENT_NAMES = st.one_of(TEXTS, st.sampled_from(sorted({*_keys(Place.EVENTS), *(source.event for source in TABLE)})))
EVENT_KEYS = st.one_of(TEXTS, st.sampled_from([*_keys(Place.EVENT), "content", "role", "message"]))
RESOURCE_KEYS = st.one_of(TEXTS, st.sampled_from([*_keys(Place.RESOURCE), "service.name"]))
ENUMS = st.sampled_from([*range(7), -1, 2**31 - 1])
TIMES = st.integers(0, 2**63 - 1)
COUNTS = st.integers(0, 2**32 - 1)


def _attributes(keys: st.SearchStrategy[str], size: int = 4) -> st.SearchStrategy[list[KeyValue]]:
    """Keys may stand there twice, and values may be missing."""
    values = TELLING.map(any_value) | st.just(AnyValue())
    return st.lists(st.builds(KeyValue, key=keys, value=values), max_size=size)


EVENTS = st.builds(
    Span.Event,
    time_unix_nano=TIMES,
    name=EVENT_NAMES,
    attributes=_attributes(EVENT_KEYS),
    dropped_attributes_count=COUNTS,
)
LINKS = st.builds(
    Span.Link,
    trace_id=st.binary(max_size=17),
    span_id=st.binary(max_size=9),
    trace_state=TEXTS,
    attributes=_attributes(TEXTS, 2),
    dropped_attributes_count=COUNTS,
    flags=COUNTS,
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    span = Span(
        trace_id=draw(st.binary(min_size=16, max_size=16)),
        span_id=draw(st.binary(min_size=8, max_size=8)),
        parent_span_id=draw(st.sampled_from([b"", bytes(8), b"parent-1"])),
        trace_state=draw(TEXTS),
        name=draw(TEXTS),
        start_time_unix_nano=draw(TIMES),
        end_time_unix_nano=draw(st.integers(0, 2**64 - 1)),
        attributes=draw(_attributes(KEYS, 8)),
        events=draw(st.lists(EVENTS, max_size=3)),
        links=draw(st.lists(LINKS, max_size=2)),
        flags=draw(COUNTS),
        dropped_attributes_count=draw(COUNTS),
        dropped_events_count=draw(COUNTS),
        dropped_links_count=draw(COUNTS),
    )
    span.kind = Span.SpanKind.ValueType(draw(ENUMS))
    span.status.code = Status.StatusCode.ValueType(draw(ENUMS))
    span.status.message = draw(TEXTS)
    return span


@st.composite
def requests(draw: st.DrawFn) -> ExportTraceServiceRequest:
    request = ExportTraceServiceRequest()
    for _ in range(draw(st.integers(0, 2))):
        resource = request.resource_spans.add(schema_url=draw(TEXTS))
        resource.resource.attributes.extend(draw(_attributes(RESOURCE_KEYS)))
        resource.resource.dropped_attributes_count = draw(COUNTS)
        for _ in range(draw(st.integers(0, 2))):
            scope = resource.scope_spans.add(schema_url=draw(TEXTS))
            scope.scope.name, scope.scope.version = draw(TEXTS), draw(TEXTS)
            scope.scope.attributes.extend(draw(_attributes(TEXTS, 2)))
            scope.scope.dropped_attributes_count = draw(COUNTS)
            scope.spans.extend(draw(st.lists(spans(), max_size=3)))
    return request
