"""`spanwise demo`: the whole loop, once, on a collector and data of its own."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import typer

from spanwise.cli.connection import doors
from spanwise.cli.failures import Failed
from spanwise.cli.output import say
from spanwise.collector.assembly.collector import start_collector
from spanwise.collector.settings import QuerySettings, ReceiveSettings, Settings
from spanwise.collector.store.url import EmbeddedStore
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub

app = typer.Typer()

if TYPE_CHECKING:  # exists for type checkers only
    from spanwise.v1.context_pb2_grpc import ContextServiceAsyncStub

USER = "ada"
FIRST = "Remember that I prefer metric units. How warm is it in Geneva?"
SECOND = "How warm is it in Geneva today?"
PATIENCE_SECONDS = 20.0


@app.command()
def demo() -> None:
    """Show the whole loop in seconds. An agent is told something and mends a mistake; its next run knows both."""
    agent = _agent_module()
    with tempfile.TemporaryDirectory(prefix="spanwise-demo-") as directory:
        settings = Settings(
            store=EmbeddedStore(Path(directory) / "data"),
            receive=ReceiveSettings(listen="127.0.0.1:0", http_listen="127.0.0.1:0"),
            query=QuerySettings(listen="127.0.0.1:0"),
        )
        asyncio.run(_show(settings, agent))


def _agent_module() -> ModuleType:
    try:
        from spanwise.cli import demo_agent  # noqa: PLC0415 (its libraries are an extra)
    except ImportError as error:
        raise Failed(f"the demo needs one more package ({error.name}): pip install 'spanwise[demo]'") from None
    return demo_agent


async def _show(settings: Settings, agent: ModuleType) -> None:
    say(f"1. A collector starts; its data are in {settings.store}, for as long as the demo runs.")
    async with start_collector(settings) as collector, doors(settings, "") as opened:
        service: ContextServiceAsyncStub = ContextServiceStub(opened.channel)
        scope = wire.Scope(agent=agent.AGENT, user=USER)
        say(f"\n2. An agent runs for the user {USER!r}, and exports its spans to {collector.grpc_address}.")
        await _run(agent, collector.grpc_address, "monday", FIRST, "")
        say("\n3. Spanwise reads the trace, and learns:")
        records = await _learned(service, scope)
        say("\n4. A person approves what was only proposed (spanwise context approve …).")
        await _approve(service, records)
        context = (await service.Get(wire.GetRequest(scope=scope))).prompt_section
        say("\n5. The agent runs again. This time its instructions come from ContextService.Get:")
        say("\n".join(f"   | {line}" for line in context.splitlines()))
        await _run(agent, collector.grpc_address, "tuesday", SECOND, context)
    say("\nThe second run answered in the units that the user prefers, and called the tool rightly at once.")


async def _run(agent: ModuleType, address: str, conversation: str, prompt: str, context: str) -> None:
    run = await asyncio.to_thread(agent.traced_run, address, USER, conversation, prompt, context)
    say(f"   {USER}: {prompt}")
    for call in run.calls:
        say(f"   (tool) {call}")
    say(f"   agent: {run.answer}")


async def _learned(service: ContextServiceAsyncStub, scope: wire.Scope) -> Sequence[wire.Record]:
    """The two records that the first run is about; tells how long it took."""
    began = time.monotonic()
    request = wire.GetRequest(scope=scope, include_proposed=True)
    while len(records := (await service.Get(request)).records) < 2:
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise Failed(f"nothing was learned within {PATIENCE_SECONDS:.0f} s; is the machine very busy?")
        await asyncio.sleep(0.05)
    for record in records:
        status = wire.Status.Name(record.status).removeprefix("STATUS_").lower()
        say(f"   {status}: {record.content}\n      evidence: {record.evidence[0].quote!r}")
    say(f"   ({time.monotonic() - began:.1f} s after the spans were sent)")
    return records


async def _approve(service: ContextServiceAsyncStub, records: Sequence[wire.Record]) -> None:
    for record in records:
        if record.status == wire.STATUS_PROPOSED:
            await service.Approve(wire.ApproveRequest(record_id=record.id, person="demo", reason="seen in the demo"))
