"""What the store role counts of the rows that it writes."""

from __future__ import annotations

from spanwise.collector.metrics import Metrics
from spanwise.collector.store import Store
from tests.requests import attribute, chat, span
from tests.roles.loop import running_loop


def _unmapped(metrics: Metrics, dialect: str) -> float | None:
    return metrics.registry.get_sample_value("spanwise_unmapped_spans_total", {"dialect": dialect})


async def test_spans_whose_content_could_not_be_mapped_are_counted_by_dialect(store: Store, org: str) -> None:
    strange = (attribute("langfuse.observation.type", "generation"), attribute("langfuse.observation.input", "[1]"))
    async with running_loop(store, org, process=False) as loop:
        await loop.send(chat("ada", "hello"), span("one", *strange), span("two", *strange))
        assert _unmapped(loop.metrics, "langfuse") == 2
        assert _unmapped(loop.metrics, "genai") is None
