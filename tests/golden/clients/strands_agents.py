# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "strands-agents[openai,otel]==1.62.0",
#     "opentelemetry-exporter-otlp-proto-http==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""Strands with its own instrumentation, as it is out of the box: messages are in span events."""

from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, TURNS, USER, get_weather
from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry

telemetry = StrandsTelemetry().setup_otlp_exporter()
agent = Agent(
    model=OpenAIModel(model_id=MODEL),
    name=AGENT,
    system_prompt=INSTRUCTIONS,
    tools=[tool(get_weather)],
    trace_attributes={"session.id": CONVERSATION, "user.id": USER},
    callback_handler=None,
)
for turn in TURNS:
    print(agent(turn))

telemetry.tracer_provider.shutdown()
