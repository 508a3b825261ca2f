# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "llama-index-core==0.14.25",
#     "llama-index-llms-openai==0.8.3",
#     "openinference-instrumentation-llama-index==4.6.1",
#     "opentelemetry-exporter-otlp-proto-http==1.45.0",
#     "opentelemetry-sdk==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""A LlamaIndex agent, instrumented by OpenInference; requests are compressed."""

import asyncio
import os

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.llms.openai import OpenAI
from openinference.instrumentation import using_attributes
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, TURNS, USER, get_weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(compression=Compression.Gzip)))
LlamaIndexInstrumentor().instrument(tracer_provider=provider)


async def converse() -> None:
    agent = FunctionAgent(
        name=AGENT,
        system_prompt=INSTRUCTIONS,
        llm=OpenAI(model=MODEL, api_base=os.environ["OPENAI_BASE_URL"]),
        tools=[get_weather],
        streaming=False,
    )
    memory = ChatMemoryBuffer.from_defaults()
    for turn in TURNS:
        with using_attributes(session_id=CONVERSATION, user_id=USER):
            print(await agent.run(turn, memory=memory))


asyncio.run(converse())
provider.shutdown()
