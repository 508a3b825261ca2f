"""A plugin that raises, hangs or dies is reported and counted, and harms only itself."""

from __future__ import annotations

import psutil
import pytest

from spanwise.collector.metrics import Metrics
from spanwise.collector.store import Store
from tests.roles.loop import model_call, probe, running_loop, until


def _failures(metrics: Metrics, plugin: str, reason: str) -> float:
    value = metrics.registry.get_sample_value("spanwise_plugin_failures_total", {"plugin": plugin, "reason": reason})
    return value or 0.0


async def test_one_that_raises(store: Store, org: str, caplog: pytest.LogCaptureFixture) -> None:
    async with running_loop(store, org, processors=[probe("raises"), probe("turns")]) as loop:
        await loop.send(model_call(("user", "a secret"), trace=1))
        await until(loop.processed)
        assert await loop.signals("probe") == ["a secret"]
        assert _failures(loop.metrics, "raises", "raised") >= 1  # a trace may be read more than once
    assert "ValueError at probes.py" in caplog.text
    assert "a secret" not in caplog.text


async def test_one_that_hangs_on_one_trace(store: Store, org: str) -> None:
    plugins = [probe("hangs_on_slow"), probe("spans")]
    async with running_loop(store, org, processors=plugins, plugin_seconds=0.5) as loop:
        await loop.send(model_call(("user", "slow"), trace=1), model_call(("user", "quick"), trace=2))
        await until(loop.processed)
        assert await loop.signals("probe") == ["1 spans", "1 spans", "did not hang"]
        assert _failures(loop.metrics, "hangs_on_slow", "hung") == 1


async def test_one_that_kills_its_process_is_left_out_after_a_while(store: Store, org: str) -> None:
    async with running_loop(store, org, processors=[probe("dies"), probe("turns")]) as loop:
        for trace in range(1, 6):
            await loop.send(model_call(("user", f"words {trace}"), trace=trace))
            await until(loop.processed)
        assert await loop.signals("probe") == [f"words {trace}" for trace in range(1, 6)]
        assert _failures(loop.metrics, "dies", "hung") == 3


async def test_a_worker_that_is_killed_while_it_rests_is_replaced(store: Store, org: str) -> None:
    async with running_loop(store, org, processors=[probe("turns")]) as loop:
        for number in range(1, 4):
            await loop.send(model_call(("user", f"words {number}"), trace=number))
            await until(loop.processed)
            for child in psutil.Process().children():
                if "multiprocessing-fork" in " ".join(child.cmdline()):
                    child.kill()
        assert await loop.signals("probe") == ["words 1", "words 2", "words 3"]
