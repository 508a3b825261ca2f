"""Messages of any chat: a list of them, or an object that holds one somewhere, to canonical messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spanwise.collector.otlp.messages.canonical import (
    Message,
    Pairs,
    Part,
    as_text,
    message,
    shape,
    text_part,
    tool_call_response,
    value,
)
from spanwise.collector.otlp.messages.parts import BY_TYPE, is_part, part, parts
from spanwise.collector.unicode import sound

ROLES: Mapping[str, str] = {
    "human": "user",
    "ai": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "function": "tool",
    "tool-call": "assistant",
    "tool-response": "tool",
}
"""What some call their roles. Others stay as they came."""

LANGCHAIN: Mapping[str, str] = {
    "human": "user",
    "ai": "assistant",
    "system": "system",
    "tool": "tool",
    "function": "tool",
    "HumanMessage": "user",
    "HumanMessageChunk": "user",
    "AIMessage": "assistant",
    "AIMessageChunk": "assistant",
    "SystemMessage": "system",
    "SystemMessageChunk": "system",
    "ToolMessage": "tool",
    "ToolMessageChunk": "tool",
    "FunctionMessage": "tool",
}
"""LangChain's types and classes of messages, which are their roles."""

ITEMS: Mapping[str, str] = {
    "function_call": "assistant",
    "custom_tool_call": "assistant",
    "reasoning": "assistant",
    "function_call_output": "tool",
    "custom_tool_call_output": "tool",
}
"""What stands among the messages of OpenAI's Responses without a role."""

WRAPPERS = (
    *("messages", "message", "contents", "generations", "choices", "update"),
    *("input", "inputs", "output", "outputs"),
)
"""Where messages lie in what a framework calls its input or output."""

QUESTIONS = ("task", "prompt", "question", "query", "input", "output", "answer", "response", "text")
"""Where a plain text is what was said."""

CONTENTS = frozenset({"content", "parts", "tool_calls", "function_call"})
"""What makes an object with a role a message."""

MAX_DEPTH = 8
"""Of wrappers within wrappers."""


def find(raw: Any, role: str, depth: int = 0) -> list[Message] | None:
    """The messages in `raw`, an empty list if it holds none, None if it is nothing that could be read.

    What says no role, such as a plain text, is said by `role`.
    """
    if isinstance(raw, str):
        return [message(role, [text_part(raw)])] if raw.strip() else []
    if depth > MAX_DEPTH:
        return None
    if isinstance(raw, list):
        return _in_list(raw, role, depth)
    return _in_object(raw, role, depth) if isinstance(raw, dict) else None


def _in_list(raw: list[Any], role: str, depth: int) -> list[Message] | None:
    found: list[Message] = []
    for item in raw:
        if (one := _message(item)) is not None:
            found.append(one)
        elif is_part(item) or (isinstance(item, str) and not depth):
            _add_part(found, role, part(item))
        elif isinstance(item, str):
            return None  # LlamaIndex and smolagents write Python's `repr` of their messages
        elif (within := find(_pair(item), role, depth + 1)) is not None:
            found += within
        else:
            return None  # half of a conversation would be a wrong one
    return found


def _add_part(found: list[Message], role: str, one: Part) -> None:
    """Parts that stand alone, one after the other, are one message."""
    if found and found[-1]["role"] == role:
        found[-1]["parts"].append(one)
    else:
        found.append(message(role, [one]))


def _pair(item: Any) -> Any:
    """LangChain's short form: `["human", "What is …?"]`."""
    if (
        isinstance(item, list)
        and len(item) == 2
        and all(isinstance(side, str) for side in item)
        and item[0] in LANGCHAIN
    ):
        return {"role": LANGCHAIN[item[0]], "content": item[1]}
    return item


def _in_object(raw: dict[str, Any], role: str, depth: int) -> list[Message] | None:
    if not raw:
        return []
    if (one := _message(raw)) is not None:
        return [one]
    if is_part(raw):
        return [message(role, [part(raw)])]
    for key in WRAPPERS:
        if isinstance(raw.get(key), (list, dict)) and (found := find(raw[key], role, depth + 1)):
            return found
    return next((find(raw[key], role) for key in QUESTIONS if isinstance(raw.get(key), str) and raw[key].strip()), None)


def _message(raw: Any) -> Message | None:
    """A message in any of the words, or None for what is none."""
    if not isinstance(raw, dict):
        return None
    if isinstance(raw.get("role"), str) and not CONTENTS.isdisjoint(raw):
        return message(_role(raw["role"]), _parts(raw, _role(raw["role"])))
    kind = raw.get("type")
    if isinstance(kind, str) and kind in ITEMS:
        return message(ITEMS[kind], [part(raw)])
    return _langchain(raw)


def _role(role: str) -> str:
    return ROLES.get(role.lower(), role.lower())


def _langchain(raw: dict[str, Any]) -> Message | None:
    """A message of LangChain's, plain, as `{"type", "data"}`, or as a constructor with its arguments."""
    kind: Any = raw.get("type")
    fields: Any = raw
    if kind == "constructor" and isinstance(raw.get("id"), list) and raw["id"]:
        kind = raw["id"][-1]
        fields = raw.get("kwargs")
    elif isinstance(raw.get("data"), dict):
        fields = raw["data"]
    if not isinstance(kind, str) or kind not in LANGCHAIN or not isinstance(fields, dict) or "content" not in fields:
        return None
    return message(LANGCHAIN[kind], _parts(fields, LANGCHAIN[kind]))


def _parts(raw: dict[str, Any], role: str) -> list[Part]:
    if role == "tool" and (call_id := raw.get("tool_call_id", raw.get("toolCallId"))):
        return [tool_call_response(call_id, raw.get("content"))]
    thought = raw.get("reasoning_content")
    found = [{"type": "reasoning", "content": thought}] if thought and isinstance(thought, str) else []
    found += parts(raw["parts"] if isinstance(raw.get("parts"), list) else raw.get("content"))
    known = {one.get("id") for one in found if one.get("type") == "tool_call"}
    return found + [call for call in _calls(raw) if not call["id"] or call["id"] not in known]


def _calls(raw: dict[str, Any]) -> list[Part]:
    """The calls beside the content; Anthropic's messages in LangChain have them in both places."""
    calls = raw.get("tool_calls")
    found = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    if isinstance(raw.get("function_call"), dict):
        found.append(raw["function_call"])
    return [_call(call) for call in found]


def _call(raw: dict[str, Any]) -> Part:
    read = BY_TYPE["function"] if isinstance(raw.get("function"), dict) or "args" not in raw else BY_TYPE["tool_call"]
    return read(raw)


def latest(messages: list[Message]) -> list[Message]:
    """What came after the last words of a user: some frameworks give back all that was ever said as their output."""
    start = 0
    for index, one in enumerate(messages):
        if one["role"] == "user" and any(item.get("type") != "tool_call_response" for item in one["parts"]):
            start = index + 1
    return messages[start:]


def read_input(raw: Any) -> list[Message] | None:
    return find(raw, "user")


def read_output(raw: Any) -> list[Message] | None:
    found = find(raw, "assistant")
    return None if found is None else latest(found)


def read_instructions(raw: Any) -> list[Part] | None:
    """The parts of a system prompt: a text, a list of parts or texts, or messages."""
    if isinstance(raw, dict) and "role" not in raw and isinstance(raw.get("parts"), list):
        raw = raw["parts"]
    found = find(raw, "system")
    return None if found is None else [one for each in found for one in each["parts"]]


def read_definitions(raw: Any) -> list[Any] | None:
    """The tools that a model may call, where they stand beside its messages."""
    tools = raw.get("tools", raw.get("functions")) if isinstance(raw, dict) else None
    return tools if isinstance(tools, list) else []


def read_said(raw: Any) -> list[Message] | None:
    """An output that may be any text or data: what is no message is said by the assistant as it is."""
    found = read_output(raw)
    return [message("assistant", [text_part(as_text(raw))])] if found is None else found


input_messages = shape(read_input)
output_messages = shape(read_output)
instructions = shape(read_instructions)
definitions = shape(read_definitions)
final_answer = shape(read_said)


def finish_reason(pairs: Pairs) -> str:
    """Why the model stopped, where only its last message says so."""
    found = value(pairs[0][1])
    last = found[-1] if isinstance(found, list) and found else None
    reason = last.get("finish_reason") if isinstance(last, dict) else None
    return sound(reason) if isinstance(reason, str) else ""
