"""`spanwise context review` and what people decide there."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from difflib import unified_diff
from typing import Annotated

import typer

from spanwise.cli.context.calling import call
from spanwise.cli.context.rows import plain, record_row, seen_row
from spanwise.cli.failures import Failed
from spanwise.cli.options import Agent, Config, Json, Org, Reason, User
from spanwise.cli.output import say, show
from spanwise.collector.context.policy import Consent
from spanwise.collector.context.wire import CONSENTS, record_from_wire
from spanwise.v1 import context_pb2 as wire

RecordIds = Annotated[
    list[str], typer.Argument(metavar="RECORD...", help="Records' ids, as 'context list' shows them.")
]


def add_to(app: typer.Typer) -> None:
    for command in (review, approve, edit, reject, rates, consent):
        app.command()(command)


def review(
    agent: Agent = "",
    user: User = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most this many.")] = 20,
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What waits for a decision. With its evidence, and what it would change in the prompt."""
    request = wire.ReviewRequest(scope=wire.Scope(agent=agent, user=user), limit=limit)
    answer = call(config, org, lambda caller: caller.service.Review(request, metadata=caller.metadata))
    if as_json:
        show([plain(item) for item in answer.items], as_json=True)
        return
    for item in answer.items:
        _show(item)
    say(f"{answer.waiting} waiting" if answer.waiting else "Nothing waits for a decision.")


def approve(
    records: RecordIds, reason: Reason = "", org: Org = "", as_json: Json = False, config: Config = None
) -> None:
    """Let agents have proposed records."""
    _decide(
        [wire.Decision(record_id=one, verdict=wire.VERDICT_APPROVE, reason=reason) for one in records],
        org,
        as_json,
        config,
    )


def reject(
    records: RecordIds, reason: Reason = "", org: Org = "", as_json: Json = False, config: Config = None
) -> None:
    """Decide against records. They do not come back unless something new is seen."""
    _decide(
        [wire.Decision(record_id=one, verdict=wire.VERDICT_REJECT, reason=reason) for one in records],
        org,
        as_json,
        config,
    )


def edit(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="A record's id.")],
    content: Annotated[str, typer.Argument(help="What it is to say instead.")],
    reason: Reason = "",
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Let agents have a record in other words."""
    decision = wire.Decision(record_id=record, verdict=wire.VERDICT_EDIT, content=content, reason=reason)
    _decide([decision], org, as_json, config)


def rates(org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """How often people rejected what each detector proposed."""
    answer = call(config, org, lambda caller: caller.service.Rates(wire.RatesRequest(), metadata=caller.metadata))
    rows = [
        {
            "detector": one.detector,
            "approved": one.approved,
            "edited": one.edited,
            "rejected": one.rejected,
            "rejection rate": round(one.rejected / (one.approved + one.edited + one.rejected), 3),
        }
        for one in answer.rates
    ]
    show(rows, as_json=as_json, empty="nobody has decided anything yet")


def consent(
    user: Annotated[str, typer.Argument(help="A user's id.")],
    level: Annotated[Consent | None, typer.Argument(help="What may be learned; not given: show what holds.")] = None,
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What may be learned from a user."""
    if level:
        request = wire.SetConsentRequest(user=user, consent=CONSENTS[level], person=getpass.getuser())
        call(config, org, lambda caller: caller.service.SetConsent(request, metadata=caller.metadata))
    asked = wire.GetConsentRequest(user=user)
    answer = call(config, org, lambda caller: caller.service.GetConsent(asked, metadata=caller.metadata))
    holds = next(one for one, number in CONSENTS.items() if number == answer.consent)
    since = answer.since.ToJsonString() if answer.HasField("since") else "the policy's default"
    show([{"user": user, "consent": holds.value, "since": since}], as_json=as_json)


def _decide(decisions: Sequence[wire.Decision], org: Org, as_json: Json, config: Config) -> None:
    request = wire.DecideRequest(decisions=decisions, person=getpass.getuser())
    answer = call(config, org, lambda caller: caller.service.Decide(request, metadata=caller.metadata))
    done = [one.record for one in answer.decided if one.HasField("record")]
    show([plain(one) if as_json else record_row(record_from_wire(one)) for one in done], as_json=as_json, empty="")
    if refused := [one.refused for one in answer.decided if one.refused]:
        raise Failed("\n".join(refused))


def _show(item: wire.ReviewItem) -> None:
    record = record_from_wire(item.record)
    show([record_row(record)], as_json=False)
    show([seen_row(one) for one in record.evidence], as_json=False, empty="no evidence: it was decided")
    before, after = item.section_before.splitlines(), item.section_after.splitlines()
    changes = [
        line
        for line in unified_diff(before, after, n=0, lineterm="")
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    say("\nIn the prompt:\n" + "\n".join(changes or ["(nothing: the budget of its scope is spent)"]) + "\n")
