"""What is to be erased, and which traces that concerns."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spanwise.collector.errors import Rejected
from spanwise.collector.model import ContextUpdate


class What(enum.StrEnum):
    RECORD = "record"
    USER = "user"
    TRACE = "trace"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Target:
    """One organisation's record, user or trace by its id, or the organisation as a whole (no id); see `target_of`."""

    org: str
    what: What
    id: str = ""


def target_of(org: str, what: str, id_: str) -> Target:
    """Raises Rejected if there can be no such thing."""
    if what == What.TRACE and not re.fullmatch("[0-9a-f]{32}", id_):
        raise Rejected("trace_id: must be 32 lower-case hexadecimal digits")
    return Target(org, What(what), id_)


OF_ORG = "Org = {org:String}"
OF_TRACE = f"{OF_ORG} AND TraceId = {{id:String}}"
# A conversation is repeated in each of its traces, also in those whose spans do not name the user.
OF_USER = f"""{OF_ORG} AND (UserId = {{id:String}} OR (ConversationId != '' AND ConversationId IN (
    SELECT ConversationId FROM otel_traces WHERE {OF_ORG} AND UserId = {{id:String}})))"""
OF_EVIDENCE = f"""{OF_ORG} AND (TraceId IN {{traces:Array(String)}}
    OR (ConversationId != '' AND ConversationId IN {{conversations:Array(String)}}))"""
CONDITIONS = {
    What.ORGANISATION: OF_ORG,
    What.TRACE: OF_TRACE,
    What.USER: OF_USER,
    What.RECORD: OF_EVIDENCE,
}


def traces_of(target: Target, history: Sequence[ContextUpdate]) -> tuple[str, Mapping[str, Any]]:
    """Condition and parameters for the spans of the target; `history` is that of the record, if it is one."""
    evidence = [item for update in history for item in update.evidence]
    parameters = {
        "org": target.org,
        "id": target.id,
        "traces": sorted({item.trace_id for item in evidence if item.trace_id}),
        "conversations": sorted({item.conversation for item in evidence if item.conversation}),
    }
    return CONDITIONS[target.what], parameters


def concerns(target: Target, update: ContextUpdate) -> bool:
    """True if the whole record is the target's, whatever it rests on."""
    match target.what:
        case What.ORGANISATION:
            return True
        case What.USER:
            return update.scope.user == target.id
        case What.RECORD:
            return update.record_id == target.id
        case What.TRACE:
            return False
