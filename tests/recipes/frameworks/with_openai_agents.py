# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "openai-agents==0.24.0",
#     "openinference-instrumentation-openai-agents==2.6.0",
#     "opentelemetry-exporter-otlp-proto-grpc==1.45.0",
#     "opentelemetry-sdk==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""The recipe under OpenInference's instrumentation of the OpenAI Agents SDK."""

import os
import runpy

from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)

names = {"user": os.environ["USER_ID"], "question": os.environ["QUESTION"], "token": os.environ.get("TOKEN", "")}
with using_attributes(user_id=names["user"]):
    runpy.run_path("recipe.py", names)
provider.shutdown()
