# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "langchain==1.4.7",
#     "langchain-openai==1.7.3",
#     "openinference-instrumentation-langchain==0.1.80",
#     "opentelemetry-exporter-otlp-proto-grpc==1.45.0",
#     "opentelemetry-sdk==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""The recipe under OpenInference's instrumentation of LangChain."""

import os
import runpy

from openinference.instrumentation import using_attributes
from openinference.instrumentation.langchain import LangChainInstrumentor
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
LangChainInstrumentor().instrument(tracer_provider=provider)

names = {"user": os.environ["USER_ID"], "question": os.environ["QUESTION"]}
with using_attributes(user_id=names["user"]):
    runpy.run_path("recipe.py", names)
provider.shutdown()
