"""Which traces are learned from together."""

from __future__ import annotations

from spanwise.collector.model import Evidence, Origin, Scope, Signal
from spanwise.collector.roles.learning import together


def signal(user: str, conversation: str = "") -> Signal:
    evidence = Evidence("remember", Origin.USER, conversation, "1" * 32, "2" * 16)
    return Signal("id", "memory.explicit", Scope("agent", "org", user), evidence, 1.0, "test", "1")


def groups(*traces: Signal | None, most: int = 8) -> list[list[str]]:
    signals = {str(number): [one] if one else [] for number, one in enumerate(traces)}
    return [list(group) for group in together(signals, most)]


def test_different_speakers_are_learned_from_together() -> None:
    assert groups(signal("anna"), None, signal("ben")) == [["0", "2"]]


def test_what_one_speaker_said_is_learned_in_order() -> None:
    assert groups(signal("anna"), signal("ben"), signal("anna"), signal("cleo")) == [["0", "1"], ["2", "3"]]


def test_who_is_unknown_is_the_conversation() -> None:
    assert groups(signal("", "c1"), signal("", "c2"), signal("", "c1")) == [["0", "1"], ["2"]]


def test_a_group_is_not_larger_than_it_may_be() -> None:
    assert groups(*(signal(f"user-{number}") for number in range(5)), most=2) == [["0", "1"], ["2", "3"], ["4"]]
