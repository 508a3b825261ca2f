"""`spanwise context`: what was learned, and the people who decide about it."""

from __future__ import annotations

from typing import Annotated

import typer

from spanwise.cli.context import forget, policy, review
from spanwise.cli.context.calling import RecordId, call
from spanwise.cli.context.rows import plain, record_row, seen_row, step_row
from spanwise.cli.options import Agent, AsOf, Config, Json, Org, User
from spanwise.cli.output import say, show
from spanwise.collector.context.wire import STATUSES, record_from_wire
from spanwise.collector.model import Status
from spanwise.v1 import context_pb2 as wire

app = typer.Typer(no_args_is_help=True, help="What agents are told, and why.")

app.add_typer(policy.app, name="policy")
for commands in (review, forget):
    commands.add_to(app)


@app.command()
def get(
    agent: Agent = "",
    user: User = "",
    as_of: AsOf = None,
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What an agent is told for a user. This is the prompt section of ContextService.Get."""
    request = wire.GetRequest(scope=wire.Scope(agent=agent, user=user))
    if as_of:
        request.as_of.FromDatetime(as_of)
    answer = call(config, org, lambda caller: caller.service.Get(request, metadata=caller.metadata))
    if as_json:
        show([plain(answer)], as_json=True)
    else:
        say(answer.prompt_section or "Nothing is known yet.")
        for one in answer.overridden:
            say(f"({one.record.id}: {one.record.content!r} is overridden by the narrower {one.by})")
        for left_out in answer.left_out:
            say(f"({left_out} is left out: the budget of its scope is spent)")


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
    answer = call(config, org, lambda caller: caller.service.List(request, metadata=caller.metadata))
    rows = [plain(record) if as_json else record_row(record_from_wire(record)) for record in answer.records]
    show(rows, as_json=as_json, empty="no records yet")


@app.command()
def history(record: RecordId, org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Everything that happened to a record, oldest first."""
    request = wire.HistoryRequest(record_id=record)
    answer = call(config, org, lambda caller: caller.service.History(request, metadata=caller.metadata))
    show([plain(one) if as_json else step_row(one) for one in answer.updates], as_json=as_json)


@app.command()
def explain(record: RecordId, org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Where a record comes from. Who said what, in which span, and what was decided."""
    request = wire.ExplainRequest(record_id=record)
    answer = call(config, org, lambda caller: caller.service.Explain(request, metadata=caller.metadata))
    if as_json:
        show([plain(answer)], as_json=True)
        return
    explained = record_from_wire(answer.record)
    say(f"{explained.content}\n")
    show([record_row(explained)], as_json=False)
    say("\nEvidence")
    show([seen_row(item) for item in explained.evidence], as_json=False, empty="none: it was decided")
    say("\nHistory")
    show([step_row(one) for one in answer.updates], as_json=False)
