"""What may be kept: rules that people write down, and what they make of an update.

A policy judges what learners suggest, never what a person or an application decided. What it decided is written into
the update, so that another policy alters nothing of the past.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from spanwise.collector.model import ContextUpdate, Intent, Origin, RecordKind, Recurrence, Scope, Status
from spanwise.processors import derive_id


class Breadth(enum.StrEnum):
    """Whom a record is for."""

    USER = "user"
    AGENT = "agent"
    ORG = "org"


class Outcome(enum.StrEnum):
    ACTIVATE = "activate"
    PROPOSE = "propose"
    DROP = "drop"


class Consent(enum.StrEnum):
    """What may be learned from a user."""

    OFF = "off"
    EXPLICIT_ONLY = "explicit only"
    ALL = "all"


class Handling(enum.StrEnum):
    """What becomes of a record with personal data in it."""

    KEEP = "keep"
    MASK = "mask"
    PROPOSE = "propose"
    DROP = "drop"


def _days(value: object) -> object:
    """`90d` as a duration. pydantic would take a bare number for seconds, which nobody means."""
    text = str(value)
    if not (text.endswith("d") and text[:-1].isdecimal()):
        raise ValueError("should be a number of days, such as 90d")
    return timedelta(days=int(text[:-1]))


Days = Annotated[
    timedelta, BeforeValidator(_days), PlainSerializer(lambda days: f"{days.days}d"), Field(gt=timedelta(0))
]
OneOrMore = Annotated[int, Field(ge=1, le=1_000)]
Share = Annotated[float, Field(ge=0, le=1)]
NOTE, OWN_NOTE = "note", "note.own"
"""What a model asked to have remembered, over MCP; `own` if with the credential of the user whom it is about."""
OUTCOMES = {Outcome.ACTIVATE: Status.ACTIVE, Outcome.PROPOSE: Status.PROPOSED}


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Table):
    """The first rule of which every condition holds decides; a condition that is not given always holds."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    scope: Sequence[Breadth] = ()
    kind: Sequence[RecordKind] = ()
    intent: Intent | None = None
    signal: Sequence[str] = ()
    """Kinds of signals; `tool.*` stands for all that begin so."""
    detector: Sequence[str] = ()
    said_by: Sequence[Origin] = ()
    """Every piece of evidence was said by one of these."""
    agent: Sequence[str] = ()
    min_confidence: Share = 0.0
    then: Outcome
    users: OneOrMore = 1
    conversations: OneOrMore = 1
    """`then` holds once so many users said it, in so many conversations; until then it is only noted."""

    def matches(self, update: ContextUpdate) -> bool:
        evidence = update.evidence
        return (
            (not self.scope or breadth(update.scope) in self.scope)
            and (not self.kind or update.kind in self.kind)
            and self.intent in (None, update.intent)
            and (not self.agent or update.scope.agent in self.agent)
            and (not self.signal or all(_like(item.signal, self.signal) for item in evidence))
            and (not self.detector or all(_like(item.detector, self.detector) for item in evidence))
            and (not self.said_by or (bool(evidence) and all(item.said_by in self.said_by for item in evidence)))
            and update.confidence >= self.min_confidence
        )


class ConsentTable(Table):
    default: Consent = Consent.ALL
    """Of users who did not say."""


class RetentionTable(Table):
    """Days after which a record that nothing confirmed is retired, by kind; for ever if not given."""

    memory: Days | None = None
    instruction: Days | None = None
    skill: Days | None = None


class BudgetTable(Table):
    """What the prompt section may hold of one scope."""

    records: OneOrMore = 100
    tokens: Annotated[int, Field(ge=10, le=100_000)] = 1_000


class BudgetsTable(Table):
    user: BudgetTable = BudgetTable()
    agent: BudgetTable = BudgetTable()
    org: BudgetTable = BudgetTable()


class PersonalDataTable(Table):
    own: Handling = Handling.KEEP
    """In a record that only the user's own runs are given."""
    shared: Handling = Handling.DROP
    """In a record that others are given as well."""
    payment: Handling = Handling.DROP
    """Payment card and account numbers, wherever they are."""


@dataclass(frozen=True, slots=True)
class Verdict:
    status: Status | None
    """None: not kept at all."""
    policy: str
    """The policy and the rule that decided."""
    recurrence: Recurrence = field(default_factory=Recurrence)


class Policy(Table):
    """A policy file. Made by `policy_file.parse_policy`."""

    name: Annotated[str, Field(min_length=1, max_length=80)] = "policy"
    rule: Sequence[Rule] = ()
    consent: ConsentTable = ConsentTable()
    retention: RetentionTable = RetentionTable()
    quiet: Sequence[str] = ()
    """Kinds of signals that are stored, but from which nothing is learned."""
    budget: BudgetsTable = BudgetsTable()
    personal_data: PersonalDataTable = PersonalDataTable()

    @property
    def id(self) -> str:
        """The name, and what the file says: two policies with one id are the same."""
        return f"{self.name}@{derive_id(self.model_dump_json())[:8]}"

    def judge(self, update: ContextUpdate, consent: Consent | None = None) -> Verdict:
        """What becomes of a learner's update, given what its user consents to (None: they did not say)."""
        if refusal := self._refused(update, consent or self.consent.default):
            return Verdict(None, f"{self.id}: {refusal}")
        rule = next((rule for rule in self.rule if rule.matches(update)), None)
        if rule is None:
            return Verdict(Status.PROPOSED, f"{self.id}: no rule")
        name, recurrence = f"{self.id}: {rule.name}", Recurrence(rule.users, rule.conversations)
        if rule.then is Outcome.ACTIVATE and not (said_by_users(update) or is_own_note(update)):
            return Verdict(Status.PROPOSED, f"{name}, but not said by a user", recurrence)
        return Verdict(OUTCOMES.get(rule.then), name, recurrence)

    def _refused(self, update: ContextUpdate, consent: Consent) -> str:
        if any(_like(item.signal, self.quiet) for item in update.evidence):
            return "quiet"
        personal = update.scope.user or any(item.user for item in update.evidence)
        if personal and consent is Consent.OFF:
            return "consent off"
        if personal and consent is Consent.EXPLICIT_ONLY and update.intent is Intent.IMPLICIT:
            return "consent explicit only"
        return ""

    def retention_of(self, kind: RecordKind) -> timedelta | None:
        kept: timedelta | None = getattr(self.retention, kind.value)
        return kept

    def budget_of(self, scope: Scope) -> BudgetTable:
        budget: BudgetTable = getattr(self.budget, breadth(scope).value)
        return budget


def breadth(scope: Scope) -> Breadth:
    if scope.user:
        return Breadth.USER
    return Breadth.AGENT if scope.agent else Breadth.ORG


def said_by_users(update: ContextUpdate) -> bool:
    """True if nothing but the words of users speaks for the update."""
    return bool(update.evidence) and all(item.said_by is Origin.USER for item in update.evidence)


def is_own_note(update: ContextUpdate) -> bool:
    """True if it is a memory that a model noted of the very user whose credential it has."""
    signals = {item.signal for item in update.evidence}
    return signals == {OWN_NOTE} and update.kind is RecordKind.MEMORY and bool(update.scope.user)


def _like(value: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)
