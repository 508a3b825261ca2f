"""`spanwise up`: the collector itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from spanwise.cli.options import Config
from spanwise.cli.output import say
from spanwise.cli.stopping import stop_requested
from spanwise.collector.assembly.collector import Collector, start_collector
from spanwise.collector.assembly.role import Role
from spanwise.collector.settings import Settings, is_loopback, load_settings
from spanwise.collector.store.url import EmbeddedStore

app = typer.Typer()

READY = """\
Spanwise {version} is ready ({roles}).

  Agents      OTLP over gRPC and the context service   {grpc}
              the context over HTTP, and MCP           {http}
  Analysts    {queries:<40} {query}
  Data        {store}

{next}
Ctrl-C stops it; requests in flight are finished first.
"""

NOT_SERVED = "(not served by these roles)"
SEND = "  OTEL_EXPORTER_OTLP_ENDPOINT=http://{grpc} OTEL_EXPORTER_OTLP_PROTOCOL=grpc  <your agent>\n"
QUERY = """  spanwise sql "SELECT SpanName, count() FROM otel_traces GROUP BY SpanName"\n"""
ASK = "  spanwise context get --user <user id>\n"

OPEN_TO_ALL = """\
Warning: {setting} is not on loopback and receive.tokens is empty: whoever can reach this address may send spans,
and read and change what agents are told. Set receive.tokens, or listen on 127.0.0.1.
"""


@app.command()
def up(
    role: Annotated[
        list[Role] | None,
        typer.Option("--role", help="May be given several times; default: all. Roles apart need kafka://."),
    ] = None,
    config: Config = None,
) -> None:
    """Start the collector. It runs until Ctrl-C or SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("mcp").setLevel(logging.WARNING)  # it tells of every request
    settings = load_settings(config)
    roles = frozenset(role or Role)
    _refuse_apart(settings, roles)
    asyncio.run(_run(settings, roles))


def _refuse_apart(settings: Settings, roles: frozenset[Role]) -> None:
    """Roles that must be in one process."""
    if not settings.brokers and len(roles & {Role.RECEIVE, Role.STORE}) == 1:
        message = "with bus = 'memory://', receive and store must be in the same process; kafka:// takes them apart"
        raise typer.BadParameter(message, param_hint="--role")
    if not settings.brokers and Role.PROCESS in roles and Role.STORE not in roles:
        message = "with bus = 'memory://', process must be in the same process as store; kafka:// takes them apart"
        raise typer.BadParameter(message, param_hint="--role")


async def _run(settings: Settings, roles: frozenset[Role]) -> None:
    stop = stop_requested()
    async with start_collector(settings, roles) as collector:
        say(_ready(settings, roles, collector))
        for setting in _open_to_all(settings):
            say(OPEN_TO_ALL.format(setting=setting))
        failed = asyncio.create_task(collector.failed())
        await asyncio.wait([stop, failed], return_when=asyncio.FIRST_COMPLETED)
        if failed.done():
            failed.result()
        failed.cancel()
        say("Stopping: requests in flight are finished first.")
    say("Stopped.")


def _open_to_all(settings: Settings) -> Sequence[str]:
    """The settings by which everybody is let in."""
    chosen = settings.receive
    listening = {"receive.listen": chosen.listen, "receive.http_listen": chosen.http_listen}
    return [name for name, address in listening.items() if not chosen.every_credential and not is_loopback(address)]


def _ready(settings: Settings, roles: frozenset[Role], collector: Collector) -> str:
    embedded = isinstance(settings.store, EmbeddedStore)
    return READY.format(
        version=version("spanwise"),
        roles=", ".join(role.value for role in Role if role in roles),
        grpc=collector.grpc_address or NOT_SERVED,
        http=f"http://{collector.http_address}" if collector.http_address else NOT_SERVED,
        queries="ClickHouse over HTTP, read-only" if embedded else "are answered by the store; metrics are on",
        query=f"http://{collector.query_address}",
        store=settings.store,
        next=_next(roles).format(grpc=collector.grpc_address),
    )


def _next(roles: frozenset[Role]) -> str:
    """What can be done with these roles."""
    commands = {Role.RECEIVE: SEND, Role.STORE: QUERY, Role.CONTEXT: ASK}
    return "Next, in another terminal:\n" + "".join(text for role, text in commands.items() if role in roles)
