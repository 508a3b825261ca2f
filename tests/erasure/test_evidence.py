"""Records that several people taught lose the words of those who are forgotten, and keep nothing of them elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from spanwise.collector.bus.memory import MemoryBus
from spanwise.collector.context.log import ContextLog
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.erasure.eraser import Eraser
from spanwise.collector.erasure.targets import target_of
from spanwise.collector.model import ContextUpdate, Evidence, Origin, Scope
from spanwise.collector.store import Store
from tests.context.examples import learned


def now() -> datetime:
    return datetime.now(UTC)


async def _nobody(_: Sequence[ContextUpdate]) -> None:
    return


async def test_the_words_of_those_who_stay_are_in_no_mutation(store: Store, org: str) -> None:
    """A learner may rest one update on what several users said."""
    log = ContextLog(store, now, _nobody)
    bus = MemoryBus({}, capacity=1, batch_bytes=1, clock=time.monotonic)
    eraser = Eraser(store, log, ErasedTraces(store), now, lambda: None, bus.retention)
    words = {user: f'it "closes" at {uuid4().hex}, says {user}' for user in ("carl", "dora", "eve")}
    evidence = [
        Evidence(said, Origin.USER, f"{org}-{user}", uuid4().hex, "2" * 16, 10**18, user)
        for user, said in words.items()
    ]
    update = learned("The kitchen closes at five.", scope=Scope(org=org), evidence=evidence)
    await log.append([update])
    for gone, left in (("carl", ["dora", "eve"]), ("dora", ["eve"])):
        receipt = await eraser.erase(target_of(org, "user", gone), by="person:ada")
        assert receipt.erased["evidence"] == 1
        (record,) = await log.records(Scope(org=org))
        assert [(item.user, item.quote) for item in record.evidence] == [(user, words[user]) for user in left]
    await eraser.erase(target_of(org, "user", "eve"), by="person:ada")
    assert await log.records(Scope(org=org)) == []
    mutations = [command for (command,) in await store.query("SELECT command FROM system.mutations")]
    assert len(mutations) >= 3
    assert not [command for command in mutations if any(said.split()[3] in command for said in words.values())]
