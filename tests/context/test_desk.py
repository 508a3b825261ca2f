"""What applications and people ask, and what they get."""

from __future__ import annotations

import pytest

from spanwise.collector.context.desk import MAX_CONTENT
from spanwise.collector.errors import NotFound, Rejected
from spanwise.collector.model import Intent, Operation, Record, RecordKind, Scope, Status
from tests.context.conftest import Setting
from tests.context.examples import learned, quote

APP = "application"
ADA = "person:ada"


async def proposed(setting: Setting, org: str) -> str:
    update = learned("Use ISO dates.", scope=Scope("planner", org), kind=RecordKind.INSTRUCTION, status=Status.PROPOSED)
    await setting.log.append([update])
    return update.record_id


def contents(records: list[Record]) -> list[str]:
    return [record.content for record in records]


async def test_what_is_remembered_is_given(setting: Setting, org: str) -> None:
    alice = Scope("", org, "alice")
    record = await setting.desk.remember(alice, " Prefers\nmetric units. ", producer=APP, reason="settings page")
    assert (record.status, record.intent, record.producer) == (Status.ACTIVE, Intent.EXPLICIT, APP)
    answer = await setting.desk.get(Scope("planner", org, "alice"))
    assert answer.records == [record]
    assert f"- Prefers metric units. [{record.id[:8]}]\n" in answer.prompt_section
    assert answer.position == record.position
    assert (await setting.desk.history(org, record.id))[0].reason == "settings page"


async def test_a_repeated_request_is_one_decision(setting: Setting, org: str) -> None:
    alice = Scope("", org, "alice")
    first = await setting.desk.remember(alice, "Likes tea.", producer=APP)
    assert await setting.desk.remember(alice, "likes  TEA.", producer=APP) == first
    forgotten = await setting.desk.forget_record(alice, first.id, producer=APP)
    assert await setting.desk.forget_record(alice, first.id, producer=APP) == forgotten
    assert forgotten[0].status is Status.RETIRED
    assert (await setting.desk.remember(alice, "Likes tea.", producer=APP)).status is Status.ACTIVE
    operations = [update.operation for update in await setting.desk.history(org, first.id)]
    assert operations == [Operation.ADD, Operation.RETRACT, Operation.ADD]


@pytest.mark.parametrize("content", ["", " \n ", "x" * (MAX_CONTENT + 1)])
async def test_content_that_cannot_be_remembered(setting: Setting, org: str, content: str) -> None:
    with pytest.raises(Rejected, match="content: must have 1 to 4,000 characters"):
        await setting.desk.remember(Scope(org=org), content, producer=APP)


async def test_proposals_wait_for_a_person(setting: Setting, org: str) -> None:
    run, record_id = Scope("planner", org, "alice"), await proposed(setting, org)
    assert (await setting.desk.get(run)).records == []
    seen = await setting.desk.get(run, include_proposed=True)
    assert (contents([*seen.records]), seen.prompt_section) == (["Use ISO dates."], "")
    record = await setting.desk.approve(org, record_id, producer=ADA, reason="checked")
    assert (record.status, record.producer) == (Status.ACTIVE, ADA)
    assert await setting.desk.approve(org, record_id, producer=ADA) == record
    assert "- Use ISO dates." in (await setting.desk.get(run)).prompt_section
    assert (await setting.desk.reject(org, record_id, producer=ADA)).status is Status.REJECTED
    assert (await setting.desk.approve(org, record_id, producer=ADA)).status is Status.ACTIVE


async def test_what_was_forgotten_cannot_be_approved(setting: Setting, org: str) -> None:
    record_id = await proposed(setting, org)
    await setting.desk.forget_record(Scope(org=org), record_id, producer=APP)
    with pytest.raises(Rejected, match="was forgotten"):
        await setting.desk.approve(org, record_id, producer=ADA)


async def test_another_organisation_finds_nothing(setting: Setting, org: str) -> None:
    record_id, other = await proposed(setting, org), org + "-other"
    for ask in (setting.desk.approve, setting.desk.reject):
        with pytest.raises(NotFound, match=record_id):
            await ask(other, record_id, producer=ADA)
    for look in (setting.desk.history, setting.desk.explain):
        with pytest.raises(NotFound, match=other):
            await look(other, record_id)
    with pytest.raises(NotFound):
        await setting.desk.forget_record(Scope(org=other), record_id, producer=APP)
    assert await setting.desk.records(Scope(org=other)) == []


async def test_forgetting_by_what_it_says(setting: Setting, org: str) -> None:
    alice = Scope("", org, "alice")
    await setting.desk.remember(alice, "Prefers metric units.", producer=APP)
    await setting.desk.remember(alice, "Likes tea.", producer=APP)
    forgotten = await setting.desk.forget_content(Scope("planner", org, "alice"), "prefers  METRIC units", producer=APP)
    assert contents([*forgotten]) == ["Prefers metric units."]
    assert contents([*(await setting.desk.get(alice)).records]) == ["Likes tea."]
    with pytest.raises(NotFound, match="coffee"):
        await setting.desk.forget_content(alice, "Likes coffee.", producer=APP)


async def test_a_user_cannot_forget_for_others(setting: Setting, org: str) -> None:
    alice, bob = Scope("", org, "alice"), Scope("", org, "bob")
    for scope in (bob, Scope(org=org), Scope("planner", org)):
        record = await setting.desk.remember(scope, "Likes tea.", producer=APP)
        with pytest.raises(NotFound):
            await setting.desk.forget_content(alice, "Likes tea.", producer=APP)
        with pytest.raises(NotFound, match=record.id):
            await setting.desk.forget_record(alice, record.id, producer=APP)
    assert await setting.desk.forget_user(alice, producer=APP) == []


async def test_forgetting_everything_of_a_user(setting: Setting, org: str) -> None:
    kept = await setting.desk.remember(Scope("", org, "bob"), "Likes tea.", producer=APP)
    for agent in ("", "planner", "coder"):
        await setting.desk.remember(Scope(agent, org, "alice"), f"Uses {agent}", producer=APP)
    with pytest.raises(Rejected, match=r"scope\.user"):
        await setting.desk.forget_user(Scope(org=org), producer=APP)
    assert len(await setting.desk.forget_user(Scope("", org, "alice"), producer=APP)) == 3
    assert await setting.desk.records(Scope(org=org), [Status.ACTIVE]) == [kept]


async def test_the_list_is_newest_first_and_bounded(setting: Setting, org: str) -> None:
    for number in range(3):
        await setting.desk.remember(Scope("", org, f"user {number}"), "Likes tea.", producer=APP)
    listed = await setting.desk.records(Scope(org=org), limit=2)
    assert [record.scope.user for record in listed] == ["user 2", "user 1"]
    assert [one.scope.user for one in await setting.desk.records(Scope("", org, "user 0"))] == ["user 0"]


async def test_an_explanation_leads_back_to_the_spans(setting: Setting, org: str) -> None:
    scope = Scope("", org, "alice")
    add = learned(scope=scope, evidence=[quote("metric please")])
    again = learned(scope=scope, evidence=[quote("metric please"), quote("metric!", "c2")])
    forget = learned(operation=Operation.RETRACT, scope=scope, evidence=[quote("forget it")], record_id=add.record_id)
    await setting.log.append([add, again, forget])
    explanation = await setting.desk.explain(org, add.record_id)
    assert explanation.record.status is Status.RETIRED
    assert [update.id for update in explanation.updates] == [add.id, again.id, forget.id]
    assert [item.quote for item in explanation.evidence] == ["metric please", "metric!", "forget it"]
    assert all(item.trace_id and item.span_id for item in explanation.evidence)
