"""The model's part in the story, by the interfaces of OpenAI (chat completions, responses), Gemini and Anthropic.

What the model says next depends only on the newest message, so that every framework may word its prompts as it likes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

RESPONSE_MODEL = "gpt-4o-mini-2024-07-18"
INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS, REASONING_TOKENS = 120, 20, 15, 5
"""Of every answer. Cached tokens are part of the input, reasoning tokens part of the output."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says: a text, or a call of a tool with one argument. `name` is part of the ids."""

    name: str
    text: str = ""
    tool: str = ""
    arguments: Json | None = None

    @property
    def call_id(self) -> str:
        return f"call_{self.name}"

    @property
    def written_arguments(self) -> str:
        return json.dumps(self.arguments)


ACKNOWLEDGED = Reply("acknowledged", text="Understood, I will use metric units.")
MISSPELT = Reply("misspelt", tool="get_weather", arguments={"city": "Pari"})
CORRECTED = Reply("corrected", tool="get_weather", arguments={"city": "Paris"})
ANSWERED = Reply("answered", text="It is 18 °C and sunny in Paris.")


def reply(newest: Any) -> Reply:
    """The model's part in the story."""
    said = json.dumps(newest, ensure_ascii=False)
    if "unknown city" in said:
        return CORRECTED
    if "sunny" in said:
        return ANSWERED
    return MISSPELT if "weather in Paris" in said else ACKNOWLEDGED


def _through_tools(said: Reply, tools: Iterable[str]) -> Reply:
    """By the names that the framework gives: it may prefix them, or let the model answer only by a tool of its own."""
    if said.text and "final_answer" in tools:
        return replace(said, text="", tool="final_answer", arguments={"answer": said.text})
    return replace(said, tool=next((tool for tool in tools if said.tool and tool.endswith(said.tool)), said.tool))


async def chat_completions(request: Request) -> Response:
    asked = await request.json()
    tools = [tool["function"]["name"] for tool in asked.get("tools") or ()]
    said = _through_tools(reply(asked["messages"][-1]), tools)
    if asked.get("stream"):
        return StreamingResponse(_chat_chunks(said), media_type="text/event-stream")
    choice = {"index": 0, "message": _chat_message(said), "finish_reason": _finish_reason(said), "logprobs": None}
    return JSONResponse({**_chat_frame(said, "chat.completion"), "choices": [choice], "usage": _chat_usage()})


def _finish_reason(said: Reply) -> str:
    return "tool_calls" if said.tool else "stop"


def _chat_frame(said: Reply, kind: str) -> Json:
    return {"id": f"chatcmpl-{said.name}", "object": kind, "created": 1_700_000_000, "model": RESPONSE_MODEL}


def _chat_message(said: Reply) -> Json:
    if not said.tool:
        return {"role": "assistant", "content": said.text, "refusal": None}
    function = {"name": said.tool, "arguments": said.written_arguments}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": said.call_id, "type": "function", "function": function}],
    }


def _chat_usage() -> Json:
    return {
        "prompt_tokens": INPUT_TOKENS,
        "completion_tokens": OUTPUT_TOKENS,
        "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
        "prompt_tokens_details": {"cached_tokens": CACHED_TOKENS},
        "completion_tokens_details": {"reasoning_tokens": REASONING_TOKENS},
    }


def _chat_chunks(said: Reply) -> Iterator[str]:
    frame = _chat_frame(said, "chat.completion.chunk")
    message = dict(_chat_message(said))
    if said.tool:
        message["tool_calls"] = [{"index": 0, **call} for call in message["tool_calls"]]
    for delta, finish_reason in ((message, None), ({}, _finish_reason(said))):
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        yield f"data: {json.dumps({**frame, 'choices': [choice], 'usage': None})}\n\n"
    yield f"data: {json.dumps({**frame, 'choices': [], 'usage': _chat_usage()})}\n\n"
    yield "data: [DONE]\n\n"


async def responses(request: Request) -> Response:
    asked = await request.json()
    newest = asked["input"] if isinstance(asked["input"], str) else asked["input"][-1]
    tools = [tool.get("name", "") for tool in asked.get("tools") or ()]
    answer = _response(_through_tools(reply(newest), tools), asked)
    if asked.get("stream"):
        return StreamingResponse(_response_events(answer), media_type="text/event-stream")
    return JSONResponse(answer)


def _response(said: Reply, asked: Json) -> Json:
    return {
        "id": f"resp_{said.name}",
        "object": "response",
        "created_at": 1_700_000_000,
        "status": "completed",
        "model": RESPONSE_MODEL,
        "output": [_response_item(said)],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": asked.get("tools", []),
        "instructions": asked.get("instructions"),
        "usage": _response_usage(),
    }


def _response_events(answer: Json) -> Iterator[str]:
    started = {**answer, "status": "in_progress", "output": [], "usage": None}
    for event in (
        {"type": "response.created", "response": started},
        {"type": "response.output_item.done", "output_index": 0, "item": answer["output"][0]},
        {"type": "response.completed", "response": answer},
    ):
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"


def _response_item(said: Reply) -> Json:
    if said.tool:
        call = {"name": said.tool, "arguments": said.written_arguments, "call_id": said.call_id}
        return {"id": f"fc_{said.name}", "type": "function_call", "status": "completed", **call}
    content = [{"type": "output_text", "text": said.text, "annotations": []}]
    return {
        "id": f"msg_{said.name}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": content,
    }


def _response_usage() -> Json:
    return {
        "input_tokens": INPUT_TOKENS,
        "input_tokens_details": {"cached_tokens": CACHED_TOKENS},
        "output_tokens": OUTPUT_TOKENS,
        "output_tokens_details": {"reasoning_tokens": REASONING_TOKENS},
        "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
    }


async def generate_content(request: Request) -> Response:
    asked = await request.json()
    said = reply(asked["contents"][-1])
    call = {"functionCall": {"id": said.call_id, "name": said.tool, "args": said.arguments}}
    content = {"role": "model", "parts": [call if said.tool else {"text": said.text}]}
    usage = {
        "promptTokenCount": INPUT_TOKENS,
        "cachedContentTokenCount": CACHED_TOKENS,
        "candidatesTokenCount": OUTPUT_TOKENS - REASONING_TOKENS,  # Gemini counts thoughts apart
        "thoughtsTokenCount": REASONING_TOKENS,
        "totalTokenCount": INPUT_TOKENS + OUTPUT_TOKENS,
    }
    return JSONResponse(
        {
            "candidates": [{"index": 0, "content": content, "finishReason": "STOP"}],
            "usageMetadata": usage,
            "modelVersion": RESPONSE_MODEL,
            "responseId": f"gemini-{said.name}",
        }
    )


async def anthropic_messages(request: Request) -> Response:
    asked = await request.json()
    tools = [tool["name"] for tool in asked.get("tools") or ()]
    said = _through_tools(reply(asked["messages"][-1]), tools)
    return StreamingResponse(_anthropic_events(said, asked["model"]), media_type="text/event-stream")


def _anthropic_events(said: Reply, model: str) -> Iterator[str]:
    block: Json = {"type": "tool_use", "id": said.call_id, "name": said.tool, "input": {}}
    delta: Json = {"type": "input_json_delta", "partial_json": said.written_arguments}
    if not said.tool:
        block, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": said.text}
    usage = {"input_tokens": INPUT_TOKENS - CACHED_TOKENS, "cache_read_input_tokens": CACHED_TOKENS, "output_tokens": 1}
    message = {"id": f"msg_{said.name}", "type": "message", "role": "assistant", "model": model, "content": []}
    ending = {"stop_reason": "tool_use" if said.tool else "end_turn", "stop_sequence": None}
    for event in (
        {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None, "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ending, "usage": {"output_tokens": OUTPUT_TOKENS}},
        {"type": "message_stop"},
    ):
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"


ROUTES = (
    Route("/v1/messages", anthropic_messages, methods=["POST"]),
    Route("/v1/chat/completions", chat_completions, methods=["POST"]),
    Route("/v1/responses", responses, methods=["POST"]),
    Route("/v1beta/models/{model}:generateContent", generate_content, methods=["POST"]),
)
