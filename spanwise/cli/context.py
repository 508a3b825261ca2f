"""`spanwise context`: what was learned, and the people who decide about it."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from spanwise.cli.connection import doors
from spanwise.cli.failures import Failed
from spanwise.cli.options import Agent, Config, Json, Org, Reason, User
from spanwise.cli.output import say, show
from spanwise.collector.context.wire import STATUSES, record_from_wire, update_from_wire
from spanwise.collector.model import Evidence, Record, Status
from spanwise.collector.settings import load_settings
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub

if TYPE_CHECKING:  # exists for type checkers only
    from spanwise.v1.context_pb2_grpc import ContextServiceAsyncStub

app = typer.Typer(no_args_is_help=True, help="What agents are told, and why.")

RecordId = Annotated[str, typer.Argument(metavar="RECORD", help="A record's id, as 'context list' shows it.")]
Answer = TypeVar("Answer", bound=Message)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls the context service on behalf of an organisation."""

    service: ContextServiceAsyncStub
    metadata: Any


def _call(config: Config, org: str, call: Callable[[Caller], Awaitable[Answer]]) -> Answer:
    async def run() -> Answer:
        async with doors(load_settings(config), org) as opened:
            return await call(Caller(ContextServiceStub(opened.channel), opened.metadata))

    return asyncio.run(run())


@app.command()
def get(agent: Agent = "", user: User = "", org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """What an agent is told for a user. This is the prompt section of ContextService.Get."""
    request = wire.GetRequest(scope=wire.Scope(agent=agent, user=user))
    answer = _call(config, org, lambda caller: caller.service.Get(request, metadata=caller.metadata))
    if as_json:
        show([_plain(answer)], as_json=True)
    else:
        say(answer.prompt_section or "Nothing is known yet.")


@app.command("list")
def list_records(
    agent: Agent = "",
    user: User = "",
    status: Annotated[list[Status] | None, typer.Option("--status", help="May be repeated; default: all.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most this many.")] = 100,
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """The records, the most recently changed first."""
    statuses = [STATUSES[one] for one in status or ()]
    request = wire.ListRequest(scope=wire.Scope(agent=agent, user=user), statuses=statuses, limit=limit)
    answer = _call(config, org, lambda caller: caller.service.List(request, metadata=caller.metadata))
    rows = [_plain(record) if as_json else _row(record_from_wire(record)) for record in answer.records]
    show(rows, as_json=as_json, empty="no records yet")


@app.command()
def history(record: RecordId, org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Everything that happened to a record, oldest first."""
    request = wire.HistoryRequest(record_id=record)
    answer = _call(config, org, lambda caller: caller.service.History(request, metadata=caller.metadata))
    show([_plain(one) if as_json else _step(one) for one in answer.updates], as_json=as_json)


@app.command()
def explain(record: RecordId, org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Where a record comes from. Who said what, in which span, and what was decided."""
    request = wire.ExplainRequest(record_id=record)
    answer = _call(config, org, lambda caller: caller.service.Explain(request, metadata=caller.metadata))
    if as_json:
        show([_plain(answer)], as_json=True)
        return
    explained = record_from_wire(answer.record)
    say(f"{explained.content}\n")
    show([_row(explained)], as_json=False)
    say("\nEvidence")
    show([_seen(item) for item in explained.evidence], as_json=False, empty="none: it was decided")
    say("\nHistory")
    show([_step(one) for one in answer.updates], as_json=False)


@app.command()
def approve(record: RecordId, reason: Reason = "", org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Let agents have a proposed record."""
    request = wire.ApproveRequest(record_id=record, reason=reason, person=getpass.getuser())
    answer = _call(config, org, lambda caller: caller.service.Approve(request, metadata=caller.metadata))
    _show_records([answer.record], as_json)


@app.command()
def reject(record: RecordId, reason: Reason = "", org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Decide against a record. It does not come back unless something new is seen."""
    request = wire.RejectRequest(record_id=record, reason=reason, person=getpass.getuser())
    answer = _call(config, org, lambda caller: caller.service.Reject(request, metadata=caller.metadata))
    _show_records([answer.record], as_json)


@app.command()
def forget(
    record: Annotated[str, typer.Argument(metavar="[RECORD]", help="One record.")] = "",
    content: Annotated[str, typer.Option("--content", help="The record of the scope that says this.")] = "",
    everything: Annotated[bool, typer.Option("--everything", help="All that is known of --user.")] = False,
    agent: Agent = "",
    user: User = "",
    reason: Reason = "",
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Retire a record, what it says, or everything of a user."""
    if sum(map(bool, (record, content, everything))) != 1:
        raise typer.BadParameter("give one of RECORD, --content and --everything")
    request = wire.ForgetRequest(scope=wire.Scope(agent=agent, user=user), reason=reason, person=getpass.getuser())
    if record:
        request.record_id = record
    elif content:
        request.content = content
    else:
        request.everything = True
    answer = _call(config, org, lambda caller: caller.service.Forget(request, metadata=caller.metadata))
    if not answer.records:
        raise Failed("there was nothing to forget")
    _show_records(answer.records, as_json)


def _show_records(records: Sequence[wire.Record], as_json: bool) -> None:
    show([_plain(record) if as_json else _row(record_from_wire(record)) for record in records], as_json=as_json)


def _plain(message: Message) -> Row:
    return dict(MessageToDict(message, preserving_proto_field_name=True))


def _row(record: Record) -> Row:
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


def _step(message: wire.ContextUpdate) -> Row:
    update = update_from_wire(message)
    return {
        "at": f"{update.at:%Y-%m-%d %H:%M:%S}" if update.at else "",
        "operation": update.operation.value,
        "status": update.status.value,
        "content": update.content,
        "by": f"{update.producer} {update.version}",
        "reason": update.reason,
    }


def _seen(evidence: Evidence) -> Row:
    return {
        "said by": evidence.said_by.value,
        "quote": evidence.quote,
        "conversation": evidence.conversation,
        "trace": evidence.trace_id,
        "span": evidence.span_id,
    }
