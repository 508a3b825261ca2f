"""A user's wish that something be forgotten is seen, and told from `forget it` and `don't forget`."""

from __future__ import annotations

import pytest

from spanwise.processors.user.forget import forget_requests
from tests.processors.conversations import conversation, forgotten, remembered

REQUESTS = {
    "Forget that I'm allergic to cats.": "The user is allergic to cats.",
    "delete what you know about my address": "The user's address.",
    "Stop calling me Captain.": "The user wants to be called Captain.",
    "Please don't call me Bill anymore.": "The user wants to be called Bill.",
    "Erase my old number from your memory.": "The user's old number.",
}


@pytest.mark.parametrize(("said", "about"), REQUESTS.items())
def test_a_request_names_the_thing_as_it_was_remembered(said: str, about: str) -> None:
    assert forgotten(said) == [about]


@pytest.mark.parametrize(
    "said",
    [
        "You can drop the rule about short answers.",
        "I'm eating meat again so you can forget the vegan thing",
        "You can stop assuming I'm a student.",
        "Remove the note about my knee, it has healed.",
        "the thing about Swiss francs no longer applies",
        "wipe everything you know about me",
        "Vergiss bitte, dass ich vegan bin.",
        "Oublie que je suis végétarien.",
        "Olvida que soy alérgico.",
        "Dimentica che sono vegetariano.",
        "Vergeet dat ik geen vlees eet.",
    ],
)
def test_many_ways_to_ask(said: str) -> None:
    assert forgotten(said)


@pytest.mark.parametrize(
    "said",
    [
        "Forget it.",
        "never mind, forget about it",
        "Don't forget the eggs",
        "I forgot my password",
        "I always forget to drink water",
        "How do I forget someone?",
        "Forget pizza, let's do pasta tonight.",
        "Delete the last paragraph.",
        "Remove eggs from my shopping list",
        "cancel my subscription",
        'She said "forget what you know about me".',
    ],
)
def test_what_only_looks_like_a_request(said: str) -> None:
    assert forgotten(said) == []


def test_taking_back_one_thing_and_giving_another_are_two_signals() -> None:
    said = "Don't call me Bill anymore - call me Bob."
    assert forgotten(said) == ["The user wants to be called Bill."]
    assert remembered(said) == ["The user wants to be called Bob."]


def test_everything_is_marked_as_such() -> None:
    [signal] = forget_requests(conversation("Wipe everything you know about me."))
    assert signal.details["everything"] == "yes"
