"""What a canonical text is, and how one is made: read JSON, map it, write JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from spanwise.collector.unicode import sound

Pairs: TypeAlias = Sequence[tuple[str, str]]
Shape: TypeAlias = Callable[[Pairs], str]
Part: TypeAlias = dict[str, Any]
Message: TypeAlias = dict[str, Any]
Reader: TypeAlias = Callable[[Any], "list[Any] | None"]
"""What a JSON value says: an empty list if nothing, None if it cannot be read."""

JSON_SPACE = " \t\n\r"


def is_canonical(column: str, text: str) -> bool:
    """True if `text` is taken for canonical as it is. Says no more than can be said without reading all of it.

    A JSON array, that is, in which the name stands that every message has (`parts`), or every instruction (`content`).
    """
    start = text.lstrip(JSON_SPACE)
    name = '"content"' if column == "SystemInstructions" else '"parts"'
    return start.startswith("[") and (name in start or start.rstrip(JSON_SPACE) == "[]")


def shape(read: Reader) -> Shape:
    """The shape of a single text: `read` is given the JSON value, or the text itself where it is none."""

    def shaped(pairs: Pairs) -> str:
        try:
            return written(read(value(pairs[0][1])))
        except RecursionError:  # nested deeper than anything that somebody said
            return ""

    return shaped


def value(text: str) -> Any:
    """The list, object or string that `text` is as JSON; otherwise, also for a lone number, `text`."""
    if not text.lstrip(JSON_SPACE).startswith(("[", "{", '"')):
        return text
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, (list, dict, str)) else text


def written(found: list[Any] | None) -> str:
    """Compact JSON in sound Unicode; `""` for None."""
    return "" if found is None else as_json(found)


def as_json(found: Any) -> str:
    return sound(_ENCODER.encode(found))


def as_text(found: Any) -> str:
    """A string as it is, anything else as JSON; `""` for None."""
    if isinstance(found, str):
        return found
    return "" if found is None else as_json(found)


def message(role: str, parts: list[Part]) -> Message:
    return {"role": role, "parts": parts}


def text_part(content: str) -> Part:
    return {"type": "text", "content": content}


def tool_call(call_id: Any, name: Any, arguments: Any) -> Part:
    """Arguments that are JSON in a string, as most providers send them, become the object that they describe."""
    found = value(arguments) if isinstance(arguments, str) else arguments
    return {
        "type": "tool_call",
        "id": as_text(call_id),
        "name": as_text(name),
        "arguments": found if isinstance(found, dict) else arguments,
    }


def tool_call_response(call_id: Any, response: Any) -> Part:
    return {"type": "tool_call_response", "id": as_text(call_id), "response": plain(response)}


def plain(response: Any) -> Any:
    """The text of a list of text blocks, which say no more than it; anything else as it is."""
    if isinstance(response, list) and response and all(_is_text_block(block) for block in response):
        return "\n".join(block.get("text", block.get("content")) for block in response)
    return response


def _is_text_block(block: Any) -> bool:
    if not isinstance(block, dict) or block.get("type", "text") not in ("text", "input_text", "output_text"):
        return False
    return set(block) <= {"type", "text", "content"} and isinstance(block.get("text", block.get("content")), str)


def _number(digits: str) -> float | str:
    """JSON may name numbers that a double cannot hold, and that JSON could not write again."""
    number = float(digits)
    return number if math.isfinite(number) else digits


_DECODER = json.JSONDecoder(parse_constant=str, parse_float=_number)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
