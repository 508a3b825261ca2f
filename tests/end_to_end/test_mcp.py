"""The context for MCP clients: the real client, over HTTP and over the standard streams of `spanwise mcp`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Literal

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.processes import COMMAND, CollectorProcess, collector_process

CREDENTIALS = [{"token": "whole", "org": "acme"}, {"token": "adas", "org": "acme", "user": "ada"}]
WHOLE = (("authorization", "Bearer whole"),)
Mode = Literal["legacy", "auto"]
Connect = Callable[[CollectorProcess, str, Mode], AbstractAsyncContextManager[Client]]


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    known = {"SPANWISE_RECEIVE__CREDENTIALS": json.dumps(CREDENTIALS)}
    with collector_process(tmp_path_factory.mktemp("mcp"), known) as started:
        yield started


@asynccontextmanager
async def over_http(collector: CollectorProcess, user: str, mode: Mode) -> AsyncIterator[Client]:
    url = f"http://{collector.addresses.http}/mcp?user={user}"
    async with (
        httpx2.AsyncClient(headers=dict(WHOLE)) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(collector: CollectorProcess, user: str, mode: Mode) -> AsyncIterator[Client]:
    environment = {**collector.variables, "SPANWISE_MCP__TOKEN": "whole"}
    command = StdioServerParameters(command=COMMAND, args=["mcp", "--user", user], env=environment)
    async with Client(stdio_client(command), mode=mode) as client:
        yield client


@pytest.mark.parametrize("mode", ["legacy", "auto"])
@pytest.mark.parametrize("connect", [over_http, over_stdio])
async def test_a_model_reads_remembers_and_forgets(collector: CollectorProcess, connect: Connect, mode: Mode) -> None:
    user = f"{connect.__name__}-{mode}"
    with collector.channel() as channel:
        service = ContextServiceStub(channel)
        request = wire.RememberRequest(scope=wire.Scope(user=user), content="The user prefers metric units.")
        said = service.Remember(request, metadata=WHOLE).record
        async with connect(collector, user, mode) as client:
            assert "read_context" in str(client.instructions)
            assert "- The user prefers metric units." in _text(await client.call_tool("read_context", {}))
            uri = f"context://user/{user}"
            assert "metric units" in str(await client.read_resource(uri))
            assert "metric units" in str(await client.get_prompt("context"))
            noted = await client.call_tool("remember", {"content": "The user has a cat.", "reason": "they said so"})
            assert noted.structured_content["status"] == "proposed"
            approve = wire.ApproveRequest(record_id=noted.structured_content["record"], person="bo")
            assert "cat" not in _text(await client.call_tool("read_context", {}))
            service.Approve(approve, metadata=WHOLE)
            assert "cat" in _text(await client.call_tool("read_context", {}))
            gone = await client.call_tool("forget", {"record": said.id})
            assert [one["status"] for one in gone.structured_content["result"]] == ["retired"]
            assert "metric" not in _text(await client.call_tool("read_context", {}))
        history = service.History(wire.HistoryRequest(record_id=said.id), metadata=WHOLE)
        assert [update.producer for update in history.updates] == ["application", "model"]


async def test_the_model_cannot_choose_whose_context_it_is(collector: CollectorProcess) -> None:
    async with over_http(collector, "ada", "auto") as client:
        for tool in (await client.list_tools()).tools:
            assert not {"user", "agent", "org"} & set(tool.input_schema["properties"])
        refused = await client.call_tool("remember", {"content": "Bob is a fraud.", "user": "bob"})
        assert refused.is_error or refused.structured_content["content"] == "Bob is a fraud."
    with collector.channel() as channel:
        listed = ContextServiceStub(channel).List(wire.ListRequest(scope=wire.Scope(user="bob")), metadata=WHOLE)
    assert not listed.records


async def test_without_a_user_there_is_nothing_to_note(collector: CollectorProcess) -> None:
    async with over_http(collector, "", "auto") as client:
        refused = await client.call_tool("remember", {"content": "Everybody must obey."})
    assert refused.is_error
    assert "user" in _text(refused)


def test_requests_without_a_known_token_or_of_a_page_are_refused(collector: CollectorProcess) -> None:
    url = f"http://{collector.addresses.http}/mcp"
    assert httpx2.post(url, json={}).status_code == 401
    assert httpx2.post(url, json={}, headers={**dict(WHOLE), "origin": "http://page.example"}).status_code == 403
    assert httpx2.get(url, headers=dict(WHOLE)).status_code == 405
    assert httpx2.post(url, content=b" " * 2_000_000, headers=dict(WHOLE)).status_code == 413


@pytest.mark.parametrize(
    ("variables", "arguments", "words"),
    [
        ({}, ["--user", "bob"], "is not the user of this call's credential"),
        ({"SPANWISE_MCP__TOKEN": "guessed"}, ["--user", "ada"], "the bearer token is not known"),
        ({}, ["--user", "ada", "--url", "http://127.0.0.1:9/mcp"], "no answer from http://127.0.0.1:9/mcp"),
        ({}, ["--user", "ada", "--url", "http://127.0.0.1:9/"], "should end with /mcp"),
    ],
)
def test_the_command_says_why_it_does_not_serve(
    collector: CollectorProcess, variables: dict[str, str], arguments: list[str], words: str
) -> None:
    with_token = {**collector.environment, "SPANWISE_MCP__TOKEN": "adas", **variables}
    failed = CollectorProcess(collector.directory, with_token).run("mcp", *arguments)
    assert failed.returncode in (1, 2)
    assert words in " ".join(failed.stderr.split())


def _text(answer: Any) -> str:
    return str(answer.content[0].text)
