"""What a turn says beside what is to be remembered: each signal with what gives it, and what only looks like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.processors import Origin, Processor, Signal
from spanwise.processors.user.clarification import clarifications
from spanwise.processors.user.correction import corrections
from spanwise.processors.user.escalation import escalations
from spanwise.processors.user.frustration import frustration
from spanwise.processors.user.gratitude import gratitude
from spanwise.processors.user.languages import LANGUAGES
from spanwise.processors.user.preference import implicit_preferences
from spanwise.processors.user.rephrase import rephrasings
from spanwise.processors.user.topic_switch import topic_switches
from tests.processors.conversations import conversation

DETECTORS: dict[str, Processor] = {
    "correction": corrections,
    "rephrase": rephrasings,
    "clarification": clarifications,
    "frustration": frustration,
    "escalation": escalations,
    "gratitude": gratitude,
    "topic_switch": topic_switches,
    "preference.implicit": implicit_preferences,
}

ASKED = "When does the ferry to Hvar leave on Monday?"
ANSWERED = "The ferry to Split leaves at 9:40 on Tuesday."


def replied(said: str, *, asked: str = ASKED, answer: str = ANSWERED) -> dict[str, Signal]:
    """What is seen in a reply to an answer, by kind; not what is seen in the turn before."""
    trace = conversation(asked, (Origin.ASSISTANT, answer), said)
    found = (one for detect in DETECTORS.values() for one in detect(trace))
    return {one.kind: one for one in found if one.details["turn"] == "2"}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("correction", "No, I said Hvar, not Split."),
        ("correction", "that's wrong, it runs on Mondays"),
        ("correction", "You mixed up the islands, it's Hvar."),
        ("correction", "Nein, ich meinte Hvar."),
        ("correction", "不对，我说的是赫瓦尔"),
        ("rephrase", "When on Monday does the Hvar ferry leave?"),
        ("clarification", "What do you mean by Split?"),
        ("clarification", "I meant the island, not the town."),
        ("frustration", "Are you even reading what I write?"),
        ("frustration", "This is useless."),
        ("frustration", "C'est inadmissible, vous ne lisez rien."),
        ("escalation", "Can I speak to a real person please?"),
        ("escalation", "Ich möchte mit einem Mitarbeiter sprechen."),
        ("gratitude", "Great, thanks a lot!"),
        ("gratitude", "¡Muchas gracias!"),
        ("topic_switch", "Different question: what plug type do they use in Namibia?"),
        ("preference.implicit", "Can you put that in a table?"),
        ("preference.implicit", "shorter please"),
    ],
)
def test_is_seen(kind: str, said: str) -> None:
    signal = replied(said)[kind]
    assert signal.evidence.quote in said
    assert signal.evidence.said_by is Origin.USER
    assert 0.5 <= signal.confidence < 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("correction", "Is that right?"),
        ("correction", "What am I doing wrong?"),
        ("rephrase", "And when does it come back?"),
        ("clarification", "I mean it, this is great."),
        ("frustration", "My train is late every single time, what can I do?"),
        ("frustration", "is that nonsense or for real?"),
        ("escalation", "Is there a person on board who checks tickets?"),
        ("escalation", "transfer from the airport for 3 people?"),
        ("gratitude", "Thanks for nothing."),
        ("gratitude", "Could you check the bus as well? Thanks"),
        ("topic_switch", "And on which other days?"),
        ("preference.implicit", "Book two seats please."),
        ("preference.implicit", "Just for today, keep it short."),
    ],
)
def test_only_looks_like_it(kind: str, said: str) -> None:
    assert kind not in replied(said)


def test_no_in_answer_to_a_question_corrects_nothing() -> None:
    assert "correction" not in replied("No, Tuesday is fine.", answer="Shall I look for Monday instead?")


def test_a_new_subject_silences_correction_and_rephrasing() -> None:
    found = replied("Different question: no, wait, when does the ferry to Hvar leave on Tuesday?")
    assert "topic_switch" in found
    assert not {"correction", "rephrase"} & found.keys()


def test_a_correction_tells_what_was_wrong_and_what_is_right() -> None:
    assert {"right": "Hvar", "wrong": "Split"}.items() <= replied("No, I said Hvar, not Split.")[
        "correction"
    ].details.items()


def test_what_is_to_be_kept_is_no_mere_hint() -> None:
    assert "preference.implicit" not in replied("From now on put such things in a table.")


def test_a_rephrasing_names_what_was_asked_first() -> None:
    assert replied("When on Monday does the Hvar ferry leave?")["rephrase"].details["first"] == ASKED


@pytest.mark.parametrize("detect", DETECTORS.values(), ids=DETECTORS)
def test_only_what_a_person_says_counts(detect: Processor) -> None:
    for origin in set(Origin) - {Origin.USER}:
        said = "No, that's wrong! This is useless, thanks. Different question: a real person please, in a table."
        assert not list(detect(conversation(ASKED, (Origin.ASSISTANT, ANSWERED), (origin, said))))


@pytest.mark.parametrize("detect", DETECTORS.values(), ids=DETECTORS)
@pytest.mark.parametrize(
    "text",
    ["a " * 500_000, "no, " * 100_000, "HUMAN " * 50_000, "thanks, " * 50_000, "!" * 100_000, "not the " * 50_000],
    ids=["words", "no", "capitals", "thanks", "marks", "negations"],
)
def test_a_huge_turn_is_read_in_a_moment(detect: Processor, text: str) -> None:
    started = time.process_time()
    list(detect(conversation(ASKED, (Origin.ASSISTANT, ANSWERED), text)))
    assert time.process_time() - started < 3


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_survived_and_quoted_exactly(asked: str, said: str) -> None:
    for signal in replied(said, asked=asked).values():
        assert signal.evidence.quote in said


@pytest.mark.parametrize("role", ["keep", "lasting", "name", "not_keep", "passing", "polite", "forget", "reported"])
def test_every_language_is_made_of_patterns(role: str) -> None:
    assert all(isinstance(pattern, str) for language in LANGUAGES for pattern in getattr(language, role))
