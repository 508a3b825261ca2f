"""What users ask for becomes memories: in their own scope at once, elsewhere only as a proposal; and goes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from spanwise.processors import Operation, Origin, Scope, Status
from spanwise.processors.learn.forget import forget
from spanwise.processors.learn.matching import likeness
from spanwise.processors.learn.remember import remember
from spanwise.processors.user.memory import explicit_memories
from tests.processors.conversations import ADA, NOON, contents, context, conversation, held, record, said_by, signals

VEGAN = "Please remember that I'm vegan."
HERS = Scope(org="acme", user="ada")
NOBODY = replace(ADA, user="")


def test_a_users_memory_holds_at_once_for_them_with_every_agent() -> None:
    [update] = remember(signals(conversation(VEGAN)), context())
    assert (update.operation, update.scope, update.status) == (Operation.ADD, HERS, Status.ACTIVE)
    assert update.content == "The user is vegan."


@pytest.mark.parametrize(
    ("scope", "where"), [("org", Scope(org="acme")), ("agent", Scope(agent="concierge", org="acme"))]
)
def test_what_concerns_others_is_proposed(scope: str, where: Scope) -> None:
    [signal] = signals(conversation(VEGAN))
    [update] = remember([replace(signal, details={**signal.details, "scope": scope})], context())
    assert (update.scope, update.status) == (where, Status.PROPOSED)
    assert update.reason


def test_an_unknown_users_memory_is_proposed_and_gives_way_once_they_are_known() -> None:
    [proposed] = remember(signals(conversation(VEGAN, scope=NOBODY)), context())
    assert (proposed.scope, proposed.status) == (NOBODY, Status.PROPOSED)

    known = list(remember(signals(conversation(VEGAN)), context(record(proposed))))
    assert [(update.operation, update.scope) for update in known] == [
        (Operation.ADD, HERS),
        (Operation.RETRACT, NOBODY),
    ]
    assert known[1].record_id == proposed.record_id


def test_what_a_person_approved_for_the_agent_is_theirs_to_withdraw() -> None:
    [proposed] = remember(signals(conversation(VEGAN, scope=NOBODY)), context())
    approved = replace(record(proposed), status=Status.ACTIVE, producer="grace@acme.example")
    assert len(list(remember(signals(conversation(VEGAN)), context(approved)))) == 1


def test_only_users_teach() -> None:
    [signal] = explicit_memories(conversation(VEGAN))
    for origin in set(Origin) - {Origin.USER}:
        assert list(remember([said_by(signal, origin)], context())) == []


def test_a_line_that_we_rendered_is_no_evidence_for_itself() -> None:
    memory = held("Always answer in French.", scope=HERS, quote="réponds toujours en français")
    assert list(remember(signals(conversation("- Always answer in French.")), context(memory))) == []


def test_running_twice_says_the_same() -> None:
    trace = conversation(VEGAN)
    assert list(remember(signals(trace), context())) == list(remember(signals(trace), context()))


def test_forgetting_retracts_what_matches() -> None:
    memories = held("The user is vegan.", scope=HERS), held("The user lives in Ghent.", scope=HERS)
    [update] = forget(signals(conversation("Forget that I'm vegan.", at=NOON + timedelta(days=1))), context(*memories))
    assert (update.operation, update.record_id) == (Operation.RETRACT, "id of The user is vegan.")


def test_forgetting_everything_retracts_all_of_the_users_own() -> None:
    memories = held("The user is vegan.", scope=HERS), held("Never merge on Fridays.", scope=Scope(org="acme"))
    later = conversation("Forget everything you know about me.", at=NOON + timedelta(days=1))
    assert contents(list(forget(signals(later), context(*memories)))) == ["The user is vegan."]


@pytest.mark.parametrize(
    "scope",
    [
        Scope(org="acme"),
        Scope(agent="concierge", org="acme"),
        Scope(org="acme", user="bob"),
        Scope(org="other", user="ada"),
    ],
)
def test_a_user_cannot_retract_what_is_not_theirs(scope: Scope) -> None:
    trace = conversation("Forget that I'm vegan.", at=NOON + timedelta(days=1))
    assert list(forget(signals(trace), context(held("The user is vegan.", scope=scope)))) == []


def test_nothing_is_retracted_without_a_match() -> None:
    trace = conversation("Forget that I'm vegan.", at=NOON + timedelta(days=1))
    assert list(forget(signals(trace), context(held("The user lives in Ghent.", scope=HERS)))) == []


def test_forgetting_before_remembering_leaves_the_memory() -> None:
    trace = conversation("Forget that I'm vegan.", "Sorry, I was wrong. " + VEGAN)
    [added] = remember(signals(trace), context())
    assert list(forget(signals(trace), context(record(added)))) == []


def test_forgetting_after_remembering_in_one_conversation() -> None:
    before, whole = conversation(VEGAN), conversation(VEGAN, "Actually, forget that I'm vegan.")
    [added] = remember(signals(before), context())
    assert list(remember(signals(whole), context())) == []
    [update] = forget(signals(whole), context(record(added, changed=NOON + timedelta(hours=1))))
    assert (update.operation, update.record_id) == (Operation.RETRACT, added.record_id)


def test_an_old_request_to_forget_leaves_what_was_given_again_elsewhere() -> None:
    old = signals(conversation("Forget that I'm vegan."))
    again = held("The user is vegan again.", scope=HERS, conversation="c2", said=NOON + timedelta(days=3))
    assert list(forget(old, context(again))) == []


@pytest.mark.parametrize(
    ("about", "content", "same"),
    [
        ("The user's address.", "The user's address is Kastanienweg 4.", True),
        ("My old home airport.", "The user's home airport is Stansted.", True),
        ("The vegan thing.", "The user is vegan.", True),
        ("The user's home airport.", "The user's home address is Elm Row.", False),
        ("The user wants to be called Bill.", "The user wants to be called Bob.", False),
        ("That.", "The user is vegan.", False),
    ],
)
def test_when_two_texts_are_about_the_same(about: str, content: str, same: bool) -> None:
    assert (likeness(about, content) >= 0.6) is same
