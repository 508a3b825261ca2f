"""The log keeps each update once, in one order, and says so only when it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from spanwise.collector.context.log import FRESH, ContextLog
from spanwise.collector.context.policy_file import default_policy
from spanwise.collector.context.reach import Reach
from spanwise.collector.errors import Busy
from spanwise.collector.model import ContextUpdate, Operation, Scope, Status
from spanwise.collector.store import Block, Row, Store
from tests.context.conftest import Setting
from tests.context.examples import START, learned, quote


async def test_what_was_appended_is_read_back(setting: Setting, org: str) -> None:
    update = learned(scope=Scope("planner", org, "alice"), evidence=[quote('say "hi" \\ ☃\n'), quote("b")])
    (appended,) = await setting.log.append([update])
    rule = f"{default_policy().id}: users about themselves"
    assert appended == replace(
        update, at=START, valid_from=START, position=appended.position, policy=rule, granted=Status.ACTIVE
    )
    assert await setting.log.updates(Scope("planner", org, "alice")) == [appended]
    assert await setting.log.history(org, update.record_id) == [appended]
    assert setting.published[-1] == [appended]


async def test_an_update_is_in_the_log_once(setting: Setting, org: str) -> None:
    first, second = learned("first", scope=Scope(org=org)), learned("second", scope=Scope(org=org))
    assert len(await setting.log.append([first, first])) == 1
    assert [item.id for item in await setting.log.append([second, first])] == [second.id]
    assert await setting.log.append([first]) == []
    assert [item.id for item in await setting.log.updates(Scope(org=org))] == [first.id, second.id]


async def test_a_replay_by_a_newer_learner_appends_nothing(setting: Setting, org: str) -> None:
    add = learned(scope=Scope(org=org))
    retract = learned(operation=Operation.RETRACT, scope=Scope(org=org), record_id=add.record_id)
    await setting.log.append([add, retract])
    assert await setting.log.append([learned(scope=Scope(org=org), version="2")]) == []
    assert [item.id for item in await setting.log.updates(Scope(org=org))] == [add.id, retract.id]


async def test_the_view_for_analysts_agrees_with_the_records(setting: Setting, store: Store, org: str) -> None:
    proposal = learned(scope=Scope(org=org), status=Status.PROPOSED, evidence=[quote("later", "c2")])
    await setting.log.append([learned(scope=Scope(org=org)), proposal])
    (record,) = await setting.log.records(Scope(org=org))
    view = "SELECT RecordId, Content, Status FROM context WHERE Org = {org:String}"
    assert await store.query(view, {"org": org}) == [(record.id, record.content, Status.PROPOSED)]


async def test_positions_grow_over_concurrent_appends_and_restarts(setting: Setting, store: Store, org: str) -> None:
    updates = [learned(f"fact {number}", scope=Scope(org=org)) for number in range(20)]
    await asyncio.gather(*(setting.log.append([update]) for update in updates[:10]))
    restarted = ContextLog(store, lambda: START, setting.publish)
    await asyncio.gather(*(restarted.append([update]) for update in updates))
    positions = [item.position for item in await restarted.updates(Scope(org=org))]
    assert len(positions) == 20
    assert positions == list(range(positions[0], positions[0] + 20))
    assert await restarted.position() == positions[-1]


async def test_a_page_of_the_log(setting: Setting, org: str) -> None:
    one, two, three = await setting.log.append([learned(f"fact {n}", scope=Scope(org=org)) for n in range(3)])
    read = setting.log.updates
    assert await read(Scope(org=org), after=one.position, limit=1) == [two]
    assert await read(Scope(org=org), until=two.position) == [one, two]
    assert await read(Scope(org=org), after=three.position) == []


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("named", [Scope(), Scope("planner"), Scope("", "", "alice"), Scope("planner", "", "alice")])
async def test_sql_and_python_agree_on_what_a_scope_reaches(
    setting: Setting, org: str, reach: Reach, named: Scope
) -> None:
    agents, users = ("", "planner", "coder"), ("", "alice", "bob")
    scopes = [Scope(agent, tenant, user) for agent in agents for user in users for tenant in (org, org + "-other")]
    await setting.log.append([learned(scope=scope) for scope in scopes])
    scope = replace(named, org=org)
    expected = [other for other in scopes if reach.reaches(scope, other)]
    assert [item.scope for item in await setting.log.updates(scope, reach)] == expected
    assert [item.scope for item in await setting.log.records(scope, reach)] == expected
    if reach is Reach.COVERING:
        assert expected == [other for other in scopes if other.covers(scope)]


async def test_an_update_that_names_another_scope_still_changes_its_record(setting: Setting, org: str) -> None:
    add = learned(scope=Scope("", org, "alice"))
    retract = learned(operation=Operation.RETRACT, scope=Scope("planner", org, "alice"), record_id=add.record_id)
    await setting.log.append([add, retract])
    (record,) = (await setting.log.context_for(Scope("", org, "alice"))).records
    assert record.status is Status.RETIRED


async def test_half_a_character_is_stored_and_can_be_read(setting: Setting, org: str) -> None:
    await setting.log.append([learned("half \ud83d", scope=Scope(org=org), evidence=[quote("\ude00")])])
    (update,) = await setting.log.updates(Scope(org=org))
    assert (update.content, update.evidence[0].quote) == ("half ?", "?")


class Flaky:
    """A store whose next insert fails after the rows are durable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.failing = True

    async def insert(self, block: Block, token: str) -> None:
        await self._store.insert(block, token)
        if self.failing:
            self.failing = False
            raise Busy("the answer was lost")

    async def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Row]:
        return await self._store.query(sql, parameters)

    async def read(self, sql: str, parameters: Mapping[str, Any] | None = None) -> bytes:
        return await self._store.read(sql, parameters)

    async def close(self) -> None:
        pass


async def test_an_insert_whose_answer_was_lost(setting: Setting, store: Store, org: str) -> None:
    log = ContextLog(Flaky(store), lambda: START, setting.publish)
    first, second = (learned(content, scope=Scope(org=org)) for content in ("first", "second"))
    with pytest.raises(Busy):
        await log.append([first])
    assert setting.published == []
    assert await log.append([first]) == []
    assert setting.published == [[]], "followers are woken for what nobody was told of"
    (appended,) = await log.append([second])
    assert [item.id for item in await log.updates(Scope(org=org))] == [first.id, second.id]
    assert appended.position == (await log.updates(Scope(org=org)))[0].position + 1


async def test_a_cancelled_append_is_finished_before_the_next(setting: Setting, org: str) -> None:
    first, second = (learned(content, scope=Scope(org=org)) for content in ("first", "second"))
    given_up = asyncio.ensure_future(setting.log.append([first]))
    await asyncio.sleep(0)
    given_up.cancel()
    await setting.log.append([first, second])
    updates = await setting.log.updates(Scope(org=org))
    assert [item.id for item in updates] == [first.id, second.id]
    assert updates[0].position < updates[1].position


class Interrupted(Flaky):
    """A store in which something happens between reading the log and the next insert."""

    def __init__(self, store: Store, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__(store)
        self.failing = False
        self._meanwhile: Callable[[], Awaitable[object]] | None = meanwhile

    async def insert(self, block: Block, token: str) -> None:
        if meanwhile := self._meanwhile:
            self._meanwhile = None
            await meanwhile()
        await super().insert(block, token)


async def test_who_is_overtaken_by_another_process_appends_behind_it(setting: Setting, store: Store, org: str) -> None:
    """And tells its followers that there is more than it has appended itself."""
    shared, own, theirs = (learned(content, scope=Scope(org=org)) for content in ("shared", "own", "theirs"))
    published: list[Sequence[ContextUpdate]] = []

    async def publish(updates: Sequence[ContextUpdate]) -> None:
        published.append(updates)

    overtaken = ContextLog(Interrupted(store, lambda: setting.log.append([shared, theirs])), lambda: START, publish)
    assert [item.id for item in await overtaken.append([shared, own])] == [own.id], "it looks again what is new"
    log = await setting.log.updates(Scope(org=org))
    assert [item.id for item in log] == [shared.id, theirs.id, own.id]
    assert [item.position - log[0].position for item in log] == [0, 1, 2]
    assert published == [log[2:]]


async def test_many_processes_that_append_at_once(setting: Setting, store: Store, org: str) -> None:
    logs = [ContextLog(store, lambda: START, setting.publish) for _ in range(4)]
    updates = [learned(f"fact {number}", scope=Scope(org=org)) for number in range(30)]

    async def append(log: ContextLog, some: Sequence[ContextUpdate]) -> int:
        return sum([len(await log.append([update])) for update in some])

    turned = [[*updates[start:], *updates[:start]] for start in (0, 7, 14, 21)]
    appended = await asyncio.gather(*map(append, logs, turned))
    log = await setting.log.updates(Scope(org=org))
    assert sorted(item.id for item in log) == sorted(item.id for item in updates)
    assert [item.position for item in log] == list(range(log[0].position, log[0].position + 30))
    assert sum(appended) >= 30


async def test_a_token_without_rows_as_a_killed_engine_leaves_it(setting: Setting, store: Store, org: str) -> None:
    first, second = (learned(content, scope=Scope(org=org)) for content in ("first", "second"))
    (lost,) = await setting.log.append([first])
    await store.query("DELETE FROM context_updates WHERE Id = {id:String}", {"id": lost.id})
    (appended,) = await ContextLog(store, lambda: START, setting.publish).append([second])
    assert appended.position == lost.position
    assert await setting.log.updates(Scope(org=org)) == [appended]


async def test_a_process_that_slept_before_its_insert_reads_the_log_again(
    setting: Setting, store: Store, org: str
) -> None:
    """The engine may have forgotten by then that the position is taken."""
    first, second = (learned(content, scope=Scope(org=org)) for content in ("first", "second"))
    awake = iter([START, START, START + FRESH])

    def clock() -> datetime:
        return next(awake, START + FRESH)

    slept = ContextLog(Interrupted(store, lambda: setting.log.append([first])), clock, setting.publish)
    (appended,) = await slept.append([second])
    assert appended.at == START + FRESH
    log = await setting.log.updates(Scope(org=org))
    assert [item.position - log[0].position for item in log] == [0, 1]
