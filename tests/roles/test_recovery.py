"""More traces wait after a crash than are taken up at a time."""

from __future__ import annotations

from functools import partial

import pytest

from spanwise.collector.roles.processing import Limits
from spanwise.collector.store import Store
from tests.roles.loop import model_call, running_loop, until


async def test_all_that_a_crash_left_is_taken_up(store: Store, org: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_loop(store, org, process=False) as crashed:
        for trace in range(1, 8):
            await crashed.send(model_call(("user", f"Remember that I like number {trace}."), trace=trace))
    monkeypatch.setattr("tests.roles.loop.Limits", partial(Limits, recovered=3))
    async with running_loop(store, org) as loop:
        await until(loop.processed)
        assert len(await loop.updates()) == 7
