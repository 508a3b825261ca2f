"""Every dialect's messages come out in one form, and nothing that anybody sends does harm."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.otlp.conventions import TABLE
from spanwise.collector.otlp.messages import (
    calls,
    chat,
    claude_code,
    events,
    gemini,
    indexed,
    langchain,
    langfuse,
    pydantic_ai,
    vercel,
)
from spanwise.collector.otlp.messages.canonical import JSON_SPACE, Shape, is_canonical

ASKED = {"role": "user", "parts": [{"type": "text", "content": "How warm is it in Paris?"}]}
CALLED = {
    "role": "assistant",
    "parts": [{"type": "tool_call", "id": "c1", "name": "get_weather", "arguments": {"city": "Paris"}}],
}
ANSWERED = {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": "18 °C"}]}
SAID = {"role": "assistant", "parts": [{"type": "text", "content": "18 °C."}]}
CONVERSATION = [ASKED, CALLED, ANSWERED, SAID]


OUTPUT_TEXT = json.dumps([SAID])


def _shaped(shape: Shape, *pairs: tuple[str, Any]) -> Any:
    """What the shape makes of the pairs; values other than texts are sent as JSON."""
    text = shape([(key, value if isinstance(value, str) else json.dumps(value)) for key, value in pairs])
    return json.loads(text) if text else None


OPENAI: list[Any] = [
    {"role": "user", "content": "How warm is it in Paris?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}
        ],
    },
    {"role": "tool", "tool_call_id": "c1", "content": "18 °C"},
    {"role": "assistant", "content": [{"type": "output_text", "text": "18 °C."}]},
]
RESPONSES = [
    {"role": "user", "content": [{"type": "input_text", "text": "How warm is it in Paris?"}]},
    {"type": "function_call", "call_id": "c1", "name": "get_weather", "arguments": '{"city": "Paris"}'},
    {"type": "function_call_output", "call_id": "c1", "output": "18 °C"},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "18 °C."}]},
]
ANTHROPIC = [
    {"role": "user", "content": "How warm is it in Paris?"},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "c1", "name": "get_weather", "input": {"city": "Paris"}}],
    },
    {
        "role": "tool",
        "content": [{"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "18 °C"}]}],
    },
    {"role": "assistant", "content": [{"type": "text", "text": "18 °C."}]},
]
BEDROCK = [
    {"role": "user", "content": [{"text": "How warm is it in Paris?"}]},
    {
        "role": "assistant",
        "content": [{"toolUse": {"toolUseId": "c1", "name": "get_weather", "input": {"city": "Paris"}}}],
    },
    {"role": "tool", "content": [{"toolResult": {"toolUseId": "c1", "content": [{"text": "18 °C"}]}}]},
    {"role": "assistant", "content": [{"text": "18 °C."}]},
]
GEMINI = [
    {"role": "user", "parts": [{"text": "How warm is it in Paris?"}]},
    {"role": "model", "parts": [{"function_call": {"id": "c1", "name": "get_weather", "args": {"city": "Paris"}}}]},
    {"role": "tool", "parts": [{"function_response": {"id": "c1", "name": "get_weather", "response": "18 °C"}}]},
    {"role": "model", "parts": [{"text": "18 °C."}]},
]
VERCEL = [
    {"role": "user", "content": [{"type": "text", "text": "How warm is it in Paris?"}]},
    {
        "role": "assistant",
        "content": [{"type": "tool-call", "toolCallId": "c1", "toolName": "get_weather", "input": {"city": "Paris"}}],
    },
    {
        "role": "tool",
        "content": [
            {
                "type": "tool-result",
                "toolCallId": "c1",
                "toolName": "get_weather",
                "output": {"type": "text", "value": "18 °C"},
            }
        ],
    },
    {"role": "assistant", "content": "18 °C."},
]
CALL = [{"name": "get_weather", "args": {"city": "Paris"}, "id": "c1", "type": "tool_call"}]
LANGCHAIN = [
    {"type": "human", "data": {"content": "How warm is it in Paris?", "type": "human"}},
    {"type": "ai", "data": {"content": "", "tool_calls": CALL}},
    {"type": "tool", "data": {"content": "18 °C", "tool_call_id": "c1"}},
    {"type": "ai", "content": "18 °C."},
]
LANGCHAIN_CONSTRUCTED = [
    {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", name], "kwargs": fields}
    for name, fields in (
        ("HumanMessage", {"content": "How warm is it in Paris?"}),
        ("AIMessage", {"content": "", "tool_calls": CALL}),
        ("ToolMessage", {"content": "18 °C", "tool_call_id": "c1"}),
        ("AIMessageChunk", {"content": "18 °C."}),
    )
]


@pytest.mark.parametrize(
    "sent",
    [
        *(CONVERSATION, OPENAI, RESPONSES, ANTHROPIC, BEDROCK, GEMINI, VERCEL, LANGCHAIN, LANGCHAIN_CONSTRUCTED),
        {"messages": OPENAI, "tools": []},
        {"messages": [LANGCHAIN_CONSTRUCTED]},
        {"inputs": {"messages": LANGCHAIN}},
    ],
)
def test_a_conversation_in_any_words_is_the_same(sent: Any) -> None:
    assert _shaped(chat.input_messages, ("", sent)) == CONVERSATION


@pytest.mark.parametrize(
    ("sent", "messages"),
    [
        ("How warm is it in Paris?", [ASKED]),
        ('"How warm is it in Paris?"', [ASKED]),
        ({"task": "How warm is it in Paris?", "stream": False}, [ASKED]),
        (["How warm is it in Paris?"], [ASKED]),
        ([["human", "How warm is it in Paris?"]], [ASKED]),
        ({}, []),
        ([], []),
        ("  ", []),
        ({"state": 1}, None),
        ([1, 2], None),
        ({"messages": ["ChatMessage(role='user', content='…')"]}, None),
    ],
)
def test_what_else_an_input_may_be(sent: Any, messages: Any) -> None:
    assert _shaped(chat.input_messages, ("", sent)) == messages


def test_an_output_is_what_came_after_the_last_words_of_the_user() -> None:
    assert _shaped(chat.output_messages, ("", {"messages": LANGCHAIN})) == CONVERSATION[1:]
    generations = {"generations": [[{"text": "18 °C.", "message": LANGCHAIN_CONSTRUCTED[3]}]]}
    assert _shaped(chat.output_messages, ("", generations)) == [SAID]
    assert _shaped(chat.output_messages, ("", "18 °C.")) == [SAID]


def test_an_answer_may_be_any_data() -> None:
    (message,) = _shaped(chat.final_answer, ("", {"celsius": 18}))
    assert message == {"role": "assistant", "parts": [{"type": "text", "content": '{"celsius":18}'}]}


@pytest.mark.parametrize(
    ("part", "canonical"),
    [
        ({"type": "thinking", "thinking": "hm"}, {"type": "reasoning", "content": "hm"}),
        ({"type": "reasoning", "summary": [{"text": "hm"}]}, {"type": "reasoning", "content": "hm"}),
        ({"reasoningContent": {"reasoningText": {"text": "hm"}}}, {"type": "reasoning", "content": "hm"}),
        (
            {"type": "image_url", "image_url": {"url": "https://a/b.png"}},
            {"type": "uri", "modality": "image", "uri": "https://a/b.png"},
        ),
        (
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
            {"type": "blob", "mime_type": "image/png", "modality": "image", "content": "AAAA"},
        ),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
            {"type": "blob", "mime_type": "image/png", "modality": "image", "content": "AAAA"},
        ),
        (
            {"type": "file", "file": {"file_id": "f1"}},
            {"type": "file", "mime_type": "", "modality": "document", "file_id": "f1"},
        ),
        (
            {"file_data": {"mime_type": "image/png", "file_uri": "gs://a/b"}},
            {"type": "uri", "mime_type": "image/png", "uri": "gs://a/b"},
        ),
        ({"type": "hologram", "light": 3}, {"type": "hologram", "light": 3}),
    ],
)
def test_parts_that_are_no_text(part: Any, canonical: Any) -> None:
    ((message),) = _shaped(chat.input_messages, ("", [{"role": "user", "content": [part]}]))
    assert message["parts"] == [canonical]


@pytest.mark.parametrize(
    "sent",
    [
        "Be brief.",
        ["Be brief."],
        [{"type": "text", "text": "Be brief."}],
        [{"text": "Be brief."}],
        {"role": "system", "content": "Be brief."},
        {"parts": [{"text": "Be brief."}]},
        [{"role": "system", "content": "Be brief."}],
    ],
)
def test_instructions_are_parts(sent: Any) -> None:
    assert _shaped(chat.instructions, ("", sent)) == [{"type": "text", "content": "Be brief."}]


def test_openinference_has_one_attribute_a_field() -> None:
    call = "message.tool_calls.0.tool_call"
    pairs = (
        ("10.message.role", "assistant"),
        ("10.message.contents.0.message_content.type", "text"),
        ("10.message.contents.0.message_content.text", "18 °C."),
        ("1.message.role", "user"),
        ("1.message.content", "How warm is it in Paris?"),
        ("2.message.role", "assistant"),
        (f"2.{call}.id", "c1"),
        (f"2.{call}.function.name", "get_weather"),
        (f"2.{call}.function.arguments", '{"city": "Paris"}'),
        ("3.message.role", "tool"),
        ("3.message.content", "18 °C"),
        ("3.message.tool_call_id", "c1"),
    )
    assert _shaped(indexed.openinference_input, *pairs) == CONVERSATION


def test_openinference_images_and_prompts() -> None:
    pairs = (
        ("0.message.role", "user"),
        ("0.message.contents.0.message_content.type", "image"),
        ("0.message.contents.0.message_content.image.image.url", "https://a/b.png"),
    )
    (message,) = _shaped(indexed.openinference_input, *pairs)
    assert message["parts"][0] == {"type": "uri", "modality": "image", "uri": "https://a/b.png"}
    assert _shaped(indexed.openinference_prompts, ("0.prompt.text", "How warm is it in Paris?")) == [ASKED]
    assert _shaped(indexed.openinference_choices, ("0.completion.text", "18 °C.")) == [SAID]
    assert _shaped(indexed.openinference_tools, ("0.tool.json_schema", {"name": "t"})) == [{"name": "t"}]


def test_traceloops_older_names() -> None:
    pairs = (
        ("0.role", "user"),
        ("0.content", "How warm is it in Paris?"),
        ("1.role", "assistant"),
        ("1.tool_calls.0.id", "c1"),
        ("1.tool_calls.0.name", "get_weather"),
        ("1.tool_calls.0.arguments", '{"city": "Paris"}'),
        ("2.role", "tool"),
        ("2.content", "18 °C"),
        ("2.tool_call_id", "c1"),
    )
    assert _shaped(indexed.traceloop_input, *pairs) == CONVERSATION[:3]
    said = (("0.role", "assistant"), ("0.content", [{"type": "text", "text": "18 °C."}]), ("0.finish_reason", "stop"))
    assert _shaped(indexed.traceloop_output, *said) == [SAID]
    tool = (("0.name", "t"), ("0.description", "d"), ("0.parameters", {"type": "object"}))
    assert _shaped(indexed.traceloop_tools, *tool) == [
        {"type": "function", "name": "t", "description": "d", "parameters": {"type": "object"}}
    ]


def test_strands_has_an_event_for_each_message() -> None:
    pairs = tuple(
        (name, {"content": json.dumps(message["content"])})
        for name, message in zip((events.USER, events.ASSISTANT, events.TOOL, events.ASSISTANT), BEDROCK, strict=True)
    )
    assert _shaped(events.input_messages, *pairs) == CONVERSATION
    choice = {"message": json.dumps(BEDROCK[1]["content"]), "tool.result": json.dumps(BEDROCK[2]["content"])}
    assert _shaped(events.output_messages, (events.CHOICE, choice)) == [CALLED, ANSWERED]
    assert _shaped(events.output_messages, (events.CHOICE, {"message": "18 °C."})) == [SAID]
    system = (events.SYSTEM, {"content": '[{"text": "Be brief."}]'})
    assert _shaped(events.instructions, system) == [{"type": "text", "content": "Be brief."}]


def test_the_event_with_the_details_may_come_in_pieces() -> None:
    pairs = (
        (events.DETAILS, {"gen_ai.input.messages": json.dumps([ASKED])}),
        (events.DETAILS, {"gen_ai.output.messages": [SAID]}),
    )
    assert _shaped(events.input_messages, *pairs) == [ASKED]
    assert _shaped(events.output_messages, *pairs) == [SAID]
    assert _shaped(events.instructions, *pairs) == []


def test_adk_puts_geminis_request_into_one_attribute() -> None:
    request = {
        "contents": GEMINI,
        "config": {"system_instruction": "Be brief.", "tools": [{"function_declarations": [{"name": "t"}]}]},
    }
    assert _shaped(gemini.request_messages, ("", request)) == CONVERSATION
    assert _shaped(gemini.request_instructions, ("", request)) == [{"type": "text", "content": "Be brief."}]
    assert _shaped(gemini.request_definitions, ("", request)) == [{"name": "t"}]
    assert _shaped(gemini.response_messages, ("", {"content": GEMINI[3], "finish_reason": "STOP"})) == [SAID]
    for shape in (gemini.request_messages, gemini.request_definitions, gemini.response_messages):
        assert _shaped(shape, ("", {})) == [], "a span without content"
    assert _shaped(gemini.request_messages, ("", "<not serializable>")) is None


def test_vercels_response_is_several_attributes() -> None:
    called = [{"toolCallId": "c1", "toolName": "get_weather", "input": '{"city": "Paris"}'}]
    assert _shaped(vercel.response_messages, ("id", "r1"), ("toolCalls", called)) == [CALLED]
    assert _shaped(vercel.response_messages, ("text", "18 °C."), ("model", "m")) == [SAID]
    assert _shaped(vercel.response_messages, ("model", "m")) == []
    prompt = {"system": "Be brief.", "messages": VERCEL}
    assert _shaped(vercel.prompt_instructions, ("", prompt)) == [{"type": "text", "content": "Be brief."}]
    assert _shaped(chat.input_messages, ("", prompt)) == CONVERSATION
    assert _shaped(chat.input_messages, ("", {"prompt": "How warm is it in Paris?"})) == [ASKED]
    assert _shaped(vercel.tool_definitions, ("", ['{"name": "t"}'])) == [{"name": "t"}]


def test_pydantic_ai_has_all_messages_of_a_run_in_one_list() -> None:
    assert _shaped(pydantic_ai.run_input, ("", CONVERSATION)) == CONVERSATION[:3]
    assert _shaped(pydantic_ai.run_output, ("", CONVERSATION)) == [SAID]


def test_pydantic_ais_first_format_has_events() -> None:
    sent = [
        {"event.name": "gen_ai.system.message", "role": "system", "content": "Be brief."},
        {"event.name": "gen_ai.user.message", "role": "user", "content": "How warm is it in Paris?"},
        {"event.name": "gen_ai.assistant.message", **OPENAI[1]},
        {"event.name": "gen_ai.tool.message", "role": "tool", "id": "c1", "content": "18 °C"},
        {"event.name": "gen_ai.choice", "index": 0, "message": {"role": "assistant", "content": "18 °C."}},
    ]
    assert _shaped(pydantic_ai.run_input, ("", sent))[1:] == CONVERSATION[:3]
    assert _shaped(pydantic_ai.run_output, ("", sent)) == [SAID]
    assert _shaped(pydantic_ai.run_instructions, ("", sent)) == [{"type": "text", "content": "Be brief."}]


@pytest.mark.parametrize(
    ("shape", "sent", "made"),
    [
        (calls.arguments, '{"args": [], "kwargs": {"city": "Paris"}}', '{"city":"Paris"}'),
        (calls.arguments, '{"kwargs": {"city": "Paris"}}', '{"city":"Paris"}'),
        (calls.arguments, '{"args": ["Paris"], "kwargs": {}}', '{"args": ["Paris"], "kwargs": {}}'),
        (calls.arguments, '{"inputs": {"city": "Paris"}, "tags": []}', '{"city":"Paris"}'),
        (calls.arguments, "Paris", "Paris"),
        (calls.result, '"18 \\u00b0C"', "18 °C"),
        (calls.result, "18", "18"),
        (calls.result, '{"celsius": 18}', '{"celsius": 18}'),
        (calls.result, '{"type": "tool", "data": {"content": "18 °C", "tool_call_id": "c1"}}', "18 °C"),
        (calls.call_id, '{"type": "tool", "data": {"content": "18 °C", "tool_call_id": "c1"}}', "c1"),
        (calls.result, '[{"text": "18 °C"}]', "18 °C"),
        (calls.call_id, "18 °C", ""),
        (chat.finish_reason, '[{"role":"assistant","parts":[],"finish_reason":"stop"}]', "stop"),
        (chat.finish_reason, OUTPUT_TEXT, ""),
        (langchain.agent_name, '{"lc_agent_name": "desk"}', "desk"),
        (langchain.agent_name, "{}", ""),
        (langfuse.usage("input", "prompt_tokens"), '{"prompt_tokens": 12}', "12"),
        (langfuse.usage("details.cached"), '{"details": {"cached": 3}}', "3"),
        (langfuse.usage("input"), '{"input": true}', ""),
        (claude_code.prompt, "<REDACTED>", "[]"),
    ],
)
def test_arguments_results_and_names(shape: Shape, sent: str, made: str) -> None:
    assert shape([("", sent)]) == made


def test_what_an_agent_was_asked_is_the_only_text_among_its_arguments() -> None:
    assert _shaped(calls.asked, ("", {"args": ["How warm is it in Paris?"], "kwargs": {"n": 3}})) == [ASKED]
    assert _shaped(calls.asked, ("", {"args": [], "kwargs": {"history": OPENAI}})) == CONVERSATION
    assert _shaped(calls.asked, ("", {"args": ["one text", "and another"], "kwargs": {}})) == []


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("role", "content", "parts", "type", "text", "messages", "tool_calls", "function", "arguments"),
                    *("id", "name", "args", "kwargs", "data", "contents", "config", "input", "output", "message"),
                    *("toolResult", "function_call", "image_url", "source", "tool_call_id", "generations", "summary"),
                ]
            ),
            children | st.sampled_from(["user", "ai", "tool", "text", "constructor", "tool_use", "image", "reasoning"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)
TEXTS = st.text() | JSON.map(json.dumps) | JSON.map(lambda found: json.dumps(found, ensure_ascii=False))
KEYS = st.lists(
    st.sampled_from(
        ["0", "1", "07", "x", "", "message", "role", "content", "tool_calls", "tool_call", "id", "contents"]
    ),
    max_size=7,
).map(".".join)
SHAPES = sorted({source.shape for source in TABLE if source.shape}, key=repr)


@given(shape=st.sampled_from(SHAPES), pairs=st.lists(st.tuples(KEYS, TEXTS), min_size=1, max_size=6))
def test_any_text_gives_json_or_nothing(shape: Shape, pairs: list[tuple[str, str]]) -> None:
    made = shape(pairs)
    made.encode()  # no halves of characters
    if shape in LISTS and made:
        assert isinstance(json.loads(made, parse_constant=pytest.fail), list)
    if shape in MESSAGES and made:
        for message in json.loads(made):
            assert list(message) == ["role", "parts"]
            assert all(isinstance(part["type"], str) for part in message["parts"])


MESSAGES = {source.shape for source in TABLE if source.shape and source.column in ("InputMessages", "OutputMessages")}
LISTS = MESSAGES | {
    source.shape for source in TABLE if source.shape and source.column in ("SystemInstructions", "ToolDefinitions")
}


@given(JSON.map(json.dumps))
def test_what_is_canonical_once_stays_as_it_is(text: str) -> None:
    for shape in (chat.input_messages, chat.output_messages):
        made = shape([("", text)])
        if made:
            assert is_canonical("InputMessages", made)
            assert shape([("", made)]) in (made, "[]") or '"parts":[]' in made


HOSTILE: Mapping[str, Callable[[], str]] = {
    "nested lists": lambda: "[" * 100_000,
    "nested lists, closed": lambda: "[" * 100_000 + "]" * 100_000,
    "nested messages": lambda: '{"messages":' * 50_000 + "[]" + "}" * 50_000,
    "nested arguments": lambda: (
        '[{"role":"user","parts":[{"type":"tool_call","arguments":' + "[" * 900 + "]" * 900 + "}]}]"
    ),
    "a number of many digits": lambda: '[{"role":"user","content":' + "9" * 10_000 + "}]",
    "numbers beyond any double": lambda: '[{"role":"user","content":[1e999, NaN, -Infinity]}]',
    "half a character": lambda: '[{"role":"user","content":"\\ud800"}]',
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("shape", SHAPES)
def test_hostile_texts_do_no_harm(shape: Shape, text: str) -> None:
    made = shape([("0.message.content", HOSTILE[text]())])
    made.encode()
    if shape in LISTS and made:
        json.loads(made, parse_constant=pytest.fail)


def test_an_index_may_be_any_number() -> None:
    pairs = [(f"{'9' * digits}.message.content", "x") for digits in (1, 5, 9, 10, 5_000)]
    assert len(_shaped(indexed.openinference_input, *pairs)) == 3


@pytest.mark.parametrize(
    ("column", "text", "canonical"),
    [
        ("InputMessages", '[{"role":"user","parts":[]}]', True),
        ("InputMessages", f'{JSON_SPACE}[{{"parts":[]}}]', True),
        ("OutputMessages", "[]", True),
        ("InputMessages", " [] ", True),
        ("InputMessages", "[ ]", False),
        ("InputMessages", '[{"role":"user","content":"hi"}]', False),
        ("InputMessages", '{"role":"user","parts":[]}', False),
        ("SystemInstructions", '[{"type":"text","content":"hi"}]', True),
        ("SystemInstructions", '[{"parts":[]}]', False),
        ("InputMessages", "", False),
    ],
)
def test_canonical_is_told_at_a_glance(column: str, text: str, canonical: bool) -> None:
    assert is_canonical(column, text) is canonical
