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
"""The recipe under ADK's own instrumentation, which exports no user: the user is on a span around it."""

import os
import runpy

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)

names = {"user": os.environ["USER_ID"], "question": os.environ["QUESTION"]}
with trace.get_tracer("app").start_as_current_span("turn", attributes={"user.id": names["user"]}):
    runpy.run_path("recipe.py", names)
provider.shutdown()
