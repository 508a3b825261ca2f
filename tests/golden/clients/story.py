"""The story that every client tells: two turns of one conversation, and a tool that fails once."""

from __future__ import annotations

import os

CLIENT = os.environ["OTEL_SERVICE_NAME"]
AGENT = "weather_agent"
USER = "ada"
CONVERSATION = f"{CLIENT}-conversation"
INSTRUCTIONS = "You are a helpful weather assistant."
MODEL = "gpt-4o-mini"
TURNS = ("Please remember that I prefer metric units.", "What is the weather in Paris?")


def get_weather(city: str) -> str:
    """Get the weather in a city.

    Args:
        city: The name of the city.
    """
    if city != "Paris":
        raise ValueError(f"unknown city: {city}")
    return "18 °C and sunny"
