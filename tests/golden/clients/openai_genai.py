# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "openai==3.54.0",
#     "opentelemetry-exporter-otlp-proto-grpc==1.45.0",
#     "opentelemetry-instrumentation-genai-openai==1.3b0",
#     "opentelemetry-sdk==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""The plain OpenAI client with OpenTelemetry's own instrumentation: model calls only.

The loop around them is the application's. It makes its own span for a turn and for a tool, as the conventions
describe them, because nothing else would.
"""

import json
import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"

from openai import OpenAI
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, OTLP_GRPC, TURNS, USER, WEATHER_TOOL, get_weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=OTLP_GRPC)))
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("app")
client = OpenAI()


def call_tool(call):
    attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": call.function.name,
        "gen_ai.tool.call.id": call.id,
        "gen_ai.tool.call.arguments": call.function.arguments,
        "gen_ai.conversation.id": CONVERSATION,
        "user.id": USER,
    }
    try:
        with tracer.start_as_current_span(f"execute_tool {call.function.name}", attributes=attributes) as span:
            result = get_weather(**json.loads(call.function.arguments))
            span.set_attribute("gen_ai.tool.call.result", result)
            return result
    except ValueError as error:
        return f"Error: {error}"


messages = [{"role": "system", "content": INSTRUCTIONS}]
for turn in TURNS:
    messages.append({"role": "user", "content": turn})
    attributes = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": AGENT,
        "gen_ai.conversation.id": CONVERSATION,
        "user.id": USER,
    }
    with tracer.start_as_current_span(f"invoke_agent {AGENT}", attributes=attributes):
        while True:
            answer = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER_TOOL])
            message = answer.choices[0].message
            messages.append(message.model_dump(exclude_none=True))
            if not message.tool_calls:
                break
            messages += [
                {"role": "tool", "tool_call_id": call.id, "content": call_tool(call)} for call in message.tool_calls
            ]
    print(message.content)

provider.shutdown()
