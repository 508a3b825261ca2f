"""The nouns: what is read out of traces, what is seen in them, and what should change because of it.

Everything here is a frozen value. This module imports nothing of ours, so that processors, learners and every
role can share it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


class Origin(enum.StrEnum):
    """Who produced a text. Only a `USER` may teach an agent something."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"
    AGENT = "agent"
    """A model that wrote to another agent in the `user` role, as an orchestrator does to its sub-agents."""
    REVIEWER = "reviewer"
    """A person who decides about records: in no trace, but in the signals that their decisions are."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom something concerns; an empty field means everybody in that dimension.

    `org` is the tenant. It comes from the credential of a request, never from what a span claims.
    """

    agent: str = ""
    org: str = ""
    user: str = ""

    def covers(self, other: Scope) -> bool:
        """True if what holds for this scope holds for `other` as well. Tenants never cover each other."""
        return self.org == other.org and self.agent in ("", other.agent) and self.user in ("", other.user)

    @property
    def breadth(self) -> int:
        """0 for the narrowest scope: one user with one agent, a user, an agent, the organisation."""
        return (0 if self.user else 2) + (0 if self.agent else 1)


@dataclass(frozen=True, slots=True)
class TraceKey:
    """Trace ids are chosen by clients: only together with the organisation do they name a trace."""

    org: str
    trace_id: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message, in the words of the OpenTelemetry GenAI conventions.

    `type` is `text`, `tool_call`, `tool_call_response`, `reasoning`, … ; `content` is the text, or the JSON text of
    arguments and results.
    """

    type: str
    content: str
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    parts: tuple[Part, ...]
    finish_reason: str = ""
    """Why the model stopped, where an answer says so itself; usually its span does."""


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool that a model was offered."""

    name: str
    parameters: str
    """JSON Schema of its arguments as JSON text, or empty if it was not sent."""


@dataclass(frozen=True, slots=True)
class SpanEvent:
    name: str
    time: int
    """Nanoseconds since the Unix epoch."""
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """One stored span. Times are nanoseconds since the Unix epoch; absent texts are empty."""

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    start: int
    duration: int
    status: str
    """`Unset`, `Ok` or `Error`."""
    status_message: str
    service: str
    operation: str
    """`gen_ai.operation.name`: `chat`, `execute_tool`, `invoke_agent`, …"""
    agent: str
    conversation: str
    user: str
    tool_name: str
    tool_call_id: str
    tool_arguments: str
    tool_result: str
    error_type: str
    request_model: str = ""
    response_model: str = ""
    finish_reason: str = ""
    """Of the first choice, in the provider's own word: `stop`, `length`, `MAX_TOKENS`, `content_filter`, …"""
    input_tokens: int = 0
    output_tokens: int = 0
    evaluation_name: str = ""
    """What was judged, if the span carries an evaluation or a person's feedback."""
    evaluation_score: float | None = None
    evaluation_label: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """All attributes but the content ones, values as text."""
    system_instructions: str = ""
    """What the model was told beside its messages. Many clients tell it in messages of the role `system` instead."""
    tool_definitions: tuple[ToolDefinition, ...] = ()
    """The tools that this model call was offered."""
    input_messages: tuple[Message, ...] = ()
    output_messages: tuple[Message, ...] = ()
    events: tuple[SpanEvent, ...] = ()

    @property
    def end(self) -> int:
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class Turn:
    """One text that somebody contributed to a conversation, once, however many spans repeat it."""

    role: str
    text: str
    origin: Origin
    trace_id: str
    span_id: str
    """The span in which the text was first seen."""
    at: int = 0
    """When that span began, in nanoseconds since the Unix epoch, and a microsecond for each text before this one in the
    span; 0 if it is not known."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One execution of a tool. `error` is empty if it succeeded, otherwise what went wrong in a few words."""

    name: str
    call_id: str
    arguments: str
    result: str
    error: str
    span_id: str
    start: int


@dataclass(frozen=True, slots=True)
class Trace:
    """What a processor reads: all spans of one trace that are stored by now, and the conversation around them."""

    trace_id: str
    scope: Scope
    conversation: str
    """The conversation id, or empty if the agent does not send one."""
    spans: tuple[Span, ...]
    """In order of their start."""
    turns: tuple[Turn, ...]
    """The conversation's turns in order, each once: those of this trace and, bounded, of earlier traces."""
    tool_calls: tuple[ToolCall, ...]
    """In order of their start."""

    def children(self, span_id: str) -> tuple[Span, ...]:
        """The spans whose parent is `span_id`, in order of their start; the roots for the empty id."""
        return tuple(span for span in self.spans if span.parent_span_id == span_id)

    def user_turns(self) -> tuple[Turn, ...]:
        """What a person said: not tool results, documents or other models that speak in the `user` role."""
        return tuple(turn for turn in self.turns if turn.origin is Origin.USER)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was seen: the words, who said them, and the span that holds them."""

    quote: str
    said_by: Origin
    conversation: str
    trace_id: str
    span_id: str
    at: int = 0
    """When it was said, in nanoseconds since the Unix epoch; 0 if it is not known."""
    user: str = ""
    """In whose conversation it was seen; empty if the trace does not say."""
    signal: str = ""
    """The kind of the signal that rests on it."""
    detector: str = ""
    """Who saw it."""

    @property
    def source(self) -> tuple[str, str]:
        """What makes two pieces of evidence the same one: the same words in the same conversation."""
        return (self.conversation or self.trace_id, self.quote)


@dataclass(frozen=True, slots=True)
class Signal:
    """Says that something was *seen*.

    `id` is derived from detector, conversation, kind and quote, so that seeing it again changes nothing.
    """

    id: str
    kind: str
    """`memory.explicit`, `tool.error`, …"""
    scope: Scope
    evidence: Evidence
    confidence: float
    """Between 0 and 1."""
    detector: str
    version: str
    details: Mapping[str, str] = field(default_factory=dict)
    """What the detector made of it, by names that the kind defines."""


class Operation(enum.StrEnum):
    ADD = "add"
    UPDATE = "update"
    RETRACT = "retract"
    ERASE = "erase"
    """What was said is gone, also from the log: it leaves a tombstone without content."""


class RecordKind(enum.StrEnum):
    MEMORY = "memory"
    INSTRUCTION = "instruction"
    SKILL = "skill"


class Status(enum.StrEnum):
    """noted -> proposed -> active -> retired, or rejected on the way."""

    NOTED = "noted"
    """Seen, but not often enough for the policy: it waits for more evidence, and nobody is asked yet."""
    PROPOSED = "proposed"
    ACTIVE = "active"
    REJECTED = "rejected"
    RETIRED = "retired"


class Intent(enum.StrEnum):
    EXPLICIT = "explicit"
    IMPLICIT = "implicit"


class Mode(enum.StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often something must have been seen before it counts: by so many users, in so many conversations."""

    users: int = 1
    conversations: int = 1


@dataclass(frozen=True, slots=True)
class ContextUpdate:
    """Says what should *change* in the context that agents are given. Its wire form is `context.proto`.

    `id` is derived from producer, record and evidence, so that appending it again changes nothing.
    """

    id: str
    operation: Operation
    record_id: str
    kind: RecordKind
    scope: Scope
    content: str
    status: Status
    """Of the record after this update; of one that is not in the log yet, what is suggested."""
    intent: Intent
    mode: Mode
    confidence: float
    evidence: tuple[Evidence, ...]
    producer: str
    """The learner, or the person or application that decided."""
    version: str
    reason: str = ""
    subject: str = ""
    """What it is about, if that can have only one value at a time: of two records of a scope the newer one holds."""
    superseded_by: str = ""
    """Of a retraction: the record that holds instead."""
    granted: Status | None = None
    """What the policy, or who decided, gave it. The record's own status follows from all of its updates."""
    policy: str = ""
    """The policy and the rule that decided on its status; set by the log. Empty where a person or application did."""
    recurrence: Recurrence = Recurrence()
    """What `policy` asked for before `status` is reached; until then the record is noted."""
    valid_from: datetime | None = None
    """Since when it holds: when it was said or decided. The log sets it if it is not known, never to a time to come."""
    at: datetime | None = None
    """When Spanwise learned it; set by the log when the update is appended."""
    position: int = 0
    """The place in the log, growing; set by the log when the update is appended."""


@dataclass(frozen=True, slots=True)
class Record:
    """The current state of one piece of context: all updates with its id, folded in order of position."""

    id: str
    kind: RecordKind
    scope: Scope
    content: str
    status: Status
    intent: Intent
    mode: Mode
    confidence: float
    evidence: tuple[Evidence, ...]
    producer: str
    version: str
    created: datetime
    """When Spanwise learned of it, and of its last change."""
    changed: datetime
    position: int
    """Of the last update that changed it."""
    valid_from: datetime | None = None
    """Since when it holds (None: as long as it is known), and until when it did; it still does if that is None."""
    valid_to: datetime | None = None
    subject: str = ""
    superseded_by: str = ""
    """The record that holds instead, if that is why this one was retired."""
    policy: str = ""
    """The policy and the rule under which it has its status; empty if a person or an application decided."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a learner may know of what was learned before: the records that cover the scope of its signals."""

    records: tuple[Record, ...]
