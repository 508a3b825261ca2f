"""What the credential of one user is told of what holds for everybody: the lesson, and nobody else's words."""

from __future__ import annotations

import asyncio

import pytest

from spanwise.collector.access import Caller, Denied
from spanwise.collector.context.fenced import FencedDesk
from spanwise.collector.context.reviewing import Verdict
from spanwise.collector.model import ContextUpdate, Evidence, Origin, RecordKind, Scope, Status
from tests.context.conftest import Setting
from tests.context.examples import learned

SAID = Evidence("My card was declined, use ISO dates!", Origin.USER, "of Bob", "0" * 32, "0" * 16, user="bob")
ADA = Scope(user="ada")


@pytest.fixture
def ada(setting: Setting, org: str) -> FencedDesk:
    return setting.desk_of(Caller(org, "ada"))


@pytest.fixture
def everybody(setting: Setting, org: str) -> FencedDesk:
    return setting.desk_of(Caller(org))


@pytest.fixture
def lesson(org: str) -> ContextUpdate:
    """For everybody, from what Bob said; it waits for a decision."""
    kind, scope = RecordKind.INSTRUCTION, Scope("", org)
    return learned("Use ISO dates.", scope=scope, kind=kind, status=Status.PROPOSED, evidence=[SAID])


async def test_a_lesson_is_told_without_the_words_that_it_rests_on(
    ada: FencedDesk, everybody: FencedDesk, setting: Setting, lesson: ContextUpdate
) -> None:
    await setting.log.append([lesson])
    assert not (await ada.get(ADA, include_proposed=True)).records
    await everybody.decide(lesson.record_id, Verdict.APPROVE)
    (told,) = (await ada.get(ADA)).records
    assert (told.content, told.evidence) == ("Use ISO dates.", ())
    (whole,) = (await everybody.get(ADA)).records
    assert [item.quote for item in whole.evidence] == [SAID.quote]


async def test_who_follows_learns_that_it_holds_and_that_it_holds_no_longer(
    ada: FencedDesk, everybody: FencedDesk, setting: Setting, lesson: ContextUpdate
) -> None:
    await setting.log.append([lesson])
    await everybody.decide(lesson.record_id, Verdict.APPROVE, reason="Bob complained")
    await everybody.decide(lesson.record_id, Verdict.REJECT, reason="Bob was wrong")
    await ada.remember(ADA, "Ada likes tea.")
    following = ada.watch(ADA, 0)
    seen = [await asyncio.wait_for(anext(following), 5) for _ in range(3)]
    assert [(one.status, one.content) for one in seen] == [
        (Status.ACTIVE, "Use ISO dates."),
        (Status.REJECTED, ""),
        (Status.ACTIVE, "Ada likes tea."),
    ]
    assert not any(one.evidence or "Bob" in one.reason for one in seen)


def test_a_caller_can_be_bound_closer_and_not_wider(org: str) -> None:
    assert Caller(org).narrowed("ada", "planner") == Caller(org, "ada", "planner")
    assert Caller(org, "ada").narrowed("", "planner") == Caller(org, "ada", "planner")
    for wider in (("bob", ""), ("bob", "planner")):
        with pytest.raises(Denied, match="'bob' is not the user"):
            Caller(org, "ada").narrowed(*wider)
    with pytest.raises(Denied, match="organisation"):
        Caller(org).scope(Scope("", "other"))
