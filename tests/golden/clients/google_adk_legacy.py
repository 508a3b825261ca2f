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
"""The agent of google_adk with the telemetry of ADK 1.x: whole requests and responses as JSON of their own."""

import os

os.environ["ADK_TELEMETRY_SCHEMA_VERSION_OPT_IN"] = "1"

import google_adk  # noqa: F401 (it tells the story)
