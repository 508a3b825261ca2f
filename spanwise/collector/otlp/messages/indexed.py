"""Messages that lie in one attribute a field: `llm.input_messages.0.message.role`, `gen_ai.prompt.0.content`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from spanwise.collector.otlp.messages import chat
from spanwise.collector.otlp.messages.canonical import Message, Pairs, Shape, value, written

Tree = dict[str, Any]
MAX_DIGITS = 9
"""Of an index; what is longer is no index."""


def indexed(read: Callable[[list[Tree]], list[Any] | None]) -> Shape:
    """The shape of attributes with a number in their key: `read` is given the items in order."""

    def shaped(pairs: Pairs) -> str:
        try:
            return written(read(_items(_tree(pairs))))
        except RecursionError:
            return ""

    return shaped


def _tree(pairs: Pairs) -> Tree:
    """The keys taken apart at their dots. What is both a value and the start of others has its value under `""`."""
    tree: Tree = {}
    for key, text in pairs:
        node = tree
        *path, last = key.split(".")
        for name in path:
            child = node.setdefault(name, {})
            if not isinstance(child, dict):
                child = node[name] = {"": child}
            node = child
        if isinstance(node.get(last), dict):
            node[last].setdefault("", text)
        else:
            node.setdefault(last, text)
    return tree


def _items(tree: Any) -> list[Tree]:
    """The children by their numbers, which begin at 0 or at 1 and may leave some out."""
    if not isinstance(tree, dict):
        return []
    numbers = [key for key in tree if key.isascii() and key.isdigit() and len(key) <= MAX_DIGITS]
    return [tree[key] for key in sorted(numbers, key=int) if isinstance(tree[key], dict)]


def _under(items: list[Tree], name: str) -> list[Tree]:
    return [item[name] for item in items if isinstance(item.get(name), dict)]


def _text(tree: Mapping[str, Any], *names: str) -> str:
    """The text at the end of a path, or nothing."""
    found: Any = tree
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _messages(raw: list[Tree], role: str) -> list[Message] | None:
    return chat.find(raw, role)


def _openinference_message(tree: Tree) -> Tree:
    contents = [_openinference_content(one) for one in _under(_items(tree.get("contents")), "message_content")]
    calls = [
        {"id": _text(call, "id"), "function": call.get("function") or {}}
        for call in _under(_items(tree.get("tool_calls")), "tool_call")
    ]
    if name := _text(tree, "function_call_name"):
        calls.append({"function": {"name": name, "arguments": _text(tree, "function_call_arguments_json")}})
    return {
        "role": _text(tree, "role"),
        "content": contents or _text(tree, "content"),
        "tool_calls": calls,
        "tool_call_id": _text(tree, "tool_call_id"),
    }


def _openinference_content(tree: Tree) -> Tree:
    kind = _text(tree, "type") or "text"
    if link := _text(tree, kind, kind, "url"):
        return {"type": kind, "url": link}
    return {"type": kind, "text": _text(tree, "text")}


def _openinference(role: str) -> Callable[[list[Tree]], list[Any] | None]:
    def read(items: list[Tree]) -> list[Message] | None:
        raw = [_openinference_message(one) for one in _under(items, "message")]
        return _messages([{**one, "role": one["role"] or role} for one in raw], role)

    return read


def _texts(name: str, role: str) -> Callable[[list[Tree]], list[Any] | None]:
    """OpenInference's prompts and completions of models that do not chat."""
    return lambda items: _messages([{"role": role, "content": _text(one, name, "text")} for one in items], role)


def _traceloop(role: str) -> Callable[[list[Tree]], list[Any] | None]:
    def read(items: list[Tree]) -> list[Message] | None:
        return _messages([_traceloop_message(one, role) for one in items], role)

    return read


def _traceloop_message(tree: Tree, role: str) -> Tree:
    """Content of several parts is JSON in the text."""
    content = _text(tree, "content")
    parts = value(content)
    return {
        "role": _text(tree, "role") or role,
        "content": parts if isinstance(parts, list) and parts else content,
        "tool_calls": [
            {"id": _text(call, "id"), "function": {"name": _text(call, "name"), "arguments": _text(call, "arguments")}}
            for call in _items(tree.get("tool_calls"))
        ],
        "tool_call_id": _text(tree, "tool_call_id"),
    }


def _schemas(items: list[Tree]) -> list[Any]:
    return [value(_text(one, "tool", "json_schema")) for one in items if _text(one, "tool", "json_schema")]


def _functions(items: list[Tree]) -> list[Any]:
    return [
        {
            "type": "function",
            "name": _text(one, "name"),
            "description": _text(one, "description"),
            "parameters": value(_text(one, "parameters")),
        }
        for one in items
    ]


openinference_input = indexed(_openinference("user"))
openinference_output = indexed(_openinference("assistant"))
openinference_prompts = indexed(_texts("prompt", "user"))
openinference_choices = indexed(_texts("completion", "assistant"))
openinference_tools = indexed(_schemas)
traceloop_input = indexed(_traceloop("user"))
traceloop_output = indexed(_traceloop("assistant"))
traceloop_tools = indexed(_functions)
