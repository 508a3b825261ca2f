"""Records follow from updates by rules that replay cannot bend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.context.records import fold, settle
from spanwise.collector.context.story import is_decision
from spanwise.collector.model import ContextUpdate, Operation, Record, Scope, Status
from tests.context.examples import ALICE, START, learned, logged, quote

ID = "a" * 32


def add(words: str = "first", status: Status = Status.ACTIVE, version: str = "1") -> ContextUpdate:
    return learned(evidence=[quote(words)], status=status, record_id=ID, version=version)


def retract(words: str = "forget it", producer: str = "forget", version: str = "1") -> ContextUpdate:
    return learned(
        operation=Operation.RETRACT, evidence=[quote(words)], producer=producer, version=version, record_id=ID
    )


def decided(status: Status, producer: str = "person:ada", version: str = "1") -> ContextUpdate:
    return learned(
        operation=Operation.UPDATE, status=status, evidence=(), producer=producer, version=version, record_id=ID
    )


def only(*updates: ContextUpdate) -> Record:
    (record,) = fold(logged(updates))
    return record


def test_an_add_makes_a_record() -> None:
    record = only(add())
    assert (record.id, record.status, record.evidence) == (ID, Status.ACTIVE, (quote("first"),))
    assert record.position == 1
    assert record.created == record.changed > START


def test_more_evidence_strengthens() -> None:
    record = only(add("first"), add("second"))
    assert [item.quote for item in record.evidence] == ["first", "second"]
    assert (record.position, record.created < record.changed) == (2, True)


def test_the_same_evidence_from_a_newer_detector_changes_nothing() -> None:
    assert only(add(), add(version="2")) == only(add())


def test_a_proposal_becomes_active_when_it_is_stated() -> None:
    assert only(add(status=Status.PROPOSED), add("second")).status is Status.ACTIVE
    assert only(add("first"), add("second", Status.PROPOSED)).status is Status.ACTIVE


@pytest.mark.parametrize("put_away", [retract(), decided(Status.REJECTED)])
def test_what_was_put_away_does_not_come_back_by_replay(put_away: ContextUpdate) -> None:
    assert only(add(), put_away, add(version="2")) == only(add(), put_away)


@pytest.mark.parametrize("put_away", [retract(), decided(Status.REJECTED)])
def test_what_was_put_away_comes_back_with_new_evidence(put_away: ContextUpdate) -> None:
    record = only(add(), put_away, add("said again", Status.PROPOSED))
    assert record.status is Status.PROPOSED
    assert [item.quote for item in record.evidence] == ["first", "said again"]


@pytest.mark.parametrize("producer", ["application", "person:ada"])
def test_a_decision_brings_back_without_evidence(producer: str) -> None:
    again = learned(evidence=(), producer=producer, record_id=ID)
    assert only(add(), retract(), again).status is Status.ACTIVE


def test_an_old_request_to_forget_takes_nothing_away_that_was_said_since() -> None:
    assert only(add(), retract(), add("said again"), retract(version="2")).status is Status.ACTIVE


def test_an_update_neither_revives_what_was_forgotten_nor_overrules_a_person() -> None:
    by_learner = decided(Status.ACTIVE, producer="lesson")
    assert only(add(), retract(), decided(Status.ACTIVE)).status is Status.RETIRED
    assert only(add(), decided(Status.REJECTED), by_learner).status is Status.REJECTED
    assert only(add(), decided(Status.REJECTED), decided(Status.ACTIVE)).status is Status.ACTIVE


def test_a_learner_cannot_turn_a_rejection_into_mere_forgetting() -> None:
    assert only(add(), decided(Status.REJECTED), retract()).status is Status.REJECTED


def test_unknown_records_are_left_alone() -> None:
    assert fold(logged([retract(), decided(Status.ACTIVE)])) == []


def test_tenants_do_not_touch_each_others_records() -> None:
    intruder = replace(retract(), scope=Scope(org="other", user=ALICE.user))
    assert only(add(), intruder).status is Status.ACTIVE


def test_who_decides() -> None:
    assert is_decision("application")
    assert is_decision("person:ada")
    assert not is_decision("personality")


WORDS = st.sampled_from(["first", "second", "third"])
LEARNED = st.one_of(
    st.builds(add, WORDS, st.sampled_from([Status.ACTIVE, Status.PROPOSED])),
    st.builds(retract, WORDS),
)
DECIDED = st.one_of(
    st.builds(decided, st.sampled_from([Status.ACTIVE, Status.REJECTED])),
    st.builds(retract, WORDS, st.just("person:ada")),
)
LOGS = st.lists(LEARNED | DECIDED, max_size=12).map(lambda updates: [add("origin"), *updates])


def unique(updates: Sequence[ContextUpdate]) -> list[ContextUpdate]:
    return list({item.id: item for item in reversed(updates)}.values())[::-1]


@given(LOGS, st.data())
def test_duplicates_change_nothing(log: list[ContextUpdate], data: st.DataObject) -> None:
    once = settle([], logged(unique(log)))  # what is in a log: only what said something new
    repeated = [*once, *data.draw(st.lists(st.sampled_from(once)))]
    assert fold(repeated) == fold(once)


@given(st.lists(LEARNED, max_size=12))
def test_a_newer_version_over_the_same_traces_changes_no_status(updates: list[ContextUpdate]) -> None:
    log = [add("origin"), *updates, retract("the end", "person:ada")]
    replayed = log + [replace(item, id=item.id + "v2", version="2") for item in log if not is_decision(item.producer)]
    assert fold(logged(replayed)) == fold(logged(log))


@given(LOGS)
def test_the_fold_is_deterministic_and_keeps_all_evidence_for_the_record_once(log: list[ContextUpdate]) -> None:
    record = only(*log)
    sources = [item.source for item in record.evidence]
    assert len(sources) == len(set(sources))
    assert set(sources) == {
        item.source for one in log if one.operation is not Operation.RETRACT for item in one.evidence
    }


@given(LOGS)
def test_records_of_different_ids_do_not_disturb_each_other(log: list[ContextUpdate]) -> None:
    other = [replace(item, id=item.id + "b", record_id="b" * 32) for item in log]
    both = logged([one for pair in zip(log, other, strict=True) for one in pair])
    folded = {record.id: record.status for record in fold(both)}
    assert folded == {ID: only(*log).status, "b" * 32: only(*log).status}


@given(LOGS, st.integers(0, 12))
def test_settled_updates_say_the_same_and_can_be_taken_at_their_word(log: list[ContextUpdate], cut: int) -> None:
    told = logged(unique(log))
    settled = [*told[:1], *settle(told[:1], told[1:cut])]
    settled += settle(settled, told[cut:])
    assert fold(settled) == fold(told)
    assert settled[-1].status is fold(told)[0].status


def test_what_says_nothing_new_is_left_out() -> None:
    log = logged([add(), retract()])
    again = logged([add(version="2"), retract(version="2"), decided(Status.ACTIVE, producer="lesson")])
    assert settle(log, [*again, *log]) == []
