"""Arguments and results of functions that a decorator recorded, and of LangChain's tools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spanwise.collector.otlp.messages import chat
from spanwise.collector.otlp.messages.canonical import Pairs, as_text, plain, shape, value
from spanwise.collector.unicode import sound


def arguments(pairs: Pairs) -> str:
    """The named arguments, where a decorator wrapped them: `{"args": [], "kwargs": {"city": "Paris"}}`."""
    (_, text), *_ = pairs
    return _unpacked(text, _named)


def _named(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    if isinstance(raw.get("kwargs"), dict) and not raw.get("args"):
        return raw["kwargs"]
    if isinstance(raw.get("inputs"), dict) and "tags" in raw:  # LangChain, as Traceloop writes it
        return raw["inputs"]
    return raw


def result(pairs: Pairs) -> str:
    """The result itself: without the quotes of a JSON string, and without a message or blocks of text around it."""
    (_, text), *_ = pairs
    return _unpacked(text, _unwrapped)


def _unpacked(text: str, take_out: Callable[[Any], Any]) -> str:
    """What is taken out of the JSON in `text`; `text` as it came where there is nothing to take out."""
    raw = value(text)
    try:
        found = take_out(raw)
        return text if found is raw and not isinstance(raw, str) else sound(as_text(found))
    except RecursionError:
        return text


def _unwrapped(raw: Any) -> Any:
    if isinstance(raw, dict) and "output" in raw and set(raw) <= {"output", "kwargs"}:
        raw = raw["output"]
    found = _tool_message(raw)
    return plain(raw) if found is None else found["response"]


def call_id(pairs: Pairs) -> str:
    """The id of the call that a LangChain tool's message answers, or nothing."""
    raw = value(pairs[0][1])
    found = _tool_message(raw["output"] if isinstance(raw, dict) and isinstance(raw.get("output"), dict) else raw)
    return "" if found is None else sound(as_text(found["id"]))


def _tool_message(raw: Any) -> dict[str, Any] | None:
    """The response in a message of a tool's, if `raw` is one."""
    if not isinstance(raw, dict) or raw.get("type") not in ("tool", "constructor", "ToolMessage"):
        return None
    found = chat.find(raw, "tool") or []
    responses = [part for one in found for part in one["parts"] if part.get("type") == "tool_call_response"]
    return responses[0] if len(responses) == 1 else None


def _asked(raw: Any) -> list[Any] | None:
    """What an agent that is a function was asked: messages, or the only text among its arguments."""
    if not (isinstance(raw, dict) and isinstance(raw.get("args"), list) and isinstance(raw.get("kwargs"), dict)):
        return chat.read_input(raw)
    given = [*raw["args"], *raw["kwargs"].values()]
    for one in given:
        if isinstance(one, (list, dict)) and (found := chat.find(one, "user")):
            return found
    texts = [one for one in given if isinstance(one, str)]
    return chat.find(texts[0], "user") if len(texts) == 1 else []


asked = shape(_asked)
