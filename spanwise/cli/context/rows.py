"""Records, their history and their evidence as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from spanwise.cli.output import show
from spanwise.collector.context.wire import record_from_wire, update_from_wire
from spanwise.collector.model import Evidence, Record
from spanwise.v1 import context_pb2 as wire

Row = dict[str, Any]


def show_records(records: Sequence[wire.Record], as_json: bool) -> None:
    show([plain(record) if as_json else record_row(record_from_wire(record)) for record in records], as_json=as_json)


def plain(message: Message) -> Row:
    return dict(MessageToDict(message, preserving_proto_field_name=True))


def record_row(record: Record) -> Row:
    return {
        "record": record.id,
        "status": record.status.value,
        "kind": record.kind.value,
        "agent": record.scope.agent,
        "user": record.scope.user,
        "content": record.content,
        "evidence": len(record.evidence),
        "changed": f"{record.changed:%Y-%m-%d %H:%M:%S}",
    }


def step_row(message: wire.ContextUpdate) -> Row:
    update = update_from_wire(message)
    return {
        "at": f"{update.at:%Y-%m-%d %H:%M:%S}" if update.at else "",
        "operation": update.operation.value,
        "status": update.status.value,
        "content": update.content,
        "by": f"{update.producer} {update.version}",
        "reason": update.reason,
    }


def seen_row(evidence: Evidence) -> Row:
    return {
        "said by": evidence.said_by.value,
        "quote": evidence.quote,
        "conversation": evidence.conversation,
        "trace": evidence.trace_id,
        "span": evidence.span_id,
    }
