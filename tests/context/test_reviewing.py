"""The queue, decisions in bulk, and what they say about detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policies import enforce, policy_at
from spanwise.collector.context.policy_file import default_policy, parse_policy
from spanwise.collector.context.reviewing import Verdict, rates
from spanwise.collector.errors import Rejected
from spanwise.collector.model import ContextUpdate, Evidence, Origin, RecordKind, Scope, Signal, Status
from spanwise.collector.roles.retiring import retire
from spanwise.collector.store import Store
from spanwise.collector.store.signals import write_signals
from tests.context.conftest import Setting
from tests.context.examples import START, learned

ADA = "person:ada"


def lesson(org: str, content: str, detector: str = "tool.recovered", conversations: int = 1) -> ContextUpdate:
    evidence = [
        Evidence(content, Origin.TOOL, f"c{number}", "1" * 32, "2" * 16, 0, "", "tool.recovered", detector)
        for number in range(conversations)
    ]
    return learned(content, scope=Scope("desk", org), kind=RecordKind.INSTRUCTION, evidence=evidence)


def desk_of(setting: Setting, store: Store) -> ContextDesk:
    async def note(signals: Sequence[Signal]) -> None:
        await write_signals(store, signals, lambda: setting.now)

    return ContextDesk(setting.log, note)


async def test_the_queue_shows_what_a_decision_would_change(setting: Setting, store: Store, org: str) -> None:
    desk = desk_of(setting, store)
    held = await desk.remember(Scope("desk", org), "Use ISO dates.", producer="application")
    rare, often = lesson(org, "Never use ISO dates."), lesson(org, "Give the city in English.", conversations=3)
    rival = replace(rare, subject=held.subject, kind=RecordKind.MEMORY)
    await setting.log.append([rival, often])
    queue = await desk.queue(Scope(org=org), 10)
    assert [item.record.content for item in queue.items] == ["Give the city in English.", "Never use ISO dates."]
    first, second = queue.items
    assert "city" not in first.before
    assert "- Give the city in English." in first.after
    assert (first.supersedes, second.supersedes) == (None, held)
    assert "Use ISO dates." in second.before
    assert "- Use ISO dates." not in second.after
    assert (await desk.queue(Scope(org=org), 1)).waiting == 2
    setting.now += timedelta(minutes=1)
    await desk.approve(org, rival.record_id, producer=ADA)
    assert (await desk.explain(org, held.id)).record.superseded_by == rival.record_id


async def test_decisions_are_signals_and_rates_follow(setting: Setting, store: Store, org: str) -> None:
    desk = desk_of(setting, store)
    lessons = [lesson(org, f"Lesson {number}.", "good" if number < 3 else "bad") for number in range(6)]
    await setting.log.append(lessons)
    verdicts = [Verdict.APPROVE, Verdict.EDIT, Verdict.APPROVE, Verdict.REJECT, Verdict.REJECT, Verdict.APPROVE]
    for one, verdict in zip(lessons, verdicts, strict=True):
        await desk.decide(org, one.record_id, verdict, "Other words.", producer=ADA, reason="seen it")
    assert [(one.detector, one.approved, one.edited, one.rejected) for one in await rates(store, org)] == [
        ("bad", 1, 0, 2),
        ("good", 2, 1, 0),
    ]
    edited = (await desk.explain(org, lessons[1].record_id)).record
    assert (edited.content, edited.status, edited.producer) == ("Other words.", Status.ACTIVE, ADA)
    (row,) = await store.query(
        "SELECT Details['reason'], Details['by'], SaidBy FROM signals "
        "WHERE Org = {org:String} AND Kind = 'review.edited'",
        {"org": org},
    )
    assert row == ("seen it", ADA, "reviewer")


async def test_what_was_rejected_stays_so_until_there_is_new_evidence(setting: Setting, store: Store, org: str) -> None:
    desk = desk_of(setting, store)
    one = lesson(org, "Lesson.")
    await setting.log.append([one])
    await desk.reject(org, one.record_id, producer=ADA, reason="wrong")
    setting.now += timedelta(minutes=1)
    assert await setting.log.append([replace(one, id="from a newer version")]) == []
    (back,) = await setting.log.append([lesson(org, "Lesson.", conversations=2)])
    assert back.status is Status.PROPOSED


@pytest.mark.parametrize("content", ["The password is hunter2!", "", "x" * 5_000])
async def test_an_edit_may_say_as_little_as_anything_else(
    setting: Setting, store: Store, org: str, content: str
) -> None:
    one = lesson(org, "Lesson.")
    await setting.log.append([one])
    with pytest.raises(Rejected, match="content"):
        await desk_of(setting, store).edit(org, one.record_id, content, producer=ADA)


async def test_an_answer_as_of_a_time_knows_nothing_later(setting: Setting, store: Store, org: str) -> None:
    desk, alice = desk_of(setting, store), Scope("", org, "alice")
    await desk.remember(alice, "The user wants to be called Robert.", producer="application")
    setting.now += timedelta(hours=1)
    await desk.remember(alice, "The user wants to be called Bob.", producer="application")
    setting.now += timedelta(hours=1)
    moments = [None, START + timedelta(minutes=30), START - timedelta(seconds=1)]
    told = [[one.content for one in (await desk.get(alice, as_of=moment)).records] for moment in moments]
    assert told == [["The user wants to be called Bob."], ["The user wants to be called Robert."], []]


async def test_a_smaller_budget_alters_nothing_of_what_was_told_before(store: Store, org: str) -> None:
    setting, alice = Setting(store), Scope("", org, "alice")
    for fact in ("Likes tea.", "Has two dogs."):
        await setting.desk.remember(alice, fact, producer="application")
    small = parse_policy('name = "small"\n[budget.user]\nrecords = 1\n[retention]\nmemory = "90d"')
    before, then, now = (START + timedelta(minutes=minutes) for minutes in (10, 20, 30))
    await enforce(store, default_policy(), lambda: START)
    await enforce(store, small, lambda: then)
    await enforce(store, small, lambda: now)  # started once more
    desk = ContextDesk(ContextLog(store, lambda: now, setting.publish, small))
    told = [(await desk.get(alice, as_of=moment)).prompt_section.count("\n- ") for moment in (before, then, None)]
    assert told == [2, 1, 1]
    noted = await policy_at(store, now)
    assert noted is not None
    assert noted.id == small.id
    ((rows,),) = await store.query("SELECT count() FROM policies WHERE startsWith(Id, 'small@')")
    assert rows == 1


async def test_what_nothing_confirms_is_retired_in_time(setting: Setting, store: Store, org: str) -> None:
    policy = parse_policy('[[rule]]\nname = "all"\nthen = "activate"\n[retention]\nmemory = "30d"')
    log = ContextLog(store, lambda: setting.now, setting.publish, policy)
    add = learned(scope=Scope("", org, "alice"))
    await log.append([add])
    assert [one for one in await retire(store, log, START + timedelta(days=29)) if one.scope.org == org] == []
    setting.now += timedelta(days=31)
    (retired,) = [one for one in await retire(store, log, setting.now) if one.scope.org == org]
    assert (retired.record_id, retired.status, retired.producer) == (add.record_id, Status.RETIRED, "retention")
    assert [one for one in await retire(store, log, setting.now) if one.scope.org == org] == []
