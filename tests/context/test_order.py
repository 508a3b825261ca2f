"""What is known does not depend on the order in which it came to be known, nor on how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.context.admission import Knowledge, admit
from spanwise.collector.context.decisions import decide, erasing
from spanwise.collector.context.policy import Policy
from spanwise.collector.context.policy_file import default_policy, parse_policy
from spanwise.collector.context.records import fold
from spanwise.collector.model import ContextUpdate, Evidence, Intent, Operation, Origin, RecordKind, Scope, Status
from spanwise.processors import update
from spanwise.processors.learn.subject import subject_of
from tests.context.examples import START

NAMES = ("Bob", "Robert", "Rob")
THRICE = parse_policy('[[rule]]\nname = "thrice"\nconversations = 3\nthen = "activate"')


def said(name: str, moment: int, operation: Operation = Operation.ADD) -> ContextUpdate:
    """The user's word, in a conversation of its own at the second `moment`."""
    content = f"The user wants to be called {name}."
    seconds = int((START + timedelta(seconds=moment)).timestamp())
    return update(
        operation,
        kind=RecordKind.MEMORY,
        scope=Scope(org="acme", user="ada"),
        content=content,
        status=Status.RETIRED if operation is Operation.RETRACT else Status.ACTIVE,
        intent=Intent.EXPLICIT,
        confidence=0.9,
        evidence=[Evidence(f"{operation} {name}", Origin.USER, f"c{moment}", "1" * 32, "2" * 16, seconds * 10**9)],
        producer="learner:remember",
        version="1",
        subject=subject_of(content),
        record_id="" if operation is Operation.ADD else said(name, 0).record_id,
    )


def learned_in(order: list[ContextUpdate], policy: Policy, start: int = 1_000) -> list[ContextUpdate]:
    """The log after `order` came in, one a second."""
    log: list[ContextUpdate] = []
    for number, one in enumerate(order):
        placed = replace(one, at=START + timedelta(seconds=start + number), position=len(log) + 1)
        admitted = admit(log, [placed], policy, Knowledge()).updates
        log += [replace(item, position=len(log) + place) for place, item in enumerate(admitted, 1)]
    return log


def state(log: list[ContextUpdate]) -> set[tuple[object, ...]]:
    """All of the records but when Spanwise learned of them."""
    return {
        (one.id, one.status, one.content, one.valid_from, one.valid_to, one.superseded_by, frozenset(one.evidence))
        for one in fold(log)
    }


def talks(*operations: Operation, names: tuple[str, ...] = NAMES) -> st.SearchStrategy[list[ContextUpdate]]:
    one = st.builds(said, st.sampled_from(names), st.integers(0, 30), st.sampled_from(operations))
    return st.lists(one, min_size=1, max_size=8, unique_by=lambda one: one.evidence[0].at)


SAID = talks(Operation.ADD, Operation.RETRACT)


def assert_order_does_not_matter(updates: list[ContextUpdate], policy: Policy, chance: Random) -> None:
    ordered = sorted(updates, key=lambda one: one.evidence[0].at)
    shuffled = [*updates, *updates]
    chance.shuffle(shuffled)
    assert state(learned_in(shuffled, policy)) == state(learned_in(ordered, policy))


@given(SAID, st.randoms())
def test_any_order_and_any_repetition_ends_in_the_same_state(updates: list[ContextUpdate], chance: Random) -> None:
    assert_order_does_not_matter(updates, default_policy(), chance)


@given(talks(Operation.ADD, names=("Bob",)), st.randoms())
def test_nor_does_the_order_matter_to_what_must_recur(updates: list[ContextUpdate], chance: Random) -> None:
    assert_order_does_not_matter(updates, THRICE, chance)


@given(SAID, st.randoms())
def test_a_follower_may_get_the_log_in_any_order(updates: list[ContextUpdate], chance: Random) -> None:
    log = learned_in(updates, default_policy())
    mixed = [*log, *log]
    chance.shuffle(mixed)
    assert state(mixed) == state(log)


@given(SAID, st.integers(-1, 20))
def test_as_of_never_shows_what_was_not_yet_known(updates: list[ContextUpdate], second: int) -> None:
    log = learned_in(updates, default_policy())
    moment: datetime = START + timedelta(seconds=1_000 + second)
    then = [one for one in log if one.at and one.at <= moment]
    known = updates[: second + 1]
    assert state(then) == state(learned_in(known, default_policy()))
    assert {record.id for record in fold(then)} <= {one.record_id for one in known}


@given(SAID, SAID)
def test_another_policy_alters_nothing_of_the_past(before: list[ContextUpdate], after: list[ContextUpdate]) -> None:
    log = learned_in(before, default_policy())
    drop = parse_policy('[[rule]]\nname = "nothing"\nthen = "drop"')
    for policy in (drop, THRICE):
        again = admit(
            log, [replace(one, at=START + timedelta(days=1), position=99) for one in before], policy, Knowledge()
        )
        assert again.updates == []
    known = {one.id for one in before}
    later = admit(
        log,
        [replace(one, at=START + timedelta(days=1), position=99) for one in after if one.id not in known],
        drop,
        Knowledge(),
    )
    assert all(one.operation is Operation.RETRACT for one in later.updates)


Step = ContextUpdate | tuple[str, str]
"""What a learner suggests, or what a person decides about the record of a name."""
DECIDED = ("approve", "reject", "edit", "forget", "erase")


def decided(verdict: str, log: list[ContextUpdate], name: str) -> ContextUpdate | None:
    """What a person makes of the record of this name as it is; None if there is nothing to decide about."""
    record = next((one for one in fold(log) if one.id == said(name, 0).record_id), None)
    if record is None:
        return None
    match verdict:
        case "approve":
            return decide(Operation.UPDATE, record, Status.ACTIVE, "person:eve", "")
        case "reject":
            return decide(Operation.UPDATE, record, Status.REJECTED, "person:eve", "")
        case "edit":
            return decide(Operation.UPDATE, record, Status.ACTIVE, "person:eve", "", "The user likes to be called Al.")
        case "forget":
            return decide(Operation.RETRACT, record, Status.RETIRED, "application", "")
        case _:
            return erasing(record, "person:eve", "")


def lived(steps: Sequence[Step], policy: Policy) -> list[ContextUpdate]:
    """The log after learners and people had their say, one a second."""
    log: list[ContextUpdate] = []
    for number, step in enumerate(steps):
        one = decided(step[0], log, step[1]) if isinstance(step, tuple) else step
        if one is not None:
            placed = replace(one, at=START + timedelta(seconds=1_000 + number), position=len(log) + 1)
            admitted = admit(log, [placed], policy, Knowledge()).updates
            log += [replace(item, position=len(log) + place) for place, item in enumerate(admitted, 1)]
    return log


LIVES = st.lists(
    st.one_of(
        st.builds(
            said, st.sampled_from(NAMES), st.integers(0, 30), st.sampled_from([Operation.ADD, Operation.RETRACT])
        ),
        st.tuples(st.sampled_from(DECIDED), st.sampled_from(NAMES)),
    ),
    min_size=2,
    max_size=14,
)


@given(LIVES, st.sampled_from([default_policy(), THRICE]), st.randoms())
def test_whatever_befell_the_records_their_updates_say_so_in_any_order(
    steps: Sequence[Step], policy: Policy, chance: Random
) -> None:
    log = lived(steps, policy)
    mixed = [*log, *log]
    chance.shuffle(mixed)
    assert state(mixed) == state(log)
    assert admit(log, log, policy, Knowledge()).updates == [], "what is known says nothing new"


@given(LIVES, st.integers(0, 14))
def test_as_of_shows_what_was_told_then_whatever_befell_the_records_since(steps: Sequence[Step], number: int) -> None:
    moment = START + timedelta(seconds=1_000 + number - 1)
    then = [one for one in lived(steps, default_policy()) if one.at and one.at <= moment]
    assert state(then) == state(lived(steps[:number], default_policy()))


@given(LIVES)
def test_another_policy_alters_nothing_that_was_decided(steps: Sequence[Step]) -> None:
    log = lived(steps, default_policy())
    again = [one for one in steps if isinstance(one, ContextUpdate)]
    placed = [replace(one, at=START + timedelta(days=1), position=len(log) + 1) for one in again]
    assert admit(log, placed, THRICE, Knowledge()).updates == []
    assert all(one.policy.startswith("default@") for one in log if one.policy)


def test_the_newer_name_holds_and_says_what_it_replaced() -> None:
    robert, bob = said("Robert", 1), said("Bob", 2)
    first, second = fold(learned_in([robert, bob], default_policy()))
    assert (first.status, first.superseded_by, first.valid_to) == (Status.RETIRED, second.id, second.valid_from)
    assert (second.status, second.valid_to) == (Status.ACTIVE, None)


def test_the_same_lesson_of_several_conversations_strengthens_one_record() -> None:
    (record,) = fold(learned_in([said("Bob", 1), said("Bob", 2), said("Bob", 3)], default_policy()))
    assert [item.conversation for item in record.evidence] == ["c1", "c2", "c3"]


def test_until_it_recurs_it_is_only_noted() -> None:
    statuses = [fold(learned_in([said("Bob", n) for n in range(k)], THRICE))[0].status for k in (1, 2, 3)]
    assert statuses == [Status.NOTED, Status.NOTED, Status.ACTIVE]
