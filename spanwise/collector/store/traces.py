"""Reading traces back: the rows as bytes, and bytes as spans, so that the two can happen in different processes."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

from spanwise.collector.model import Message, Part, Span, SpanEvent, ToolDefinition
from spanwise.collector.store import Store
from spanwise.collector.unicode import sound

COLUMNS = """
    TraceId, SpanId, ParentSpanId, SpanName, toUnixTimestamp64Nano(Timestamp), Duration, StatusCode, StatusMessage,
    ServiceName, Operation, AgentName, ConversationId, UserId, ToolName, ToolCallId, ToolArguments, ToolResult,
    ErrorType, RequestModel, ResponseModel, FinishReason, InputTokens, OutputTokens, EvaluationName, EvaluationScore,
    EvaluationLabel, SpanAttributes, SystemInstructions, ToolDefinitions, InputMessages, OutputMessages, Events.Name,
    arrayMap(t -> toUnixTimestamp64Nano(t), Events.Timestamp), Events.Attributes
"""

# The engine's default is to ask the indices while it reads, which for few rows costs twice as much.
INDICES_FIRST = "SETTINGS use_skip_indexes_on_data_read = 0"

SPANS = f"""
SELECT {COLUMNS} FROM otel_traces
WHERE Org = {{org:String}} AND TraceId IN {{trace_ids:Array(String)}}
{INDICES_FIRST}
FORMAT JSONCompactEachRow
"""

EARLIER = f"""
SELECT {COLUMNS} FROM otel_traces
WHERE Org = {{org:String}} AND ConversationId IN {{conversations:Array(String)}}
  AND TraceId NOT IN {{trace_ids:Array(String)}} AND (InputMessages != '' OR OutputMessages != '')
ORDER BY Timestamp DESC
LIMIT {{calls:UInt32}} BY ConversationId
{INDICES_FIRST}
FORMAT JSONCompactEachRow
"""

CONVERSATIONS = f"""
SELECT DISTINCT ConversationId FROM otel_traces
WHERE Org = {{org:String}} AND TraceId IN {{trace_ids:Array(String)}} AND ConversationId != ''
{INDICES_FIRST}
"""


async def read_spans(store: Store, org: str, trace_ids: Sequence[str]) -> bytes:
    """All stored spans of the traces, for `parse_spans`."""
    return await store.read(SPANS, {"org": org, "trace_ids": list(trace_ids)})


async def read_earlier(store: Store, org: str, trace_ids: Sequence[str], calls: int) -> bytes:
    """The newest `calls` model calls of each conversation that the traces belong to, other traces only."""
    parameters = {"org": org, "trace_ids": list(trace_ids)}
    conversations = [conversation for (conversation,) in await store.query(CONVERSATIONS, parameters)]
    if not conversations:
        return b""
    return await store.read(EARLIER, {**parameters, "conversations": conversations, "calls": calls})


def parse_spans(rows: bytes) -> Sequence[Span]:
    return [_span(json.loads(line)) for line in rows.split(b"\n") if line]


def _span(row: Sequence[Any]) -> Span:
    # The order of COLUMNS is that of Span's fields.
    instructions, definitions, inputs, outputs, *events = row[-7:]
    contents: Sequence[Any] = (
        parse_instructions(instructions) if instructions else "",
        parse_tool_definitions(definitions) if definitions else (),
        tuple(parse_messages(inputs)),
        tuple(parse_messages(outputs)),
        tuple(itertools.starmap(SpanEvent, zip(*events, strict=True))),
    )
    return Span(*row[:-7], *contents)


_SCHEMAS = ("parameters", "input_schema", "inputSchema", "parameters_json_schema")
"""What OpenAI and the conventions, Anthropic, the Model Context Protocol and Google call a tool's schema."""


# An agent offers the same tools with every call.
@functools.lru_cache(maxsize=256)
def parse_tool_definitions(text: str) -> tuple[ToolDefinition, ...]:
    """Tools in the words of the GenAI conventions or of the providers' interfaces. What is no such JSON is no tool."""
    try:
        definitions = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    found = definitions if isinstance(definitions, list) else [definitions]
    return tuple(_definition(one) for one in found if isinstance(one, dict))


def _definition(one: dict[str, Any]) -> ToolDefinition:
    """OpenAI nests name and schema under `function`."""
    function = one["function"] if isinstance(one.get("function"), dict) else one
    schema = next((function[key] for key in _SCHEMAS if function.get(key)), None)
    # A provider's built-in tool, such as a web search, has a type alone.
    return ToolDefinition(_text(function.get("name") or one.get("type")), _text(schema))


# As the tools: an agent tells its model the same with every call.
@functools.lru_cache(maxsize=256)
def parse_instructions(text: str) -> str:
    """The texts of system instructions, a paragraph each."""
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    found = parts if isinstance(parts, list) else [parts]
    return "\n\n".join(_content(part) for part in found if isinstance(part, dict))


def parse_messages(text: str) -> Iterable[Message]:
    """Messages in the words of the GenAI conventions. What is no such JSON is nobody's message."""
    if not text:
        return
    try:
        messages = json.loads(text)
    except (ValueError, RecursionError):
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, dict):
            yield Message(str(message.get("role", "")), tuple(_parts(message)), _text(message.get("finish_reason")))


def _parts(message: dict[str, Any]) -> Iterable[Part]:
    parts = message.get("parts")
    if isinstance(message.get("content"), str):  # the short form that some clients send
        parts = [{"type": "text", "content": message["content"]}]
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict):
            yield Part(str(part.get("type", "")), _content(part), _text(part.get("name")), _text(part.get("id")))


def _content(part: dict[str, Any]) -> str:
    """A tool's answer may be called `response` or `result`; a call's content is its arguments."""
    return next((_text(part[key]) for key in ("content", "arguments", "response", "result") if key in part), "")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return sound(value)
    return "" if value is None else sound(json.dumps(value, ensure_ascii=False, sort_keys=True))
