"""What stands in requests and answers, as JSON. The same nouns, by the same names, as in `context.proto`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from spanwise.collector.context.policy import Consent
from spanwise.collector.context.wire import position_to_wire
from spanwise.collector.model import ContextUpdate, Intent, Mode, Operation, Origin, Record, RecordKind, Status


def _moment(nanoseconds: object) -> object:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC) if isinstance(nanoseconds, int) and nanoseconds else None


def _position(position: object) -> object:
    return position_to_wire(position) if isinstance(position, int) else position


Position = Annotated[
    str, BeforeValidator(_position), Field(description="A place in the log: opaque. Follow the changes from here on.")
]
Id = Annotated[str, Field(max_length=1_000)]


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScopeBody(Answer):
    """Whom something concerns; an empty field means everybody in that dimension."""

    agent: str
    org: str
    user: str


class EvidenceBody(Answer):
    """Where something was seen."""

    quote: str
    said_by: Origin
    conversation: str
    trace_id: str
    span_id: str
    said_at: Annotated[datetime | None, BeforeValidator(_moment)] = Field(validation_alias=AliasChoices("at"))
    user: str
    signal: str
    detector: str


class RecordBody(Answer):
    """The current state of one piece of context."""

    id: str
    kind: RecordKind
    scope: ScopeBody
    content: str
    status: Status
    intent: Intent
    mode: Mode
    confidence: float
    evidence: Sequence[EvidenceBody]
    producer: str
    version: str
    created: datetime
    changed: datetime
    position: Position
    subject: str
    superseded_by: str
    policy: str
    valid_from: datetime | None
    valid_to: datetime | None


class UpdateBody(Answer):
    """What changed. Immutable once it is in the log."""

    id: str
    operation: Operation
    record_id: str
    kind: RecordKind
    scope: ScopeBody
    content: str
    status: Status = Field(description="Of the record after this update.")
    intent: Intent
    mode: Mode
    confidence: float
    evidence: Sequence[EvidenceBody]
    producer: str
    version: str
    reason: str
    at: datetime | None
    position: Position
    subject: str
    superseded_by: str
    policy: str
    valid_from: datetime | None


class OverriddenBody(Answer):
    record: RecordBody
    by: str = Field(description="The id of the narrower record that holds instead.")


class ContextBody(Answer):
    """What an agent should know."""

    records: Sequence[RecordBody] = Field(description="Narrower first, then the newest first.")
    prompt_section: str = Field(description="Ready to paste into a system prompt; empty if nothing is known.")
    position: Position
    overridden: Sequence[OverriddenBody]
    left_out: Sequence[str] = Field(description="Records for which the prompt section has no room.")


class RecordsBody(Answer):
    records: Sequence[RecordBody]


class UpdatesBody(Answer):
    updates: Sequence[UpdateBody]


class ExplanationBody(Answer):
    """One record and everything that it came from."""

    record: RecordBody
    updates: Sequence[UpdateBody]
    evidence: Sequence[EvidenceBody]


class ReviewItemBody(Answer):
    record: RecordBody
    section_before: str
    section_after: str
    supersedes: RecordBody | None


class ReviewBody(Answer):
    items: Sequence[ReviewItemBody]
    waiting: int = Field(description="How many wait in all.")


class RateBody(Answer):
    """How people decided about what one detector proposed."""

    detector: str
    approved: int
    edited: int
    rejected: int


class RatesBody(Answer):
    rates: Sequence[RateBody]


class ConsentBody(Answer):
    consent: Consent
    since: datetime | None = Field(description="None if the user did not say, so that the policy's default holds.")


class Reasoned(Asked):
    reason: str = Field(default="", max_length=4_000, description="For the audit trail.")
    person: Id = Field(default="", description="Who decided, if it was a person; empty: the application.")


class RememberBody(Reasoned):
    user: Id = ""
    agent: Id = ""
    content: str = Field(max_length=20_000, description="One sentence that stands on its own.")


class ForgetBody(Reasoned):
    """One of `record_id`, `content` and `everything` says what."""

    user: Id = ""
    agent: Id = ""
    record_id: Id = ""
    content: str = Field(default="", max_length=20_000, description="The record that says this.")
    everything: bool = Field(default=False, description="Everything of the user.")


class EditBody(Reasoned):
    content: str = Field(max_length=20_000)


class SetConsentBody(Asked):
    user: Id = ""
    consent: Consent
    person: Id = ""


def record_body(record: Record) -> RecordBody:
    return RecordBody.model_validate(replace(record, valid_from=record.valid_from or record.created))


def update_body(update: ContextUpdate) -> UpdateBody:
    return UpdateBody.model_validate(update)
