"""One part of a message, in the words of OpenAI, Anthropic, Bedrock, Gemini, Vercel or the GenAI conventions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from spanwise.collector.otlp.messages.canonical import (
    Part,
    as_text,
    text_part,
    tool_call,
    tool_call_response,
)


def parts(content: Any) -> list[Part]:
    """The parts of a message's content: a text, a part, or a list of both."""
    if content is None or content == "":
        return []
    return [part(item) for item in (content if isinstance(content, list) else [content])]


def part(raw: Any) -> Part:
    """Never fails: what has no known form stays as it came, with a type."""
    if not isinstance(raw, dict):
        return text_part(as_text(raw))
    kind = raw.get("type")
    if isinstance(kind, str) and (read := BY_TYPE.get(kind)):
        return read(raw)
    for key, read_value in BY_KEY.items():
        if raw.get(key) is not None and not isinstance(kind, str):
            return read_value(raw[key])
    return {**raw, "type": kind if isinstance(kind, str) else "unknown"}


def is_part(raw: Any) -> bool:
    """True for an object that can only be a part, never a message."""
    if not isinstance(raw, dict) or "role" in raw:
        return False
    kind = raw.get("type")
    return kind in BY_TYPE if isinstance(kind, str) else any(key in raw for key in BY_KEY)


def _text(raw: Part) -> Part:
    return text_part(as_text(raw.get("content", raw.get("text"))))


def _reasoning(raw: Part) -> Part:
    said = next((raw[key] for key in ("content", "thinking", "text", "reasoning", "summary") if raw.get(key)), "")
    if isinstance(said, list):
        said = "\n".join(as_text(item.get("text") if isinstance(item, dict) else item) for item in said)
    return {"type": "reasoning", "content": as_text(said)}


def _tool_call(raw: Part) -> Part:
    """The conventions' own, and LangChain's, which has `args`."""
    return tool_call(raw.get("id"), raw.get("name"), raw.get("arguments", raw.get("args")))


def _tool_call_response(raw: Part) -> Part:
    return tool_call_response(raw.get("id"), raw.get("response", raw.get("result")))


def _vercel_result(raw: Part) -> Part:
    result = raw.get("output", raw.get("result"))
    if isinstance(result, dict) and set(result) == {"type", "value"}:
        result = result["value"]
    return tool_call_response(raw.get("toolCallId"), result)


def _function(raw: Part) -> Part:
    function = raw.get("function")
    fields = function if isinstance(function, dict) else raw
    return tool_call(raw.get("id"), fields.get("name"), fields.get("arguments"))


def _image_url(raw: Part) -> Part:
    image = raw.get("image_url", raw.get("url"))
    return _link(image.get("url") if isinstance(image, dict) else image, "image")


def _link(address: Any, modality: str) -> Part:
    """A `data:` address is the content itself."""
    address = as_text(address)
    if address.startswith("data:") and ";base64," in address:
        mime_type, _, data = address[5:].partition(";base64,")
        return {"type": "blob", "mime_type": mime_type, "modality": modality, "content": data}
    return {"type": "uri", "modality": modality, "uri": address}


def _media(modality: str) -> Callable[[Part], Part]:
    """Anthropic's `source`, Vercel's `image` and `data`, OpenAI's `input_audio` and `file`."""

    def read(raw: Part) -> Part:
        source = next((raw[key] for key in ("source", "input_audio", "file") if isinstance(raw.get(key), dict)), raw)
        mime_type = next(
            (source[key] for key in ("media_type", "mediaType", "mimeType", "mime_type") if source.get(key)), ""
        )
        if file_id := source.get("file_id"):
            return {"type": "file", "mime_type": as_text(mime_type), "modality": modality, "file_id": as_text(file_id)}
        data = next((source[key] for key in ("data", "image", "file_data", "url", "content") if source.get(key)), "")
        if isinstance(data, str) and data.startswith(("http://", "https://", "data:")):
            return _link(data, modality)
        return {"type": "blob", "mime_type": as_text(mime_type), "modality": modality, "content": as_text(data)}

    return read


def _as_it_is(raw: Part) -> Part:
    return raw


BY_TYPE: Mapping[str, Callable[[Part], Part]] = {
    # The GenAI conventions.
    "text": _text,
    "tool_call": _tool_call,
    "tool_call_response": _tool_call_response,
    "reasoning": _reasoning,
    "blob": _as_it_is,
    "uri": _as_it_is,
    # OpenAI, chat completions and responses.
    "input_text": _text,
    "output_text": _text,
    "function": _function,
    "function_call": lambda raw: tool_call(raw.get("call_id", raw.get("id")), raw.get("name"), raw.get("arguments")),
    "custom_tool_call": lambda raw: tool_call(raw.get("call_id"), raw.get("name"), raw.get("input")),
    "function_call_output": lambda raw: tool_call_response(raw.get("call_id"), raw.get("output")),
    "custom_tool_call_output": lambda raw: tool_call_response(raw.get("call_id"), raw.get("output")),
    "image_url": _image_url,
    "input_image": _image_url,
    "input_audio": _media("audio"),
    # Anthropic.
    "thinking": _reasoning,
    "tool_use": lambda raw: tool_call(raw.get("id"), raw.get("name"), raw.get("input")),
    "tool_result": lambda raw: tool_call_response(raw.get("tool_use_id"), raw.get("content")),
    # Several.
    "image": _media("image"),
    "audio": _media("audio"),
    "document": _media("document"),
    "file": _media("document"),
    # Vercel.
    "tool-call": lambda raw: tool_call(raw.get("toolCallId"), raw.get("toolName"), raw.get("input", raw.get("args"))),
    "tool-result": _vercel_result,
}


def _bedrock_reasoning(content: Any) -> Part:
    said = content.get("reasoningText", content) if isinstance(content, dict) else content
    return _reasoning(said if isinstance(said, dict) else {"text": said})


def _fields(read: Callable[[Mapping[str, Any]], Part]) -> Callable[[Any], Part]:
    return lambda content: read(content if isinstance(content, dict) else {})


def _gemini_blob(content: Mapping[str, Any]) -> Part:
    mime_type = content.get("mime_type", content.get("mimeType"))
    return {"type": "blob", "mime_type": as_text(mime_type), "content": as_text(content.get("data"))}


def _gemini_file(content: Mapping[str, Any]) -> Part:
    mime_type = content.get("mime_type", content.get("mimeType"))
    uri = content.get("file_uri", content.get("fileUri"))
    return {"type": "uri", "mime_type": as_text(mime_type), "uri": as_text(uri)}


_gemini_call = _fields(lambda call: tool_call(call.get("id"), call.get("name"), call.get("args")))
_gemini_response = _fields(lambda answer: tool_call_response(answer.get("id"), answer.get("response")))

BY_KEY: Mapping[str, Callable[[Any], Part]] = {
    # Bedrock, as Strands sends it.
    "toolUse": _fields(lambda use: tool_call(use.get("toolUseId"), use.get("name"), use.get("input"))),
    "toolResult": _fields(lambda result: tool_call_response(result.get("toolUseId"), result.get("content"))),
    "reasoningContent": _bedrock_reasoning,
    # Gemini, in either spelling.
    "function_call": _gemini_call,
    "functionCall": _gemini_call,
    "function_response": _gemini_response,
    "functionResponse": _gemini_response,
    "inline_data": _fields(_gemini_blob),
    "inlineData": _fields(_gemini_blob),
    "file_data": _fields(_gemini_file),
    "fileData": _fields(_gemini_file),
    # Both: last, because a part of Gemini's may have a text beside.
    "text": lambda content: text_part(as_text(content)),
}
"""By the one key that says what the part is, where it has no type."""
