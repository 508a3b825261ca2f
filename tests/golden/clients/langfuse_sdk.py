# /// script
# requires-python = ">=3.11"
# dependencies = ["langfuse==5.0.4", "openai==3.54.0"]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""Langfuse's SDK: decorators around the application's own loop, and its drop-in OpenAI client."""

import json
import os

os.environ["LANGFUSE_PUBLIC_KEY"] = os.environ["LANGFUSE_SECRET_KEY"] = "none"

from langfuse import Langfuse, observe, propagate_attributes
from langfuse.openai import OpenAI
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, OTLP_HTTP, TURNS, USER, WEATHER_TOOL
from story import get_weather as weather

langfuse = Langfuse(base_url=OTLP_HTTP)
client = OpenAI()
messages = [{"role": "system", "content": INSTRUCTIONS}]


@observe(name="get_weather", as_type="tool")
def get_weather(city: str) -> str:
    return weather(city)


def result_of(call) -> str:
    try:
        return get_weather(**json.loads(call.function.arguments))
    except ValueError as error:
        return f"Error: {error}"


@observe(name=AGENT, as_type="agent")
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


for prompt in TURNS:
    with propagate_attributes(user_id=USER, session_id=CONVERSATION):
        print(run(prompt))

langfuse.shutdown()
