# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "opentelemetry-exporter-otlp-proto-grpc==1.45.0",
#     "opentelemetry-sdk==1.45.0",
#     "pydantic-ai-slim[openai]==2.68.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""pydantic-ai with its own instrumentation; the user is on a span around each run, as a web framework would have it."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from pydantic_ai import Agent, ModelMessage, ModelRetry
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, OTLP_GRPC, TURNS, USER, get_weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=OTLP_GRPC)))
trace.set_tracer_provider(provider)

Agent.instrument_all()
agent = Agent(f"openai-chat:{MODEL}", name=AGENT, instructions=INSTRUCTIONS, retries=2)


@agent.tool_plain(name="get_weather")
def weather(city: str) -> str:
    """Get the weather in a city."""
    try:
        return get_weather(city)
    except ValueError as error:
        raise ModelRetry(str(error)) from error


history: list[ModelMessage] = []
for turn in TURNS:
    with trace.get_tracer("app").start_as_current_span("turn", attributes={"user.id": USER}):
        result = agent.run_sync(turn, message_history=history, conversation_id=CONVERSATION)
    history = result.all_messages()
    print(result.output)

provider.shutdown()
