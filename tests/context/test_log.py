"""The log keeps each update once, in one order, and says so only when it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policy_file import default_policy
from spanwise.collector.context.reach import Reach
from spanwise.collector.errors import Busy
from spanwise.collector.model import Operation, Scope, Status
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
