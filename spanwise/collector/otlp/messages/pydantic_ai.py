"""pydantic-ai's attributes of a whole run: one list of all messages, which older versions call events."""

from __future__ import annotations

from typing import Any

from spanwise.collector.otlp.messages import chat
from spanwise.collector.otlp.messages.canonical import Message, Part, shape


def _answer(messages: list[Message]) -> int:
    """Where the last words of the assistant begin."""
    start = len(messages)
    while start and messages[start - 1]["role"] == "assistant":
        start -= 1
    return start


def _input(raw: Any) -> list[Message] | None:
    found = _messages(raw)
    return None if found is None else found[: _answer(found)]


def _output(raw: Any) -> list[Message] | None:
    found = _messages(raw)
    return None if found is None else found[_answer(found) :]


def _instructions(raw: Any) -> list[Part] | None:
    found = _messages(raw)
    return None if found is None else [part for one in found if one["role"] == "system" for part in one["parts"]]


def _messages(raw: Any) -> list[Message] | None:
    if not isinstance(raw, list):
        return None
    return chat.find([_unwrapped(one) for one in raw], "user")


def _unwrapped(event: Any) -> Any:
    """Format version 1: `{"event.name": "gen_ai.choice", "message": {"role": …, "content": …}}`."""
    if not isinstance(event, dict) or "event.name" not in event:
        return event
    if isinstance(event.get("message"), dict):
        return event["message"]
    return {**event, "tool_call_id": event.get("id")} if event.get("role") == "tool" else event


def _function_tools(raw: Any) -> list[Any]:
    tools = raw.get("function_tools") if isinstance(raw, dict) else None
    return tools if isinstance(tools, list) else []


run_input = shape(_input)
run_output = shape(_output)
run_instructions = shape(_instructions)
function_tools = shape(_function_tools)
