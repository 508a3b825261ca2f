# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "crewai==1.15.30",
#     "openinference-instrumentation-crewai==1.1.21",
#     "openinference-instrumentation-openai==0.1.66",
#     "opentelemetry-exporter-otlp-proto-http==1.45.2",
#     "opentelemetry-sdk==1.45.2",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""A crew of one, instrumented by OpenInference; the model calls come from its instrumentation of the OpenAI client."""

import os

os.environ["CREWAI_DISABLE_TELEMETRY"] = "true"
os.environ["CREWAI_TRACING_ENABLED"] = "false"

from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool
from openinference.instrumentation import using_attributes
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, TURNS, USER, get_weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
CrewAIInstrumentor().instrument(tracer_provider=provider)
OpenAIInstrumentor().instrument(tracer_provider=provider)

agent = Agent(
    role=AGENT,
    goal="Answer questions about the weather.",
    backstory=INSTRUCTIONS,
    llm=LLM(model=f"openai/{MODEL}"),
    tools=[tool("get_weather")(get_weather)],
)
for turn in TURNS:
    task = Task(description=turn, expected_output="An answer.", agent=agent)
    with using_attributes(session_id=CONVERSATION, user_id=USER):
        print(Crew(agents=[agent], tasks=[task]).kickoff())

provider.shutdown()
