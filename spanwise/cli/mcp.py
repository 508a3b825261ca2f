"""`spanwise mcp`: the context for clients that speak the Model Context Protocol over standard input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib.metadata import version
from typing import Annotated
from urllib.parse import urlencode

import httpx2
import typer
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from spanwise.cli.connection import operator_token
from spanwise.cli.failures import Failed
from spanwise.cli.options import Agent, Config, Org
from spanwise.collector.directory import running
from spanwise.collector.settings import Settings, load_settings
from spanwise.collector.store.url import EmbeddedStore

app = typer.Typer()

PATIENCE_SECONDS = 60.0


@app.command()
def mcp(
    user: Annotated[str, typer.Option("--user", help="Whose context it is. The model cannot choose another user.")],
    agent: Agent = "",
    url: Annotated[str, typer.Option("--url", help="A collector's /mcp, in place of mcp.url.")] = "",
    org: Org = "",
    config: Config = None,
) -> None:
    """Give an MCP client its user's context. It speaks over standard input and output to a running collector.

    The tools are read_context, remember and forget. The token is SPANWISE_MCP__TOKEN, best one that is bound to the
    user. What a model wants remembered is proposed to people, unless the policy trusts it.
    """
    settings = load_settings(config)
    place = url or settings.mcp.url or _local(settings)
    if not place.endswith("/mcp"):
        raise typer.BadParameter(f"{place!r} should end with /mcp, as in http://127.0.0.1:4318/mcp", param_hint="--url")
    token = settings.mcp.token.get_secret_value() or operator_token(settings, org or settings.org)
    who = {name: value for name, value in (("user", user), ("agent", agent)) if value}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asyncio.run(_serve(place, f"{place}?{urlencode(who)}", headers))


def _local(settings: Settings) -> str:
    addresses = running(settings.store.path) if isinstance(settings.store, EmbeddedStore) else None
    if addresses is None or not addresses.http:
        raise Failed(f"no collector runs on {settings.store}: start 'spanwise up', or name one with --url")
    return f"http://{addresses.http}/mcp"


async def _serve(place: str, url: str, headers: Mapping[str, str]) -> None:
    """Answer the client with what the collector answers, until the client closes its end."""
    async with httpx2.AsyncClient(headers=dict(headers), timeout=PATIENCE_SECONDS) as http:
        await _knock(http, place, url)
        async with (
            Client(streamable_http_client(url, http_client=http)) as collector,
            stdio_server() as (reading, writing),
        ):
            server = _forwarding(collector)
            await server.run(reading, writing, server.create_initialization_options())


async def _knock(http: httpx2.AsyncClient, place: str, url: str) -> None:
    """Raise `Failed` with what the collector says against serving this credential, or that it does not answer."""
    try:
        answer = await http.get(url.replace("/mcp?", "/v1/context?", 1))
    except httpx2.HTTPError as error:
        raise Failed(f"no answer from {place}: {error}") from None
    if answer.is_error:
        raise Failed(f"{place} refuses: {answer.text}")


def _forwarding(collector: Client) -> Server:
    """What the collector offers, under this roof."""
    return Server(
        "spanwise",
        version=version("spanwise"),
        instructions=collector.instructions,
        on_list_tools=lambda _, __: collector.list_tools(),
        on_call_tool=lambda _, asked: collector.call_tool(asked.name, asked.arguments),
        on_list_resources=lambda _, __: collector.list_resources(),
        on_list_resource_templates=lambda _, __: collector.list_resource_templates(),
        on_read_resource=lambda _, asked: collector.read_resource(asked.uri),
        on_list_prompts=lambda _, __: collector.list_prompts(),
        on_get_prompt=lambda _, asked: collector.get_prompt(asked.name, asked.arguments),
    )
