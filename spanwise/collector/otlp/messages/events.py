"""Messages in span events, as Strands and older instrumentations of the GenAI conventions send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from spanwise.collector.otlp.messages import chat
from spanwise.collector.otlp.messages.canonical import Pairs, Reader, Shape, value, written

USER = "gen_ai.user.message"
ASSISTANT = "gen_ai.assistant.message"
TOOL = "gen_ai.tool.message"
SYSTEM = "gen_ai.system.message"
CHOICE = "gen_ai.choice"
DETAILS = "gen_ai.client.inference.operation.details"
"""Has the attributes that a span would have. Strands sends one event for the input and one for the output."""

ROLES: Mapping[str, str] = {USER: "user", ASSISTANT: "assistant", TOOL: "tool", SYSTEM: "system"}

Fields = Mapping[str, Any]


def _events(read: Callable[[str, Fields], list[Any] | None]) -> Shape:
    """The shape of a span's events: what `read` finds in each, one after the other."""

    def shaped(pairs: Pairs) -> str:
        try:
            found = [read(name, fields) for name, text in pairs if isinstance(fields := value(text), dict)]
            read_ones = [one for one in found if one is not None]
            return written([item for one in read_ones for item in one] if read_ones or not found else None)
        except RecursionError:
            return ""

    return shaped


def _loaded(field: Any) -> Any:
    return value(field) if isinstance(field, str) else field


def _details(fields: Fields, key: str, read: Reader) -> list[Any] | None:
    return read(_loaded(fields[key])) if fields.get(key) else []


def _input(name: str, fields: Fields) -> list[Any] | None:
    if name == DETAILS:
        return _details(fields, "gen_ai.input.messages", chat.read_input)
    return _message(fields, _loaded(fields.get("content")), ROLES.get(name, "user"))


def _output(name: str, fields: Fields) -> list[Any] | None:
    if name == DETAILS:
        return _details(fields, "gen_ai.output.messages", chat.read_output)
    said = _message(fields, _loaded(fields.get("message", fields.get("content"))), "assistant")
    # Strands' event loop puts what the tools answered into the same event.
    answers = chat.find(_loaded(fields["tool.result"]), "tool") if fields.get("tool.result") else []
    return said if said is None or answers is None else said + answers


def _instructions(name: str, fields: Fields) -> list[Any] | None:
    if name == DETAILS:
        return _details(fields, "gen_ai.system_instructions", chat.read_instructions)
    return chat.read_instructions(_loaded(fields.get("content")))


def _message(fields: Fields, content: Any, role: str) -> list[Any] | None:
    """Bedrock's blocks, a whole message, or OpenAI's fields beside the content."""
    calls = _loaded(fields.get("tool_calls"))
    if isinstance(content, dict) and isinstance(content.get("role"), str):
        return chat.find(content, role)
    raw = {"role": role, "content": content, "tool_calls": calls, "tool_call_id": fields.get("id")}
    if _holds_answers(content):
        del raw["tool_call_id"]
    return chat.find([raw], role)


def _holds_answers(content: Any) -> bool:
    return isinstance(content, list) and any(isinstance(one, dict) and "toolResult" in one for one in content)


input_messages = _events(_input)
output_messages = _events(_output)
instructions = _events(_instructions)
