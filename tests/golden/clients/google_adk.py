# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "google-adk==2.13.0",
#     "opentelemetry-exporter-otlp-proto-grpc==1.44.0",
#     "opentelemetry-sdk==1.44.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""Google's Agent Development Kit with its own instrumentation, on a Gemini model. It exports no user."""

import asyncio
import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"

from google.adk.agents import LlmAgent
from google.adk.models import Gemini
from google.adk.runners import InMemoryRunner
from google.genai import types
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, OTLP_GRPC, TURNS, USER
from story import get_weather as weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=OTLP_GRPC)))
trace.set_tracer_provider(provider)


def get_weather(city: str) -> dict[str, str]:
    """Get the weather in a city."""
    return {"weather": weather(city)}


def tell_the_model(tool, args, tool_context, error):
    return {"error": str(error)}


async def converse() -> None:
    agent = LlmAgent(
        name=AGENT,
        model=Gemini(model=MODEL),
        instruction=INSTRUCTIONS,
        tools=[get_weather],
        on_tool_error_callback=tell_the_model,
    )
    runner = InMemoryRunner(agent, app_name="weather")
    await runner.session_service.create_session(app_name="weather", user_id=USER, session_id=CONVERSATION)
    for turn in TURNS:
        message = types.Content(role="user", parts=[types.Part(text=turn)])
        async for event in runner.run_async(user_id=USER, session_id=CONVERSATION, new_message=message):
            if event.is_final_response():
                print(event.content.parts[0].text)


asyncio.run(converse())
provider.shutdown()
