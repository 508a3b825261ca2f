"""What real clients exported, sent to a real collector, is found in the columns that analysts ask for."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.collector.otlp.conventions import DIALECTS
from tests.exporting import export
from tests.golden import RECORDINGS, recorded
from tests.golden.environments import known_clients
from tests.golden.record import check
from tests.golden.stories import ASK, REMEMBER, STORIES, ModelCall, Story, ToolCall
from tests.processes import CollectorProcess, collector_process
from tests.waiting import wait_until

MODEL_CALLS = """
    SELECT Operation, AgentName, Provider, RequestModel, ResponseModel,
           (InputTokens, OutputTokens, CacheReadTokens, ReasoningTokens), ConversationId, UserId, FinishReason
    FROM otel_traces
    WHERE ServiceName = {client:String} AND Operation IN ('chat', 'generate_content')
      AND InputTokens > 0 -- LlamaIndex also has spans for what it does before a call
    ORDER BY Timestamp
"""
TOOL_CALLS = """
    SELECT ToolName, ToolCallId, ToolArguments, ToolResult, ErrorType, StatusCode = 'Error'
    FROM otel_traces
    WHERE ServiceName = {client:String} AND Operation = 'execute_tool'
      AND ToolName != 'final_answer' -- by which the model answers in smolagents
    ORDER BY Timestamp
"""
MESSAGES = """
    SELECT InputMessages, OutputMessages
    FROM otel_traces
    WHERE ServiceName = {client:String} AND (InputMessages != '' OR OutputMessages != '')
      AND Operation IN ('chat', 'generate_content', '') -- ADK 1.x names none on the span that has the messages
    ORDER BY Timestamp
"""
SIGNALS = """
    SELECT Quote, AgentName, UserId, ConversationId, SaidBy
    FROM signals FINAL
    WHERE Kind = {kind:String}
      AND TraceId IN (SELECT TraceId FROM otel_traces WHERE ServiceName = {client:String})
"""

stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.client)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A collector that was sent every recording, and has read all of it."""
    with collector_process(tmp_path_factory.mktemp("golden")) as collector:
        with collector.channel() as channel:
            for story in STORIES:
                assert not export(channel, recorded(story.client)).HasField("partial_success")
        wait_until(lambda: processed(collector))
        yield collector


def parsed(client: str) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest.FromString(recorded(client))


def processed(collector: CollectorProcess) -> bool:
    ((stored,),) = collector.rows("SELECT count() FROM otel_traces")
    ((read,),) = collector.rows("SELECT sum(Spans) FROM processed FINAL")
    return bool(stored == read > 0)


@stories
def test_a_models_span_says_what_an_analyst_asks(analysed: CollectorProcess, story: Story) -> None:
    rows = analysed.rows(MODEL_CALLS, {"client": story.client})
    assert [ModelCall(*row) for row in rows] == story.model_calls


@stories
def test_a_tools_span_says_what_was_called_and_what_came_of_it(analysed: CollectorProcess, story: Story) -> None:
    rows = [ToolCall(*row) for row in analysed.rows(TOOL_CALLS, {"client": story.client})]
    assert [comparable(call) for call in rows] == [comparable(call) for call in story.tool_calls]


def comparable(call: ToolCall) -> Sequence[Any]:
    return (call.name, call.call_id, as_json(call.arguments), as_json(call.result), call.error_type, call.failed)


def as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@stories
def test_the_whole_conversation_reads_the_same_from_every_client(analysed: CollectorProcess, story: Story) -> None:
    rows = analysed.rows(MESSAGES, {"client": story.client})
    heard, said = zip(*rows, strict=True) if rows else ((), ())
    lines = transcript(heard[-1] if heard else "[]")
    assert [shortened(*pair) for pair in zip_longest(lines, story.last_heard, fillvalue="")] == list(story.last_heard)
    assert [line for messages in said for line in transcript(messages)] == list(story.all_said)


def shortened(line: str, expected: str) -> str:
    """The line without what the story does not tell."""
    told, ellipsis, _ = expected.partition("…")
    return expected if ellipsis and line.startswith(told) else line


def transcript(messages: str) -> list[str]:
    """Canonical messages, a line for each part."""
    return [line(message["role"], part) for message in json.loads(messages) for part in message["parts"]]


def line(role: str, part: Mapping[str, Any]) -> str:
    match part["type"]:
        case "text":
            return f"{role}: {part['content']}"
        case "tool_call":
            arguments = part["arguments"]
            written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
            return f"{part['id']}: {part['name']}({written})"
        case "tool_call_response":
            return f"{part['id']} gave {answer(part.get('response', part.get('result')))}"
    return f"{role}: {part}"


def answer(response: Any) -> str:
    """Texts as they are; of a list of blocks, their texts."""
    if isinstance(response, list):
        return "\n".join(block["text"] for block in response)
    return response if isinstance(response, str) else json.dumps(response, ensure_ascii=False)


@stories
def test_what_the_user_said_and_what_the_tool_did_is_found(analysed: CollectorProcess, story: Story) -> None:
    about = (*story.learned_of, story.conversation_id)
    assert signals(analysed, "memory.explicit", story) == [(story.quote, *about, "user")]
    assert signals(analysed, "tool.error", story) == [(story.error, *about, "tool")]
    recovered = [(story.error, *about, "tool")] if story.recovered else []
    assert signals(analysed, "tool.recovered", story) == recovered


def signals(collector: CollectorProcess, kind: str, story: Story) -> list[Sequence[Any]]:
    return [tuple(row) for row in collector.rows(SIGNALS, {"kind": kind, "client": story.client})]


@stories
def test_every_attribute_is_given_back_as_it_was_sent(analysed: CollectorProcess, story: Story) -> None:
    sql = "SELECT SpanId, FullSpanAttributes FROM otel_traces WHERE ServiceName = {client:String}"
    given_back = dict(map(tuple, analysed.rows(sql, {"client": story.client})))
    assert given_back == {span.span_id.hex(): texts(span.attributes) for span in spans(parsed(story.client))}


def spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            yield from scope.spans


def texts(attributes: Sequence[KeyValue]) -> Mapping[str, str]:
    return {one.key: text(one.value) for one in reversed(attributes)}  # of a key that was sent twice the first counts


def text(value: AnyValue) -> str:
    plain = content(value)
    if isinstance(plain, str):
        return plain
    return "" if plain is None else json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def content(value: AnyValue) -> Any:
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return [content(item) for item in value.array_value.values]
        case "kvlist_value":
            return {item.key: content(item.value) for item in value.kvlist_value.values}
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case kind:
            return getattr(value, kind)


def test_all_content_can_be_mapped_but_what_is_pythons_for_objects(analysed: CollectorProcess) -> None:
    """In OpenInference LlamaIndex's preparations of four model calls, and the inputs of CrewAI's two agent runs."""
    unmapped = {
        dialect.DIALECT: analysed.metric("spanwise_unmapped_spans_total", dialect=dialect.DIALECT)
        for dialect in DIALECTS
    }
    assert {dialect: spans for dialect, spans in unmapped.items() if spans} == {"openinference": 6}


def test_every_client_is_recorded_and_has_its_expectations() -> None:
    files = sorted(recording.stem for recording in RECORDINGS.glob("*.otlp"))
    assert files == known_clients() == sorted(story.client for story in STORIES)


@stories
def test_a_recording_tells_nothing_of_the_machine_that_made_it(story: Story) -> None:
    check(story.client, recorded(story.client))


@stories
def test_a_recording_tells_the_story(story: Story) -> None:
    recording = recorded(story.client)
    assert REMEMBER.encode() in recording
    assert ASK.encode() in recording
