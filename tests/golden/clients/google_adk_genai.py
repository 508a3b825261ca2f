# /// script
# requires-python = ">=3.11"
# dependencies = ["google-adk==2.13.0", "opentelemetry-exporter-otlp-proto-grpc", "opentelemetry-sdk"]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""The agent of google_adk, told by the environment to follow the newest conventions and to record content."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"

import google_adk  # noqa: F401 (it tells the story)
