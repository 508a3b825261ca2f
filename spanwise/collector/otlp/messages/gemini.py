"""Requests to and responses of Gemini, which Google's ADK puts whole into one attribute each."""

from __future__ import annotations

from typing import Any

from spanwise.collector.otlp.messages import chat
from spanwise.collector.otlp.messages.canonical import shape


def _request(raw: Any) -> list[Any] | None:
    """`{}` is what a span without content has there."""
    if not isinstance(raw, dict):
        return None
    return chat.read_input(raw.get("contents") or [])


def _response(raw: Any) -> list[Any] | None:
    if not isinstance(raw, dict):
        return None
    return chat.find(raw.get("content") or [], "assistant")


def _config(raw: Any) -> dict[str, Any]:
    config = raw.get("config") if isinstance(raw, dict) else None
    return config if isinstance(config, dict) else {}


def _instructions(raw: Any) -> list[Any] | None:
    return chat.read_instructions(_config(raw).get("system_instruction") or [])


def _definitions(raw: Any) -> list[Any]:
    tools = _config(raw).get("tools")
    found: list[Any] = []
    for tool in tools if isinstance(tools, list) else []:
        declared = tool.get("function_declarations") if isinstance(tool, dict) else None
        found += declared if isinstance(declared, list) else [tool]
    return found


request_messages = shape(_request)
request_instructions = shape(_instructions)
request_definitions = shape(_definitions)
response_messages = shape(_response)
