"""What a client says about a span lands in the same columns, whatever dialect it speaks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.otlp.conventions import CONTENT_COLUMNS, TABLE, Place
from spanwise.collector.otlp.lookup import Attributes, Event, Sent
from tests.otlp.oracle.resolve import Columns, resolve

NOTHING: Mapping[str, str] = {}
INPUT = '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]'
OUTPUT = '[{"role":"assistant","parts":[{"type":"text","content":"ho"}]}]'


def _columns(
    attributes: Mapping[str, str] | Attributes,
    *events: tuple[str, Mapping[str, str]],
    resource: Mapping[str, str] = NOTHING,
) -> Columns:
    pairs = list(attributes.items()) if isinstance(attributes, Mapping) else attributes
    made = [Event(name, list(fields.items()), json.dumps(fields)) for name, fields in events]
    return resolve(Sent(pairs, made, list(resource.items())))


def _filled(columns: Columns) -> dict[str, Any]:
    """All columns that hold something."""
    found = {**columns.texts, **columns.counts, **columns.contents}
    return {column: value for column, value in found.items() if value}


GENAI = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "m",
    "gen_ai.usage.input_tokens": "12",
    "gen_ai.input.messages": INPUT,
    "gen_ai.output.messages": OUTPUT,
    "gen_ai.response.finish_reasons": '["stop"]',
    "gen_ai.conversation.id": "c",
    "user.id": "ada",
}
MODEL_CALL = {
    "Operation": "chat",
    "Provider": "openai",
    "RequestModel": "m",
    "InputTokens": 12,
    "InputMessages": INPUT,
    "OutputMessages": OUTPUT,
    "FinishReason": "stop",
    "ConversationId": "c",
    "UserId": "ada",
}
MODEL_CALLS: Mapping[str, Mapping[str, str]] = {
    "genai": GENAI,
    "openinference": {
        "openinference.span.kind": "LLM",
        "llm.provider": "openai",
        "llm.model_name": "m",
        "llm.token_count.prompt": "12",
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "hi",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "ho",
        "llm.finish_reason": "stop",
        "session.id": "c",
        "user.id": "ada",
        "input.value": "anything else",
    },
    "traceloop, older": {
        "llm.request.type": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "m",
        "gen_ai.usage.prompt_tokens": "12",
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "ho",
        "gen_ai.completion.0.finish_reason": "stop",
        "traceloop.association.properties.session_id": "c",
        "traceloop.association.properties.user_id": "ada",
    },
    "langfuse": {
        "langfuse.observation.type": "generation",
        "gen_ai.system": "openai",
        "langfuse.observation.model.name": "m",
        "langfuse.observation.usage_details": '{"input": 12}',
        "langfuse.observation.input": '[{"role": "user", "content": "hi"}]',
        "langfuse.observation.output": '{"role": "assistant", "content": "ho"}',
        "gen_ai.response.finish_reasons": "stop",
        "langfuse.session.id": "c",
        "langfuse.user.id": "ada",
    },
    "vercel": {
        "ai.operationId": "ai.streamText.doStream",
        "ai.model.provider": "openai",
        "ai.model.id": "m",
        "ai.usage.inputTokens": "12",
        "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"hi"}]}]',
        "ai.response.text": "ho",
        "ai.response.finishReason": "stop",
        "ai.telemetry.metadata.sessionId": "c",
        "ai.telemetry.metadata.userId": "ada",
    },
    "claude_code": {
        "span.type": "llm_request",
        "gen_ai.system": "openai",
        "model": "m",
        "input_tokens": "12",
        "gen_ai.input.messages": INPUT,
        "response.model_output": "ho",
        "stop_reason": "stop",
        "session.id": "c",
        "user.id": "ada",
    },
}


@pytest.mark.parametrize("dialect", MODEL_CALLS)
def test_a_model_call_is_the_same_in_every_dialect(dialect: str) -> None:
    columns = _columns(MODEL_CALLS[dialect])
    assert _filled(columns) == MODEL_CALL
    assert not columns.unmapped


TOOL_CALLS: Mapping[str, Mapping[str, str]] = {
    "genai": {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "t",
        "gen_ai.tool.call.id": "c1",
        "gen_ai.tool.call.arguments": '{"a":1}',
        "gen_ai.tool.call.result": "done",
    },
    "pydantic_ai, older": {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "t",
        "gen_ai.tool.call.id": "c1",
        "tool_arguments": '{"a":1}',
        "tool_response": "done",
    },
    "adk, older": {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "t",
        "gen_ai.tool.call.id": "c1",
        "gcp.vertex.agent.tool_call_args": '{"a":1}',
        "gcp.vertex.agent.tool_response": "done",
        "gcp.vertex.agent.llm_request": "{}",
        "gcp.vertex.agent.llm_response": "{}",
    },
    "openinference": {
        "openinference.span.kind": "TOOL",
        "tool.name": "t",
        "tool.id": "c1",
        "input.value": '{"a":1}',
        "output.value": "done",
    },
    "openinference, langchain": {
        "openinference.span.kind": "TOOL",
        "tool.name": "t",
        "input.value": '{"a":1}',
        "output.value": '{"type":"tool","data":{"content":"done","tool_call_id":"c1"}}',
    },
    "traceloop": {
        "traceloop.span.kind": "tool",
        "traceloop.entity.name": "t",
        "gen_ai.tool.call.id": "c1",
        "traceloop.entity.input": '{"args": [], "kwargs": {"a": 1}}',
        "traceloop.entity.output": '"done"',
    },
    "langfuse": {
        "langfuse.observation.type": "tool",
        "gen_ai.tool.name": "t",
        "gen_ai.tool.call.id": "c1",
        "langfuse.observation.input": '{"args": [], "kwargs": {"a": 1}}',
        "langfuse.observation.output": "done",
    },
    "vercel": {
        "ai.operationId": "ai.toolCall",
        "ai.toolCall.name": "t",
        "ai.toolCall.id": "c1",
        "ai.toolCall.args": '{"a":1}',
        "ai.toolCall.result": '"done"',
    },
}
TOOL_CALL = {
    "Operation": "execute_tool",
    "ToolName": "t",
    "ToolCallId": "c1",
    "ToolArguments": '{"a":1}',
    "ToolResult": "done",
}


@pytest.mark.parametrize("dialect", TOOL_CALLS)
def test_a_tool_call_is_the_same_in_every_dialect(dialect: str) -> None:
    columns = _columns(TOOL_CALLS[dialect])
    assert _filled(columns) == TOOL_CALL
    assert not columns.unmapped


def test_strands_has_a_tool_call_in_events() -> None:
    attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", "gen_ai.tool.call.id": "c1"}
    asked = ("gen_ai.tool.message", {"role": "tool", "content": '{"a":1}', "id": "c1"})
    answered = ("gen_ai.choice", {"message": '[{"text": "done"}]', "id": "c1"})
    assert _filled(_columns(attributes, asked, answered)) == TOOL_CALL


def test_strands_has_messages_in_events() -> None:
    said = ("gen_ai.user.message", {"content": '[{"text": "hi"}]'})
    answered = ("gen_ai.choice", {"message": '[{"text": "ho"}]', "finish_reason": "end_turn"})
    columns = _columns({"gen_ai.operation.name": "chat"}, said, answered)
    assert columns.contents["InputMessages"] == INPUT
    assert columns.contents["OutputMessages"] == OUTPUT
    assert columns.texts["FinishReason"] == "end_turn"


def test_a_span_attribute_is_preferred_to_an_event() -> None:
    event = ("gen_ai.client.inference.operation.details", {"gen_ai.input.messages": "other", "user.id": "eve"})
    columns = _columns({"gen_ai.input.messages": INPUT}, event)
    assert columns.contents["InputMessages"] == INPUT
    assert columns.texts["UserId"] == ""


def test_the_event_with_the_details_stands_in_for_attributes() -> None:
    event = ("gen_ai.client.inference.operation.details", {"gen_ai.input.messages": INPUT})
    assert _columns({}, event).contents["InputMessages"] == INPUT


def test_an_evaluation_is_that_of_the_first_event() -> None:
    name, score = "gen_ai.evaluation.name", "gen_ai.evaluation.score.value"
    events = [("gen_ai.evaluation.result", {name: "helpful", score: "0.5"}), ("gen_ai.evaluation.result", {name: "b"})]
    columns = _columns({}, *events)
    assert (columns.texts["EvaluationName"], columns.evaluation_score) == ("helpful", 0.5)


def test_a_resource_speaks_for_its_spans() -> None:
    columns = _columns({"session.id": "of the span"}, resource={"user.id": "ada", "session.id": "of the process"})
    assert (columns.texts["UserId"], columns.texts["ConversationId"]) == ("ada", "of the span")


def test_an_exception_is_an_error_type() -> None:
    assert _columns({}, ("exception", {"exception.type": "ValueError"})).texts["ErrorType"] == "ValueError"


@pytest.mark.parametrize(
    ("kind", "operation"), [("LLM", "chat"), ("CHAIN", "chain"), ("SOMETHING_NEW", "SOMETHING_NEW")]
)
def test_operations_have_one_name(kind: str, operation: str) -> None:
    assert _columns({"openinference.span.kind": kind}).texts["Operation"] == operation


def test_the_outer_span_of_vercels_sums_up_and_does_not_count() -> None:
    columns = _columns({"ai.operationId": "ai.generateText", "ai.usage.inputTokens": "24"})
    assert columns.counts["InputTokens"] == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12", 12),
        ("18446744073709551615", 2**64 - 1),
        ("9007199254740993", 9007199254740993),
        ("12.9", 12),
        ("1e3", 1000),
        ("+5", 5),
        ("18446744073709551616", 7),
        ("-1", 7),
        ("-0.5", 7),
        ("nan", 7),
        ("inf", 7),
        ("many", 7),
        ("9" * 5000, 7),
    ],
)
def test_counts_are_whole_numbers_or_the_next_rows(text: str, count: int) -> None:
    columns = _columns({"gen_ai.usage.input_tokens": text, "gen_ai.usage.prompt_tokens": "7"})
    assert columns.counts["InputTokens"] == count


@pytest.mark.parametrize(
    ("text", "reason"),
    [('["stop","length"]', "stop"), ("stop", "stop"), ("[]", ""), ("[1]", "[1]"), ('["\\ud800"]', "?")],
)
def test_the_finish_reason_is_the_first(text: str, reason: str) -> None:
    assert _columns({"gen_ai.response.finish_reasons": text}).texts["FinishReason"] == reason


def test_content_at_home_is_only_in_its_column() -> None:
    columns = _columns({"gen_ai.input.messages": INPUT, "x": "y", "gen_ai.output.messages": ""})
    assert columns.contents["InputMessages"] == INPUT
    assert columns.span_attributes == [("x", "y"), ("gen_ai.output.messages", "")]
    assert (columns.content_attributes, columns.content_derived) == ([], 0)


def test_content_in_other_words_is_kept_as_it_came() -> None:
    sent = {"openinference.span.kind": "LLM", "llm.input_messages.0.message.content": "hi", "input.value": "hi"}
    columns = _columns(sent)
    assert columns.contents["InputMessages"] == INPUT
    assert columns.span_attributes == [("openinference.span.kind", "LLM")]
    assert columns.content_attributes == list(sent.items())[1:]
    assert columns.content_derived == 0b10


def test_a_home_that_is_normalised_is_kept_as_it_came() -> None:
    sent = {"gen_ai.input.messages": '[{"role":"user","content":"hi"}]'}
    columns = _columns(sent)
    assert columns.contents["InputMessages"] == INPUT
    assert columns.content_attributes == list(sent.items())
    assert columns.content_derived == 0b10


def test_what_cannot_be_mapped_is_kept_and_counted() -> None:
    sent = {"openinference.span.kind": "AGENT", "input.value": '{"state": 1}'}
    columns = _columns(sent)
    assert columns.contents["InputMessages"] == ""
    assert columns.content_attributes == [("input.value", '{"state": 1}')]
    assert columns.unmapped == frozenset({"openinference"})
    assert columns.content_derived == 0


def test_a_program_s_state_is_nobody_s_message() -> None:
    columns = _columns({"openinference.span.kind": "CHAIN", "input.value": "remember this", "output.value": "{}"})
    assert not any(columns.contents.values())
    assert not columns.unmapped


def test_of_a_key_sent_twice_the_first_counts() -> None:
    home = "gen_ai.input.messages"
    sent = [("user.id", "ada"), ("user.id", "eve"), (home, INPUT), (home, "other")]
    columns = _columns(sent)
    assert columns.texts["UserId"] == "ada"
    assert columns.contents["InputMessages"] == INPUT
    assert columns.span_attributes == sent[:2]
    assert columns.content_attributes == sent[3:]


KEYS = st.sampled_from(
    [source.key + ("0.message.content" if source.place is Place.INDEXED else "") for source in TABLE] + ["x", ""]
)
TEXTS = st.text() | st.sampled_from(
    [INPUT, "[]", "{}", "chat", "LLM", "TOOL", "AGENT", "12", '{"args":[],"kwargs":{}}']
)
SENT = st.lists(st.tuples(KEYS, TEXTS), max_size=8)


@given(attributes=SENT, events=st.lists(st.tuples(KEYS, st.dictionaries(KEYS, TEXTS, max_size=3)), max_size=3))
def test_nothing_that_was_sent_is_lost(attributes: Attributes, events: Sequence[tuple[str, dict[str, str]]]) -> None:
    columns = _columns(attributes, *events)
    homes = [
        (key, columns.contents[column])
        for bit, (column, key) in enumerate(CONTENT_COLUMNS.items())
        if columns.contents[column] and not columns.content_derived >> bit & 1
    ]
    kept = [*columns.span_attributes, *homes, *columns.content_attributes]
    assert sorted(kept) == sorted(attributes)
