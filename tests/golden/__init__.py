"""Golden traces: what real instrumented agent frameworks export, byte for byte, and what an analyst should get of it.
"""

from __future__ import annotations

from pathlib import Path

RECORDINGS = Path(__file__).parent / "recordings"


def recorded(client: str) -> bytes:
    """The requests that the client exported, one after the other: protobuf reads them as one request."""
    return (RECORDINGS / f"{client}.otlp").read_bytes()
