# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx==0.28.1", "openai==1.82.1", "traceloop-sdk==0.40.9"]
# [tool.uv]
# exclude-newer = "2025-06-15T00:00:00Z"
# ///
"""The agent of traceloop_sdk with a version whose messages are attributes with an index in their name."""

import traceloop_sdk  # noqa: F401 (it tells the story)
