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
"""The recipe under pydantic-ai's own instrumentation, with the user on a span around it."""

import os
import runpy

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from pydantic_ai import Agent

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
Agent.instrument_all()

names = {"user": os.environ["USER_ID"], "question": os.environ["QUESTION"]}
with trace.get_tracer("app").start_as_current_span("turn", attributes={"user.id": names["user"]}):
    runpy.run_path("recipe.py", names)
provider.shutdown()
