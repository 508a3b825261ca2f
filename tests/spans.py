"""Short ways to make the spans that processors read."""

from __future__ import annotations

from itertools import count
from typing import Any

from spanwise.collector.model import Message, Part, Span

_NUMBERS = count(1)


def text(role: str, content: str) -> Message:
    return Message(role, (Part("text", content),))


def make_span(operation: str = "chat", **fields: Any) -> Span:
    """A span of trace `t1` that starts after those made before it; any field can be given."""
    number = next(_NUMBERS)
    defaults: dict[str, Any] = {
        "trace_id": "t1",
        "span_id": f"s{number}",
        "parent_span_id": "",
        "name": operation,
        "start": number,
        "duration": 1,
        "status": "Unset",
        "status_message": "",
        "service": "svc",
        "operation": operation,
        "agent": "",
        "conversation": "",
        "user": "",
        "tool_name": "",
        "tool_call_id": "",
        "tool_arguments": "",
        "tool_result": "",
        "error_type": "",
    }
    return Span(**(defaults | fields))
