"""Watching: no gaps, nothing twice, and a clean end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from spanwise.collector.context import watch
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.reach import Reach
from spanwise.collector.errors import Rejected
from spanwise.collector.model import ContextUpdate, Scope
from spanwise.collector.store import Store
from tests.context.conftest import Setting
from tests.context.examples import START, learned


async def take(updates: AsyncIterator[ContextUpdate], count: int) -> list[str]:
    return [(await anext(updates)).content for _ in range(count)]


async def test_old_updates_come_first_then_new_ones(setting: Setting, org: str) -> None:
    scope = Scope(org=org)
    await setting.log.append([learned("old", scope=scope)])
    updates = setting.watchers.watch(scope)
    assert await take(updates, 1) == ["old"]
    waiting = asyncio.ensure_future(take(updates, 1))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await setting.log.append([learned("new", scope=scope)])
    assert await asyncio.wait_for(waiting, 5) == ["new"]


async def test_from_a_position_on(setting: Setting, org: str) -> None:
    scope = Scope(org=org)
    first, _ = await setting.log.append([learned("first", scope=scope), learned("second", scope=scope)])
    assert await take(setting.watchers.watch(scope, first.position), 1) == ["second"]


async def test_a_position_of_another_log(setting: Setting, org: str) -> None:
    end = await setting.log.position()
    with pytest.raises(Rejected, match=f"{end + 1} is not in this log"):
        await anext(setting.watchers.watch(Scope(org=org), end + 1))


async def test_only_what_concerns_the_scope(setting: Setting, org: str) -> None:
    alice, bob = Scope("", org, "alice"), Scope("", org, "bob")
    await setting.log.append([learned(scope.user, scope=scope) for scope in (bob, alice)])
    assert await take(setting.watchers.watch(alice), 1) == ["alice"]
    assert await take(setting.watchers.watch(Scope(org=org), 0, Reach.AROUND), 2) == ["bob", "alice"]


async def test_many_pages(setting: Setting, org: str) -> None:
    facts = [f"fact {number}" for number in range(2 * watch.PAGE + 1)]
    await setting.log.append([learned(fact, scope=Scope(org=org)) for fact in facts])
    assert await take(setting.watchers.watch(Scope(org=org)), len(facts)) == facts


async def test_no_gap_and_no_repetition_under_concurrent_appends(setting: Setting, org: str) -> None:
    scope, other = Scope("", org, "alice"), Scope("", org, "bob")
    batches = [
        [learned(f"{n}.{m}", scope=scope), learned(f"{n}.{m}", scope=other)] for n in range(20) for m in range(2)
    ]
    watching = [asyncio.ensure_future(take(setting.watchers.watch(scope), 40)) for _ in range(5)]
    await asyncio.gather(*(setting.log.append(batch) for batch in batches))
    in_the_log = [item.content for item in await setting.log.updates(scope)]
    assert len(in_the_log) == 40
    assert await asyncio.wait_for(asyncio.gather(*watching), 20) == [in_the_log] * 5


async def test_who_is_behind_what_is_kept_reads_the_log(
    setting: Setting, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "RECENT", 3)
    watchers = setting.watchers = watch.Watchers(setting.log)
    updates = watchers.watch(Scope(org=org))
    for number in range(10):
        await setting.log.append([learned(f"fact {number}", scope=Scope(org=org))])
        if number in (0, 1, 7):
            assert await take(updates, 1) == [f"fact {min(number, 2)}"]
    assert await take(updates, 7) == [f"fact {number}" for number in range(3, 10)]


async def test_a_wake_up_that_says_nothing_is_enough(setting: Setting, store: Store, org: str) -> None:
    async def wake(_: Sequence[ContextUpdate]) -> None:
        setting.watchers.wake()

    scope, elsewhere = Scope(org=org), ContextLog(store, lambda: START, wake)
    updates = setting.watchers.watch(scope)
    await setting.log.append([learned("here", scope=scope)])
    assert await take(updates, 1) == ["here"]
    await elsewhere.append([learned("elsewhere", scope=scope)])
    assert await take(updates, 1) == ["elsewhere"]


async def test_closing_ends_every_watch(setting: Setting, org: str) -> None:
    async def everything() -> list[str]:
        return [update.content async for update in setting.watchers.watch(Scope(org=org))]

    await setting.log.append([learned("one", scope=Scope(org=org))])
    watching = asyncio.ensure_future(everything())
    await asyncio.sleep(0.05)
    setting.watchers.close()
    assert await asyncio.wait_for(watching, 5) == ["one"]
    assert await everything() == []


async def test_what_another_process_appends_is_seen_by_looking(setting: Setting, store: Store, org: str) -> None:
    async def nobody(_: Sequence[ContextUpdate]) -> None:
        return

    scope, other = Scope(org=org), ContextLog(store, lambda: START, nobody)
    following = asyncio.create_task(setting.watchers.follow(0.01))
    watching = setting.watchers.watch(scope, await setting.log.position())
    for number, log in enumerate([setting.log, other, other, setting.log, other]):
        content = f"fact {number}"
        seen = asyncio.ensure_future(take(watching, 1))
        await asyncio.sleep(0.05)
        await log.append([learned(content, scope=scope)])
        assert await asyncio.wait_for(seen, 5) == [content]
    following.cancel()
