"""Langfuse's usage: JSON, in its own names or in those of the provider."""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.otlp.messages.canonical import Pairs, Shape, value

USAGE_NAMES: Mapping[str, tuple[str, ...]] = {
    "InputTokens": ("input", "prompt_tokens", "input_tokens"),
    "OutputTokens": ("output", "completion_tokens", "output_tokens"),
    "CacheReadTokens": (
        "input_cached_tokens",
        "input_cache_read",
        "cache_read_input_tokens",
        "prompt_tokens_details.cached_tokens",
        "input_tokens_details.cached_tokens",
    ),
    "CacheCreationTokens": ("input_cache_creation", "cache_creation_input_tokens"),
    "ReasoningTokens": (
        "output_reasoning_tokens",
        "output_reasoning",
        "completion_tokens_details.reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
    ),
}
"""By column; a dot leads into an object."""


def usage(*names: str) -> Shape:
    """A shape that gives the first number among `names` as text, or nothing."""

    def shaped(pairs: Pairs) -> str:
        details = value(pairs[0][1])
        return next((number for name in names if (number := _number(details, name))), "")

    return shaped


def _number(details: object, name: str) -> str:
    for key in name.split("."):
        details = details.get(key) if isinstance(details, dict) else None
    return str(details) if isinstance(details, int) and not isinstance(details, bool) and 0 <= details < 2**64 else ""
