# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "strands-agents[openai,otel]==1.62.0",
#     "opentelemetry-exporter-otlp-proto-http==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""The agent of strands_agents, told by the environment to follow the newest conventions, with content on spans."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental,gen_ai_span_attributes_only"

import strands_agents  # noqa: F401 (it tells the story)
