"""Claude Code's prompt, which is replaced by a placeholder unless `OTEL_LOG_USER_PROMPTS` is set."""

from __future__ import annotations

from typing import Any

from spanwise.collector.otlp.messages import chat
from spanwise.collector.otlp.messages.canonical import shape

REDACTED = "<REDACTED>"


def _prompt(raw: Any) -> list[Any] | None:
    return [] if raw == REDACTED else chat.read_input(raw)


prompt = shape(_prompt)
