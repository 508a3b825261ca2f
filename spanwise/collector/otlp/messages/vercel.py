"""What the Vercel AI SDK says of its calls: `ai.prompt`, and `ai.response.*`, one attribute a field."""

from __future__ import annotations

from typing import Any

from spanwise.collector.otlp.messages import chat
from spanwise.collector.otlp.messages.canonical import (
    Pairs,
    Part,
    as_text,
    message,
    shape,
    text_part,
    value,
    written,
)
from spanwise.collector.otlp.messages.parts import parts


def _instructions(raw: Any) -> list[Part] | None:
    system = (raw.get("system") or raw.get("instructions")) if isinstance(raw, dict) else None
    return chat.read_instructions(system) if system else []


def response_messages(pairs: Pairs) -> str:
    """One message of the attributes under `ai.response.`."""
    fields = {key: text for key, text in reversed(pairs) if text}
    try:
        found = _response(fields)
        return written([message("assistant", found)] if found else [])
    except RecursionError:
        return ""


def _response(fields: dict[str, str]) -> list[Part]:
    found: list[Part] = []
    if thought := fields.get("reasoning"):
        said = value(thought)
        found += parts(said) if isinstance(said, list) else [{"type": "reasoning", "content": thought}]
    if said := fields.get("text") or fields.get("object"):
        found.append(text_part(said))
    calls = value(fields.get("toolCalls", ""))
    return found + parts([{"type": "tool-call", **call} for call in _objects(calls)])


def _objects(calls: Any) -> list[dict[str, Any]]:
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _definitions(raw: Any) -> list[Any] | None:
    """Each tool is JSON of its own."""
    return [value(as_text(tool)) for tool in raw] if isinstance(raw, list) else None


prompt_instructions = shape(_instructions)
tool_definitions = shape(_definitions)
