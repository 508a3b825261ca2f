# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx==0.28.1", "openai==3.54.0", "traceloop-sdk==0.62.4"]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""Traceloop's SDK (OpenLLMetry): decorators around the application's own loop, and its OpenAI instrumentation."""

import json
import os

os.environ["TRACELOOP_TELEMETRY"] = "false"

from openai import OpenAI
from story import AGENT, CLIENT, CONVERSATION, INSTRUCTIONS, MODEL, OTLP_HTTP, TURNS, USER, WEATHER_TOOL
from story import get_weather as weather
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import agent, tool, workflow

Traceloop.init(
    app_name=CLIENT,
    api_endpoint=OTLP_HTTP,
    api_key="none",
    disable_batch=False,
)
client = OpenAI()
messages = [{"role": "system", "content": INSTRUCTIONS}]


@tool(name="get_weather")
def get_weather(city: str) -> str:
    return weather(city)


def result_of(call) -> str:
    try:
        return get_weather(**json.loads(call.function.arguments))
    except ValueError as error:
        return f"Error: {error}"


@agent(name=AGENT)
def run(prompt: str) -> str:
    messages.append({"role": "user", "content": prompt})
    while True:
        answer = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER_TOOL])
        message = answer.choices[0].message
        messages.append(message.model_dump(exclude_none=True))
        if not message.tool_calls:
            return message.content
        messages.extend(
            {"role": "tool", "tool_call_id": call.id, "content": result_of(call)} for call in message.tool_calls
        )


@workflow(name="weather_desk")
def turn(prompt: str) -> str:
    Traceloop.set_association_properties({"user_id": USER, "session_id": CONVERSATION})
    return run(prompt)


for prompt in TURNS:
    print(turn(prompt))
