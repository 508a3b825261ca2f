"""The story that every client tells: two turns of one conversation, and a tool that fails once."""

from __future__ import annotations

import json
import os
from pathlib import Path

CLIENT = os.environ["OTEL_SERVICE_NAME"]
OTLP_HTTP = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
OTLP_GRPC = os.environ["OTLP_GRPC"]
CONVERSATION = f"{CLIENT}-conversation"

STORY = json.loads(Path(__file__).with_name("story.json").read_text())
AGENT = STORY["agent"]
USER = STORY["user"]
INSTRUCTIONS = STORY["instructions"]
MODEL = STORY["model"]
TURNS = STORY["turns"]


def get_weather(city: str) -> str:
    """Get the weather in a city.

    Args:
        city: The name of the city.
    """
    if city != "Paris":
        raise ValueError(f"unknown city: {city}")
    return "18 °C and sunny"


WEATHER_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "The name of the city."}},
            "required": ["city"],
        },
    },
}
"""For clients that let the application describe its tools, in the form of OpenAI's chat completions."""
