"""`spanwise context policy`: what may be kept, and what another policy would have kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from google.protobuf.json_format import MessageToDict

from spanwise.cli.connection import doors
from spanwise.cli.failures import Failed
from spanwise.cli.options import Config, Json, Org, Since
from spanwise.cli.output import say, show
from spanwise.collector.context.policy_file import InvalidPolicy, default_text, load_policy
from spanwise.collector.settings import load_settings
from spanwise.v1 import collector_pb2 as wire
from spanwise.v1.collector_pb2_grpc import CollectorServiceStub

app = typer.Typer(no_args_is_help=True, help="What may be kept, and who decides.")

STATUSES = ("dropped", "noted", "proposed", "active", "rejected", "retired")
File = Annotated[Path, typer.Argument(metavar="FILE", help="A policy file, TOML.")]


@app.command("show")
def show_policy(config: Config = None) -> None:
    """The policy in force, as a file to begin with."""
    file = load_settings(config).context.policy
    say((file.read_text("utf-8") if file else default_text()).rstrip())


@app.command()
def check(file: File) -> None:
    """Is a policy file right? Says where it is not."""
    say(f"{file}: {_checked(file)}")


@app.command("test")
def test_policy(
    file: File,
    since: Since = "7d",  # type: ignore[assignment]  # typer parses it
    org: Org = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What a policy would have made of the last week's signals. Compared with the policy in force; changes nothing."""
    _checked(file)
    begin = since if isinstance(since, datetime) else datetime.now(UTC) - timedelta(days=7)
    answer = asyncio.run(_ask(file.read_text("utf-8"), begin, org, config))
    if as_json:
        show([dict(MessageToDict(answer, preserving_proto_field_name=True))], as_json=True)
        return
    rows = [{"status": one, "now": answer.now[one], "then": answer.then[one]} for one in STATUSES]
    say(f"{answer.signals:,} signals, {answer.records:,} records; {len(answer.differences):,} treated differently\n")
    show(rows, as_json=False)
    say("")
    show([_row(one) for one in answer.differences], as_json=False, empty="no difference")


async def _ask(policy: str, since: datetime, org: str, config: Path | None) -> wire.TestPolicyResponse:
    request = wire.TestPolicyRequest(policy=policy)
    request.since.FromDatetime(since)
    async with doors(load_settings(config), org) as opened:
        answer: wire.TestPolicyResponse = await CollectorServiceStub(opened.channel).TestPolicy(
            request, metadata=opened.metadata
        )
        return answer


def _checked(file: Path) -> str:
    try:
        return load_policy(file).id
    except InvalidPolicy as error:
        raise Failed(str(error)) from None


def _row(one: wire.Difference) -> dict[str, str]:
    return {
        "record": one.record_id,
        "now": one.now,
        "then": one.then,
        "by": one.rule_then,
        "agent": one.agent,
        "user": one.user,
        "content": one.content,
    }
