"""What LangChain puts into the metadata of its runs."""

from __future__ import annotations

from spanwise.collector.otlp.messages.canonical import Pairs, value
from spanwise.collector.unicode import sound


def agent_name(pairs: Pairs) -> str:
    """The name of the agent that a run belongs to, or nothing."""
    metadata = value(pairs[0][1])
    name = metadata.get("lc_agent_name") if isinstance(metadata, dict) else None
    return sound(name) if isinstance(name, str) else ""
