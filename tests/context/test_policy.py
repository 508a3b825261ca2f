"""What people wrote down is what happens; what they wrote wrongly is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from spanwise.collector.context.admission import Knowledge, admit
from spanwise.collector.context.policy import Consent, Policy
from spanwise.collector.context.policy_file import InvalidPolicy, default_policy, load_policy, parse_policy
from spanwise.collector.context.records import fold
from spanwise.collector.model import ContextUpdate, Evidence, Intent, Operation, Origin, RecordKind, Scope, Status
from spanwise.processors import update
from tests.context.examples import START

ADA = Scope("", "acme", "ada")
DESK = Scope("desk", "acme")
ORG = Scope("", "acme")


def suggested(
    content: str = "The user prefers metric units.",
    scope: Scope = ADA,
    *,
    intent: Intent = Intent.EXPLICIT,
    kind: RecordKind = RecordKind.MEMORY,
    said_by: Origin = Origin.USER,
    signal: str = "memory.explicit",
    user: str = "ada",
    conversation: str = "c1",
    status: Status = Status.ACTIVE,
    confidence: float = 0.9,
) -> ContextUpdate:
    evidence = Evidence(content, said_by, conversation, "1" * 32, "2" * 16, 10**18, user, signal, "memory")
    suggestion = update(
        Operation.ADD,
        kind=kind,
        scope=scope,
        content=content,
        status=status,
        intent=intent,
        confidence=confidence,
        evidence=[evidence],
        producer="learner:remember",
        version="1",
    )
    return replace(suggestion, at=START, position=1)


def outcome(one: ContextUpdate, policy: Policy | None = None, consents: Mapping[Any, Consent] | None = None) -> str:
    """The status of what becomes of it, or why it is dropped."""
    admission = admit([], [one], policy or default_policy(), Knowledge(consents or {}))
    if admission.dropped:
        assert admission.updates == []
        return f"dropped: {admission.dropped[0].why}"
    return str(fold(admission.updates)[0].status)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (suggested(), "active"),
        (suggested(scope=Scope("desk", "acme", "ada")), "active"),
        (suggested(scope=DESK), "proposed"),
        (suggested(scope=ORG), "proposed"),
        (suggested(intent=Intent.IMPLICIT), "proposed"),
        (suggested(intent=Intent.IMPLICIT, signal="preference.implicit"), "noted"),
        (suggested(said_by=Origin.TOOL), "proposed"),
        (suggested(kind=RecordKind.INSTRUCTION, said_by=Origin.TOOL, signal="tool.recovered"), "proposed"),
        (suggested(kind=RecordKind.INSTRUCTION), "proposed"),
    ],
)
def test_the_defaults_are_safe(one: ContextUpdate, expected: str) -> None:
    assert outcome(one) == expected


def test_no_rule_activates_what_no_user_said() -> None:
    everything = parse_policy('[[rule]]\nname = "all"\nthen = "activate"')
    for origin in Origin:
        expected = "active" if origin is Origin.USER else "proposed"
        assert outcome(suggested(said_by=origin, kind=RecordKind.INSTRUCTION), everything) == expected


def test_what_a_rule_asks_for() -> None:
    policy = parse_policy(
        """
        [[rule]]
        name = "tools of one agent"
        agent = ["desk"]
        signal = ["tool.*"]
        min_confidence = 0.5
        then = "drop"
        [[rule]]
        name = "three users"
        scope = ["agent"]
        users = 3
        then = "activate"
        """
    )
    assert outcome(suggested(scope=DESK, signal="tool.error"), policy) == "dropped: tools of one agent"
    assert outcome(suggested(scope=DESK, signal="tool.error", confidence=0.4), policy) == "noted"
    assert outcome(suggested(scope=Scope("other", "acme"), signal="tool.error"), policy) == "noted"
    seen = [suggested(scope=DESK, user=user, conversation=user) for user in ("ada", "bob", "ada", "eve")]
    statuses = [
        fold(admit([], seen[:number], policy, Knowledge()).updates)[0].status for number in range(1, len(seen) + 1)
    ]
    assert statuses == [Status.NOTED, Status.NOTED, Status.NOTED, Status.ACTIVE]


def test_the_update_says_under_which_policy() -> None:
    (one,) = admit([], [suggested()], default_policy(), Knowledge()).updates
    assert one.policy == f"{default_policy().id}: users about themselves"
    assert fold([one])[0].policy == one.policy


@pytest.mark.parametrize(
    ("consent", "intent", "expected"),
    [
        (Consent.OFF, Intent.EXPLICIT, "dropped: consent off"),
        (Consent.EXPLICIT_ONLY, Intent.EXPLICIT, "active"),
        (Consent.EXPLICIT_ONLY, Intent.IMPLICIT, "dropped: consent explicit only"),
        (Consent.ALL, Intent.IMPLICIT, "proposed"),
    ],
)
def test_consent(consent: Consent, intent: Intent, expected: str) -> None:
    assert outcome(suggested(intent=intent), consents={("acme", "ada"): consent}) == expected
    assert outcome(suggested(intent=intent), parse_policy(f'[consent]\ndefault = "{consent}"')) in (
        expected,
        "proposed",  # that policy has no rules
    )


def test_who_does_not_consent_teaches_others_nothing_either() -> None:
    assert outcome(suggested(scope=ORG), consents={("acme", "ada"): Consent.OFF}) == "dropped: consent off"
    assert outcome(suggested(scope=ORG), consents={("other", "ada"): Consent.OFF}) == "proposed"


def test_quiet_kinds() -> None:
    quiet = parse_policy('quiet = ["memory.*"]')
    assert outcome(suggested(), quiet) == "dropped: quiet"
    assert outcome(suggested(signal="correction"), quiet) == "proposed"


@pytest.mark.parametrize(
    "content",
    [
        "The user's password is hunter2.",
        "The user's key is AKIAIOSFODNN7EXAMPLE.",
        "Use sk-proj-abcDEF1234567890abcDEF1234567890 for the tests.",
        "Authorization: Bearer abcdef1234567890abcdef",
        "-----BEGIN RSA PRIVATE KEY----- MIIEow",
        "Connect to postgres://ada:s3cr3tpw@db.example/x.",
        "The token is ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "Mein Passwort ist Sommer2024!",
    ],
)
def test_a_secret_never_becomes_a_record(content: str) -> None:
    assert outcome(suggested(content)) == "dropped: secret"
    assert outcome(replace(suggested(), evidence=suggested(content).evidence)) == "dropped: secret"


@pytest.mark.parametrize(
    "content",
    [
        "The user prefers metric units.",
        "The password must have twelve characters.",
        "The user's token budget is 4000 a day.",
        "The user works in /home/ada/projects/spanwise/collector/context.",
        "The user tracks trace 4bf92f3577b34da6a3ce929d0e0e4736.",
        "The user prefers secret santa to gift cards.",
        "The user's home airport is LHR.",
    ],
)
def test_what_is_no_secret_is_kept(content: str) -> None:
    assert outcome(suggested(content)) == "active"


def test_personal_data_by_policy() -> None:
    mail, card = "The user's mail is ada@example.com.", "The user pays with 4111 1111 1111 1111."
    assert outcome(suggested(mail)) == "active"
    assert outcome(suggested(mail, ORG)) == "dropped: personal data"
    assert outcome(suggested(card)) == "dropped: personal data"
    masking = parse_policy('[personal_data]\nown = "mask"\nshared = "propose"\npayment = "mask"')
    (one,) = admit([], [suggested(f"{mail} {card}")], masking, Knowledge()).updates
    assert one.content == "The user's mail is [mail]. The user pays with [payment]."
    assert "4111" not in one.evidence[0].quote
    assert outcome(suggested(mail, ORG), masking) == "proposed"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1", "x: there is no such key"),
        ('[[rule]]\nname = "a"', "rule.1 (a).then: is missing"),
        ('[[rule]]\nname = "a"\nthen = "keep"', r"rule.1 (a).then = 'keep': Input should be 'activate', 'propose' or"),
        ('[[rule]]\nname = "a"\nthen = "drop"\nusers = 0', "rule.1 (a).users = 0: Input should be greater than or"),
        ('[[rule]]\nname = "a"\nthen = "drop"\n[[rule]]\nthen = "drop"', "rule.2.name: is missing"),
        ('[retention]\nmemory = "soon"', "retention.memory = 'soon': should be a number of days, such as 90d"),
        ("[[rule]", "not TOML: "),
    ],
)
def test_a_wrong_policy_is_told_where(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    with pytest.raises(InvalidPolicy) as refused:
        load_policy(file)
    assert str(refused.value).startswith(f"{file}: {complaint}")


def test_a_policy_is_known_by_what_it_says() -> None:
    assert default_policy().id == default_policy().id
    assert parse_policy('name = "default"').id != default_policy().id
    assert parse_policy('[retention]\nmemory = "90d"').retention_of(RecordKind.MEMORY) == timedelta(days=90)
