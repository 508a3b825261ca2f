# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "openai-agents==0.24.0",
#     "openinference-instrumentation-openai-agents==2.6.0",
#     "opentelemetry-exporter-otlp-proto-http==1.45.0",
#     "opentelemetry-sdk==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""The OpenAI Agents SDK on the responses API, instrumented by OpenInference."""

import asyncio

from agents import Agent, Runner, function_tool
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, TURNS, USER, get_weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)


def tell_the_model(context, error):
    return str(error)


weather = function_tool(get_weather, failure_error_function=tell_the_model)
agent = Agent(name=AGENT, instructions=INSTRUCTIONS, model=MODEL, tools=[weather])


async def converse() -> None:
    items = []
    for turn in TURNS:
        items.append({"role": "user", "content": turn})
        with using_attributes(session_id=CONVERSATION, user_id=USER):
            result = await Runner.run(agent, items)
        items = result.to_input_list()
        print(result.final_output)


asyncio.run(converse())
provider.shutdown()
