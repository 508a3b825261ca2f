"""What is sent is what is stored: every field of a span, and every attribute, in the columns that analysts expect."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from spanwise.collector.errors import Rejected
from spanwise.collector.otlp import conventions
from spanwise.collector.otlp.block import Request, span_rows
from spanwise.collector.store import Block, Store
from tests.otlp.oracle.values import text
from tests.requests import any_value, request, span
from tests.requests import attributes as pairs

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
MESSAGES = '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]'


async def _stored(store: Store, org: str, message: Any, columns: str) -> Mapping[str, Any]:
    """The selected columns of the one span of `message`, after a way through the store."""
    rows = span_rows([Request(message.SerializeToString(), org, os.urandom(16))], NOW)
    await store.insert(Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows), os.urandom(8).hex())
    answer = await store.read(
        f"SELECT {columns} FROM otel_traces WHERE Org = {{org:String}} FORMAT JSONEachRow", {"org": org}
    )
    row: Mapping[str, Any] = json.loads(answer)
    return row


async def test_the_collectors_columns(store: Store, org: str) -> None:
    start, end = 1_700_000_000_123_456_789, 1_700_000_001_123_456_789
    one = span("op", *pairs({"k": "v"}), trace_state="a=b", kind=3, start=start, end=end)
    one.parent_span_id = b"\x01" * 8
    one.status.code, one.status.message = Status.STATUS_CODE_ERROR, "broken"
    one.events.add(name="exception", time_unix_nano=1_700_000_000_500_000_000).attributes.add(
        key="exception.type", value=any_value("ValueError")
    )
    one.links.add(trace_id=b"\x02" * 16, span_id=b"\x03" * 8, trace_state="c=d")
    row = await _stored(store, org, request(one, resource={"host.name": "h"}), "*")
    assert row["TraceId"] == one.trace_id.hex()
    assert row["SpanId"] == one.span_id.hex()
    assert row["ParentSpanId"] == "01" * 8
    assert (row["Timestamp"], row["Duration"]) == ("2023-11-14 22:13:20.123456789", 10**9)
    assert (row["SpanName"], row["SpanKind"], row["ServiceName"]) == ("op", "Client", "test")
    assert (row["TraceState"], row["StatusCode"], row["StatusMessage"]) == ("a=b", "Error", "broken")
    assert (row["ScopeName"], row["ScopeVersion"]) == ("tests.scope", "1.0")
    assert row["ResourceAttributes"] == {"service.name": "test", "host.name": "h"}
    assert row["SpanAttributes"] == {"k": "v"}
    assert (row["Events.Name"], row["Events.Attributes"]) == (["exception"], [{"exception.type": "ValueError"}])
    assert row["Events.Timestamp"] == ["2023-11-14 22:13:20.500000000"]
    assert (row["Links.TraceId"], row["Links.SpanId"], row["Links.TraceState"]) == (["02" * 16], ["03" * 8], ["c=d"])


async def test_what_the_collectors_columns_leave_out(store: Store, org: str) -> None:
    one = span("op")
    one.flags, one.dropped_attributes_count, one.dropped_events_count, one.dropped_links_count = 0x301, 1, 2, 3
    one.events.add(name="cut", dropped_attributes_count=4)
    one.links.add(trace_id=b"\x02" * 16, span_id=b"\x03" * 8, dropped_attributes_count=5, flags=0x101)
    message = request(one)
    (resource,) = message.resource_spans
    resource.schema_url, resource.resource.dropped_attributes_count = "https://opentelemetry.io/schemas/1.40.0", 6
    (scope,) = resource.scope_spans
    scope.schema_url, scope.scope.dropped_attributes_count = "https://opentelemetry.io/schemas/1.37.0", 7
    scope.scope.attributes.extend(pairs({"library.language": "python", "versions": [1, 2]}))
    row = await _stored(store, org, message, "*")
    assert row["ScopeAttributes"] == {"library.language": "python", "versions": "[1,2]"}
    assert (row["ResourceSchemaUrl"], row["ScopeSchemaUrl"]) == (resource.schema_url, scope.schema_url)
    assert row["TraceFlags"] == 0x301
    assert (row["DroppedAttrCount"], row["DroppedEventsCount"], row["DroppedLinksCount"]) == (1, 2, 3)
    assert (row["Events.DroppedAttrCount"], row["Links.DroppedAttrCount"]) == ([4], [5])
    assert (row["ResourceDroppedAttrCount"], row["ScopeDroppedAttrCount"]) == (6, 7)
    assert row["Links.TraceFlags"] == [0x101]


async def test_typed_columns(store: Store, org: str) -> None:
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.agent.name": "desk",
        "gen_ai.conversation.id": "c1",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "m1",
        "gen_ai.response.model": "m2",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.completion_tokens": 34,
        "gen_ai.usage.cache_read.input_tokens": 5,
        "gen_ai.response.finish_reasons": ["stop", "length"],
        "enduser.id": "ada",
        "error.type": "timeout",
        "gen_ai.evaluation.score.value": 0.25,
    }
    row = await _stored(store, org, request(span("chat", *pairs(attributes))), "*")
    expected = {
        "Operation": "chat",
        "AgentName": "desk",
        "ConversationId": "c1",
        "Provider": "openai",
        "RequestModel": "m1",
        "ResponseModel": "m2",
        "InputTokens": 12,
        "OutputTokens": 34,
        "CacheReadTokens": 5,
        "FinishReason": "stop",
        "UserId": "ada",
        "ErrorType": "timeout",
        "EvaluationScore": 0.25,
    }
    assert {column: row[column] for column in expected} == expected


async def test_current_names_win_over_older_ones(store: Store, org: str) -> None:
    attributes = {"gen_ai.system": "old", "gen_ai.provider.name": "new", "enduser.id": "old", "user.id": "new"}
    row = await _stored(store, org, request(span("chat", *pairs(attributes))), "Provider, UserId")
    assert row == {"Provider": "new", "UserId": "new"}


async def test_a_resource_may_name_the_user_but_never_the_organisation(store: Store, org: str) -> None:
    resource = {"user.id": "ada", "org": "evil", "organization.id": "evil"}
    row = await _stored(store, org, request(span(), resource=resource), "UserId, Org")
    assert row == {"UserId": "ada", "Org": org}


async def test_content_leaves_the_map_and_the_alias_brings_it_back(store: Store, org: str) -> None:
    attributes = {"gen_ai.input.messages": MESSAGES, "gen_ai.tool.call.result": "", "x": "y"}
    columns = "SpanAttributes, InputMessages, FullSpanAttributes"
    row = await _stored(store, org, request(span("chat", *pairs(attributes))), columns)
    assert row["SpanAttributes"] == {"gen_ai.tool.call.result": "", "x": "y"}
    assert row["InputMessages"] == MESSAGES
    assert row["FullSpanAttributes"] == attributes


async def test_content_in_other_words_is_mapped_and_the_alias_gives_back_what_was_sent(store: Store, org: str) -> None:
    attributes = {
        "openinference.span.kind": "LLM",
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "hi",
        "gen_ai.tool.call.result": "at home",
        "gen_ai.output.messages": "unusual",
    }
    columns = "SpanAttributes, ContentAttributes, ContentDerived, InputMessages, ToolResult, FullSpanAttributes"
    row = await _stored(store, org, request(span("chat", *pairs(attributes))), columns)
    assert row["SpanAttributes"] == {"openinference.span.kind": "LLM"}
    assert row["InputMessages"] == MESSAGES
    assert row["ToolResult"] == "at home"
    assert row["ContentDerived"] == 0b110
    assert row["ContentAttributes"].keys() == attributes.keys() - {"openinference.span.kind", "gen_ai.tool.call.result"}
    assert row["FullSpanAttributes"] == attributes


async def test_of_a_key_sent_twice_the_first_is_read_and_both_are_kept(store: Store, org: str) -> None:
    twice = [*pairs({"user.id": "ada"}), *pairs({"user.id": "eve"}), *pairs({"gen_ai.input.messages": MESSAGES})]
    home = pairs({"gen_ai.input.messages": "other"})
    columns = (
        "UserId, InputMessages, FullSpanAttributes['user.id'] AS User, mapValues(SpanAttributes) AS Users,"
        " FullSpanAttributes['gen_ai.input.messages'] AS Input, ContentAttributes"
    )
    row = await _stored(store, org, request(span("chat", *twice, *home)), columns)
    assert (row["UserId"], row["User"], row["Users"]) == ("ada", "ada", ["ada", "eve"])
    assert (row["InputMessages"], row["Input"]) == (MESSAGES, MESSAGES)
    assert row["ContentAttributes"] == {"gen_ai.input.messages": "other"}


async def test_an_evaluation_event_fills_the_columns(store: Store, org: str) -> None:
    one = span()
    event = one.events.add(name="gen_ai.evaluation.result", time_unix_nano=1)
    for key, value in {"gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.5}.items():
        event.attributes.add(key=key, value=any_value(value))
    row = await _stored(store, org, request(one), "EvaluationName, EvaluationScore")
    assert row == {"EvaluationName": "helpful", "EvaluationScore": 0.5}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text() | st.binary(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)


KEYS = st.text(min_size=1, max_size=20) | st.sampled_from(sorted({source.key for source in conventions.TABLE}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(attributes=st.dictionaries(KEYS, VALUES, max_size=8))
async def test_every_attribute_comes_back(store: Store, attributes: Mapping[str, Any]) -> None:
    org = f"org-{os.urandom(8).hex()}"
    message = request(span("chat", *pairs(attributes)))
    row = await _stored(store, org, message, "FullSpanAttributes")
    assert row["FullSpanAttributes"] == {key: text(any_value(value)) for key, value in attributes.items()}


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("text", "text"),
        (True, "true"),
        (-5, "-5"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (math.inf, "inf"),
        (b"\x00\xff", "AP8="),
        ([1, "a", [True]], '[1,"a",[true]]'),
        ({"a": {"b": b"\xff"}}, '{"a":{"b":"/w=="}}'),
        ([], "[]"),
        ([math.nan, -math.inf, None, 1e300], '["nan","-inf",null,1e+300]'),
    ],
)
def test_values_as_text(value: Any, stored: str) -> None:
    assert text(any_value(value)) == stored


def test_a_list_keeps_a_key_that_stands_twice() -> None:
    value = any_value({"a": 1})
    value.kvlist_value.values.add(key="a", value=any_value("ä"))
    assert text(value) == '{"a":1,"a":"ä"}'


@pytest.mark.parametrize(
    "pair",
    [
        b"\x12\x07\x0a\x05value\x0a\x03key",  # the value before the key
        b"\x0a\x03key\x12\x07\x0a\x05value\xfa\x3f\x09something",  # a field that nobody knows after both
    ],
)
async def test_attributes_in_an_unusual_order(store: Store, org: str, pair: bytes) -> None:
    one = span("op")
    one.attributes.add().MergeFromString(pair)
    sent = request(one).SerializeToString()
    unusual = sent.replace(one.attributes[0].SerializeToString(), pair)
    rows = span_rows([Request(unusual, org, os.urandom(16))], NOW)
    await store.insert(Block("otel_traces", rows.columns, rows.format, rows.data, rows.rows), org)
    assert await store.query("SELECT SpanAttributes FROM otel_traces WHERE Org = {org:String}", {"org": org}) == [
        ({"key": "value"},)
    ]


def test_content_that_cannot_be_mapped_is_counted_by_dialect() -> None:
    strange = span("agent", *pairs({"openinference.span.kind": "AGENT", "input.value": '{"state":1}'}))
    rows = span_rows([Request(request(strange, span()).SerializeToString(), "org", bytes(16))], NOW)
    assert rows.unmapped == {"openinference": 1}


def test_a_request_that_cannot_be_decoded_is_rejected() -> None:
    with pytest.raises(Rejected):
        span_rows([Request(b"\xff", "org", bytes(16))], NOW)


def test_traces_are_counted_by_organisation() -> None:
    one = span(trace_id=b"\x01" * 16)
    requests = [Request(request(one).SerializeToString(), org, os.urandom(16)) for org in ("a", "b", "a")]
    rows = span_rows(requests, NOW)
    assert {traces.org: list(traces) for traces in rows.traces} == {"a": [(one.trace_id, 2)], "b": [(one.trace_id, 1)]}
    assert rows.rows == 3
