# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "openinference-instrumentation-smolagents==0.1.43",
#     "opentelemetry-exporter-otlp-proto-http==1.45.0",
#     "opentelemetry-sdk==1.45.0",
#     "smolagents[openai]==1.26.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""smolagents, instrumented by OpenInference; its model answers by a tool named final_answer."""

from openinference.instrumentation import using_attributes
from openinference.instrumentation.smolagents import SmolagentsInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from smolagents import OpenAIServerModel, ToolCallingAgent, tool
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, TURNS, USER, get_weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
SmolagentsInstrumentor().instrument(tracer_provider=provider)

agent = ToolCallingAgent(
    tools=[tool(get_weather)], model=OpenAIServerModel(MODEL), instructions=INSTRUCTIONS, name=AGENT, max_steps=5
)
for turn in TURNS:
    with using_attributes(session_id=CONVERSATION, user_id=USER):
        print(agent.run(turn, reset=False))

provider.shutdown()
