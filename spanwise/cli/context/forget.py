"""`spanwise context forget`: for good, with a receipt."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from spanwise.cli.context.calling import Caller, call
from spanwise.cli.context.rows import plain
from spanwise.cli.failures import Failed
from spanwise.cli.options import Agent, Config, Json, Org, Reason, User
from spanwise.cli.output import say, show
from spanwise.v1 import context_pb2 as wire


def add_to(app: typer.Typer) -> None:
    app.command()(forget)


def forget(
    record: Annotated[str, typer.Argument(metavar="[RECORD]", help="One record.")] = "",
    content: Annotated[str, typer.Option("--content", help="The record of the scope that says this.")] = "",
    everything: Annotated[bool, typer.Option("--everything", help="Only if something is known of --user.")] = False,
    agent: Agent = "",
    user: User = "",
    trace: Annotated[str, typer.Option("--trace", help="One trace, and what was learned from it.")] = "",
    organisation: Annotated[bool, typer.Option("--organisation", help="Everything of the organisation.")] = False,
    keep_traces: Annotated[
        bool, typer.Option("--keep-traces", help="Only retire records, so that agents are not told them any more.")
    ] = False,
    verify: Annotated[
        Path | None,
        typer.Option("--verify", metavar="RECEIPT", help="Look again whether what a receipt names is gone."),
    ] = None,
    receipt: Annotated[Path | None, typer.Option("--receipt", help="Write the receipt to this file.")] = None,
    reason: Reason = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Erase a record, a user, a trace or the organisation. With the spans that it came from; it cannot be undone."""
    if verify:
        _verify(verify, org, as_json, config)
        return
    by_scope = bool(user) and not (record or content or trace or organisation)
    if sum(map(bool, (record, content, trace, organisation, by_scope))) != 1:
        raise typer.BadParameter("give one of RECORD, --content, --user, --trace and --organisation")
    if not (yes or keep_traces) and sys.stdin.isatty():
        typer.confirm("Erase it, with the conversations that it came from? It cannot be undone.", abort=True)
    who = getpass.getuser()
    retired = []
    if record or content or everything or (by_scope and keep_traces):
        request = wire.ForgetRequest(scope=wire.Scope(agent=agent, user=user), reason=reason, person=who)
        if record:
            request.record_id = record
        elif content:
            request.content = content
        else:
            request.everything = True
        answer = call(config, org, lambda caller: caller.service.Forget(request, metadata=caller.metadata))
        retired = list(answer.records)
        if not retired:
            raise Failed("there was nothing to forget")
    erasures = _erasures([one.id for one in retired] if record or content else [], user, trace, organisation)
    receipts = [] if keep_traces else [_erase(one, reason, who, org, config) for one in erasures]
    if receipt:
        receipt.write_text("".join(f"{text}\n" for text in receipts), "utf-8")
    _show(retired, receipts, as_json)


def _erasures(records: list[str], user: str, trace: str, organisation: bool) -> list[wire.EraseRequest]:
    if records:
        return [wire.EraseRequest(record_id=one) for one in records]
    if trace:
        return [wire.EraseRequest(trace_id=trace)]
    return [wire.EraseRequest(organisation=True) if organisation else wire.EraseRequest(user=user)]


def _erase(request: wire.EraseRequest, reason: str, person: str, org: Org, config: Config) -> str:
    request.reason, request.person = reason, person

    async def ask(caller: Caller) -> wire.EraseResponse:
        return await caller.service.Erase(request, metadata=caller.metadata)

    return call(config, org, ask).receipt


def _verify(file: Path, org: Org, as_json: Json, config: Config) -> None:
    try:
        texts = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"{file}: cannot be read: {error}") from None
    if not texts:
        raise Failed(f"{file}: there is no receipt in it")
    findings: list[str] = []
    for text in texts:
        request = wire.VerifyErasureRequest(receipt=text)

        async def ask(caller: Caller, request: wire.VerifyErasureRequest = request) -> wire.VerifyErasureResponse:
            return await caller.service.VerifyErasure(request, metadata=caller.metadata)

        findings += call(config, org, ask).findings
    if as_json:
        show([{"verified": not findings, "findings": findings}], as_json=True)
    if findings:
        raise Failed("\n".join(findings))
    if not as_json:
        say("Verified: nothing of it is left.")


def _show(retired: list[wire.Record], receipts: list[str], as_json: bool) -> None:
    proofs: list[dict[str, Any]] = [json.loads(text) for text in receipts]
    if as_json:
        joint = proofs[0] if len(proofs) == 1 else proofs
        rows = [{**plain(one), "receipt": joint} if proofs else plain(one) for one in retired]
        show(rows or proofs, as_json=True)
        return
    for proof in proofs:
        counts = ", ".join(f"{number:,} {what}" for what, number in proof["erased"].items())
        say(f"Erased {proof['what']} {proof['target']}: {counts}.\nReceipt {json.dumps(proof, ensure_ascii=False)}")
    if not proofs:
        show([{"record": one.id, "status": "retired", "content": one.content} for one in retired], as_json=False)
