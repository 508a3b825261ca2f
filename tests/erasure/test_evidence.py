"""Records that several people taught lose the words of those who are forgotten, and keep nothing of them elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from spanwise.collector.bus.memory import MemoryBus
from spanwise.collector.context.log import ContextLog
from spanwise.collector.erasure.erased import ErasedTraces
from spanwise.collector.erasure.eraser import Eraser
from spanwise.collector.erasure.targets import target_of
from spanwise.collector.model import ContextUpdate, Evidence, Intent, Operation, Origin, Scope, Status
from spanwise.collector.store import Store
from tests.context.examples import learned
from tests.deliver.backends import Files
from tests.deliver.examples import History, until


def now() -> datetime:
    return datetime.now(UTC)


async def _nobody(_: Sequence[ContextUpdate]) -> None:
    return


def eraser_of(store: Store, log: ContextLog) -> Eraser:
    bus = MemoryBus({}, capacity=1, batch_bytes=1, clock=time.monotonic)
    return Eraser(store, log, ErasedTraces(store), now, lambda: None, bus.retention)


async def test_the_words_of_those_who_stay_are_in_no_mutation(store: Store, org: str) -> None:
    """A learner may rest one update on what several users said."""
    log = ContextLog(store, now, _nobody)
    eraser = eraser_of(store, log)
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


def add(org: str, user: str, **more: Any) -> ContextUpdate:
    """Somebody says of the kitchen what others may have said before."""
    place = (f"{org}-{uuid4().hex}", uuid4().hex, "2" * 16, time.time_ns())
    said = Evidence(f"{user} says so", Origin.USER, *place, user)
    return replace(learned("The kitchen closes at five.", scope=Scope(org=org), evidence=[said]), **more)


def surer(org: str) -> Sequence[ContextUpdate]:
    return [add(org, "dora", confidence=0.5), add(org, "carl", confidence=0.9)]


def often_enough(org: str) -> Sequence[ContextUpdate]:
    """Hints, of which the policy wants two."""
    hints = [add(org, user, intent=Intent.IMPLICIT) for user in ("dora", "carl")]
    evidence = [[replace(item, signal="preference.implicit") for item in one.evidence] for one in hints]
    return [replace(one, evidence=tuple(items)) for one, items in zip(hints, evidence, strict=True)]


def back_again(org: str) -> Iterator[ContextUpdate]:
    yield (first := add(org, "dora"))
    yield learned(
        first.content,
        Operation.RETRACT,
        scope=first.scope,
        record_id=first.record_id,
        evidence=(),
        producer="person:ada",
    )
    yield add(org, "carl")


@pytest.mark.parametrize(
    ("said", "status"),
    [(surer, Status.PROPOSED), (often_enough, Status.NOTED), (back_again, Status.RETIRED)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
async def test_stores_learn_what_a_record_is_without_the_words_of_who_is_forgotten(
    store: Store, org: str, tmp_path: Path, said: Callable[[str], Iterable[ContextUpdate]], status: Status
) -> None:
    history, backend = History(store, org), Files(tmp_path / "files")
    selection = replace(history.selection, statuses=frozenset({Status.PROPOSED}))
    follower = history.follower(backend.name, backend.open, selection)

    async def equal() -> bool:
        return await backend.contents() == await history.truth(selection)

    async with history.following(follower):
        for update in said(org):
            await history.log.append([update])
        await until(equal)
        (before,) = (await backend.contents()).values()
        eraser = eraser_of(store, history.log)
        await eraser.erase(target_of(org, "user", "carl"), by="person:ada", reason="asked to")
        (record,) = await history.log.records(Scope(org=org))
        assert (record.status, record.confidence) == (status, 0.5 if said is surer else 0.9)
        await until(equal)
        assert (await backend.contents() == {}) is (status is not Status.PROPOSED)
        assert list((await backend.contents()).values()) != [before]
        evidence = [item for one in await history.log.history(org, record.id) for item in one.evidence]
        assert {item.user for item in evidence} == {"dora"}


async def test_a_record_that_is_the_same_without_them_is_not_told_again(store: Store, org: str) -> None:
    log = ContextLog(store, now, _nobody)
    first = add(org, "dora")
    both = replace(first, evidence=(*first.evidence, *add(org, "carl").evidence))
    await log.append([both])
    (before,) = await log.records(Scope(org=org))
    await eraser_of(store, log).erase(target_of(org, "user", "carl"), by="person:ada")
    (after,) = await log.records(Scope(org=org))
    assert len(await log.history(org, before.id)) == 1
    assert replace(after, evidence=()) == replace(before, evidence=())
