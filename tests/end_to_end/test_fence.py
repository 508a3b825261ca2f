"""What a credential reaches, over every door: each call is tried with another organisation's and another user's.

The calls are enumerated from the service descriptors, the OpenAPI description and the list of MCP tools: one that is
added without a case here fails.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import grpc
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from spanwise.v1 import collector_pb2, context_pb2
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.collector_pb2_grpc import CollectorServiceStub
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.exporting import Metadata, export
from tests.processes import CollectorProcess, collector_process
from tests.requests import chat, request_bytes

CREDENTIALS = [
    {"token": "acme-all", "org": "acme"},
    {"token": "acme-ada", "org": "acme", "user": "ada"},
    {"token": "acme-bob", "org": "acme", "user": "bob"},
    {"token": "acme-planner", "org": "acme", "agent": "planner"},
    {"token": "other-all", "org": "other"},
]
WHOLE, ADA, BOB, OTHER, NOBODY = "acme-all", "acme-ada", "acme-bob", "other-all", "nobody"
MARKER = "The parrot of Ada is called Marker"
SEEN, NOTHING = "SEEN", "NOTHING"
"""The call was answered: with what is Ada's, or without."""
UNKNOWN, INVALID, DENIED, STRANGER = "NOT_FOUND", "INVALID_ARGUMENT", "PERMISSION_DENIED", "UNAUTHENTICATED"
HTTP_NAMES = {401: STRANGER, 403: DENIED, 404: UNKNOWN, 422: INVALID}
SECONDS = 1.5
"""After which a stream that has told nothing will tell nothing."""

NUMBERS = count()


@dataclass(frozen=True)
class Doors:
    """The collector, and one record of Ada's that nothing else touches."""

    collector: CollectorProcess
    channel: grpc.Channel
    record: str
    receipt: str

    @property
    def http(self) -> str:
        return f"http://{self.collector.addresses.http}"


@dataclass(frozen=True)
class Case:
    """A call that asks for what is Ada's, and what becomes of it: asked by another organisation, by Bob, by Ada."""

    ask: Callable[[Doors, Any], Any]
    other: str
    bob: str
    ada: str

    def expected(self, token: str) -> str:
        return {OTHER: self.other, BOB: self.bob, ADA: self.ada, NOBODY: STRANGER}[token]


def context(doors: Doors) -> Any:
    return ContextServiceStub(doors.channel)


SCOPE = wire.Scope(user="ada")
RPCS: Mapping[str, Case] = {
    "Get": Case(lambda d, m: context(d).Get(wire.GetRequest(scope=SCOPE), metadata=m), NOTHING, DENIED, SEEN),
    "Watch": Case(
        lambda d, m: _first(context(d).Watch(wire.WatchRequest(scope=SCOPE), metadata=m, timeout=SECONDS)),
        *(NOTHING, DENIED, SEEN),
    ),
    "Remember": Case(
        lambda d, m: context(d).Remember(wire.RememberRequest(scope=SCOPE, content="Ada has a cat."), metadata=m),
        *(NOTHING, DENIED, NOTHING),
    ),
    "Forget": Case(
        lambda d, m: context(d).Forget(wire.ForgetRequest(scope=SCOPE, record_id=d.record), metadata=m),
        *(UNKNOWN, DENIED, SEEN),
    ),
    "List": Case(lambda d, m: context(d).List(wire.ListRequest(scope=SCOPE), metadata=m), NOTHING, DENIED, SEEN),
    "History": Case(
        lambda d, m: context(d).History(wire.HistoryRequest(record_id=d.record), metadata=m), UNKNOWN, UNKNOWN, SEEN
    ),
    "Explain": Case(
        lambda d, m: context(d).Explain(wire.ExplainRequest(record_id=d.record), metadata=m), UNKNOWN, UNKNOWN, SEEN
    ),
    "Approve": Case(
        lambda d, m: context(d).Approve(wire.ApproveRequest(record_id=d.record), metadata=m), UNKNOWN, DENIED, DENIED
    ),
    "Reject": Case(
        lambda d, m: context(d).Reject(wire.RejectRequest(record_id=d.record), metadata=m), UNKNOWN, DENIED, DENIED
    ),
    "Edit": Case(
        lambda d, m: context(d).Edit(wire.EditRequest(record_id=d.record, content="Mine."), metadata=m),
        *(UNKNOWN, DENIED, DENIED),
    ),
    "Review": Case(
        lambda d, m: context(d).Review(wire.ReviewRequest(scope=SCOPE), metadata=m), NOTHING, DENIED, DENIED
    ),
    "Decide": Case(
        lambda d, m: context(d).Decide(
            wire.DecideRequest(decisions=[wire.Decision(record_id=d.record, verdict=wire.VERDICT_REJECT)]), metadata=m
        ),
        *(NOTHING, DENIED, DENIED),
    ),
    "Rates": Case(lambda d, m: context(d).Rates(wire.RatesRequest(), metadata=m), NOTHING, DENIED, DENIED),
    "SetConsent": Case(
        lambda d, m: context(d).SetConsent(wire.SetConsentRequest(user="ada", consent=wire.CONSENT_ALL), metadata=m),
        *(NOTHING, DENIED, NOTHING),
    ),
    "GetConsent": Case(
        lambda d, m: context(d).GetConsent(wire.GetConsentRequest(user="ada"), metadata=m), NOTHING, DENIED, NOTHING
    ),
    "Erase": Case(
        lambda d, m: context(d).Erase(wire.EraseRequest(record_id=d.record), metadata=m), INVALID, DENIED, DENIED
    ),
    "VerifyErasure": Case(
        lambda d, m: context(d).VerifyErasure(wire.VerifyErasureRequest(receipt=d.receipt), metadata=m),
        *(INVALID, DENIED, DENIED),
    ),
    "Replay": Case(
        lambda d, m: list(CollectorServiceStub(d.channel).Replay(collector_pb2.ReplayRequest(), metadata=m)),
        *(NOTHING, DENIED, DENIED),
    ),
    "TestPolicy": Case(
        lambda d, m: CollectorServiceStub(d.channel).TestPolicy(collector_pb2.TestPolicyRequest(), metadata=m),
        *(NOTHING, DENIED, DENIED),
    ),
    "Export": Case(
        lambda d, m: export(d.channel, request_bytes(chat("ada", "Remember that I like rain.")), m),
        *(NOTHING, DENIED, DENIED),
    ),
}


def send(method: str, path: str, body: Any = None) -> Callable[[Doors, Any], Any]:
    def ask(doors: Doors, headers: Any) -> str:
        place = f"{doors.http}{path.format(record=doors.record)}"
        what = json.loads(json.dumps(body).replace("RECORD", doors.record)) if body else None
        answer = httpx2.request(method, place, json=what, headers=headers)
        return HTTP_NAMES.get(answer.status_code) or _plain(answer)

    return ask


def follow(doors: Doors, headers: Any) -> str:
    place = f"{doors.http}/v1/context/changes?user=ada"
    try:
        with httpx2.stream("GET", place, headers=headers, timeout=SECONDS) as answer:
            if answer.is_error:
                return HTTP_NAMES[answer.status_code]
            return next((line for line in answer.iter_lines() if line.startswith("data:")), "")
    except httpx2.ReadTimeout:
        return ""


ROUTES: Mapping[tuple[str, str], Case] = {
    ("get", "/v1/context"): Case(send("GET", "/v1/context?user=ada"), NOTHING, DENIED, SEEN),
    ("get", "/v1/context/changes"): Case(follow, NOTHING, DENIED, SEEN),
    ("post", "/v1/context/remember"): Case(
        send("POST", "/v1/context/remember", {"user": "ada", "content": "Ada has a dog."}), NOTHING, DENIED, NOTHING
    ),
    ("post", "/v1/context/forget"): Case(
        send("POST", "/v1/context/forget", {"user": "ada", "record_id": "RECORD"}), UNKNOWN, DENIED, SEEN
    ),
    ("get", "/v1/context/records"): Case(send("GET", "/v1/context/records?user=ada"), NOTHING, DENIED, SEEN),
    ("get", "/v1/context/records/{record_id}"): Case(
        send("GET", "/v1/context/records/{record}"), UNKNOWN, UNKNOWN, SEEN
    ),
    ("get", "/v1/context/records/{record_id}/history"): Case(
        send("GET", "/v1/context/records/{record}/history"), UNKNOWN, UNKNOWN, SEEN
    ),
    ("post", "/v1/context/records/{record_id}/approve"): Case(
        send("POST", "/v1/context/records/{record}/approve", {"reason": "x"}), UNKNOWN, DENIED, DENIED
    ),
    ("post", "/v1/context/records/{record_id}/reject"): Case(
        send("POST", "/v1/context/records/{record}/reject", {"reason": "x"}), UNKNOWN, DENIED, DENIED
    ),
    ("post", "/v1/context/records/{record_id}/edit"): Case(
        send("POST", "/v1/context/records/{record}/edit", {"content": "Mine."}), UNKNOWN, DENIED, DENIED
    ),
    ("get", "/v1/context/review"): Case(send("GET", "/v1/context/review?user=ada"), NOTHING, DENIED, DENIED),
    ("get", "/v1/context/rates"): Case(send("GET", "/v1/context/rates"), NOTHING, DENIED, DENIED),
    ("get", "/v1/context/consent"): Case(send("GET", "/v1/context/consent?user=ada"), NOTHING, DENIED, NOTHING),
    ("put", "/v1/context/consent"): Case(
        send("PUT", "/v1/context/consent", {"user": "ada", "consent": "all"}), NOTHING, DENIED, NOTHING
    ),
}

TOOLS: Mapping[str, Case] = {
    "read_context": Case(lambda d, m: _tool(d, m, "read_context", {}), NOTHING, DENIED, SEEN),
    "remember": Case(lambda d, m: _tool(d, m, "remember", {"content": "Ada has a fish."}), *(NOTHING, DENIED, NOTHING)),
    "forget": Case(lambda d, m: _tool(d, m, "forget", {"record": d.record}), UNKNOWN, DENIED, SEEN),
    "context://user/{user}": Case(lambda d, m: _resource(d, m, "context://user/ada"), NOTHING, DENIED, SEEN),
    "context://agent/{agent}": Case(lambda d, m: _resource(d, m, "context://agent/planner"), NOTHING, DENIED, SEEN),
    "context://user/{user}/agent/{agent}": Case(
        lambda d, m: _resource(d, m, "context://user/ada/agent/planner"), NOTHING, DENIED, SEEN
    ),
    "context": Case(lambda d, m: _prompt(d, m, "context"), NOTHING, DENIED, SEEN),
}
"""Tools, resources and prompts, on a connection that was configured for Ada."""


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    known = {"SPANWISE_RECEIVE__CREDENTIALS": json.dumps(CREDENTIALS)}
    with collector_process(tmp_path_factory.mktemp("fence"), known) as started:
        yield started


@pytest.fixture(scope="module")
def channel(collector: CollectorProcess) -> Iterator[grpc.Channel]:
    with collector.channel() as opened:
        yield opened


@pytest.fixture(scope="module")
def receipt(channel: grpc.Channel) -> str:
    request = wire.EraseRequest(user="carol")
    return str(ContextServiceStub(channel).Erase(request, metadata=metadata(WHOLE)).receipt)


@pytest.fixture
def doors(collector: CollectorProcess, channel: grpc.Channel, receipt: str) -> Doors:
    content = f"{MARKER} {next(NUMBERS)}."
    remember = wire.RememberRequest(scope=SCOPE, content=content)
    record = ContextServiceStub(channel).Remember(remember, metadata=metadata(WHOLE)).record
    return Doors(collector, channel, record.id, receipt)


def metadata(token: str) -> Metadata:
    return (("authorization", f"Bearer {token}"),)


TOKENS = (OTHER, BOB, ADA, NOBODY)


def test_every_call_has_a_case(doors: Doors) -> None:
    files = (context_pb2, collector_pb2, trace_service_pb2)
    services = [service for file in files for service in file.DESCRIPTOR.services_by_name.values()]
    assert {method.name for service in services for method in service.methods} == set(RPCS)
    paths = httpx2.get(f"{doors.http}/openapi.json").json()["paths"]
    assert {(method, path) for path, methods in paths.items() for method in methods} == set(ROUTES)
    assert asyncio.run(_offered(doors)) == set(TOOLS)


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("name", RPCS)
def test_every_rpc_stays_within_the_fence(doors: Doors, name: str, token: str) -> None:
    assert _outcome(_called(RPCS[name], doors, token)) == RPCS[name].expected(token)
    _untouched(doors, within=token == ADA)


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_every_route_stays_within_the_fence(doors: Doors, route: tuple[str, str], token: str) -> None:
    outcome = _outcome(ROUTES[route].ask(doors, dict(metadata(token))))
    assert outcome == ROUTES[route].expected(token)
    _untouched(doors, within=token == ADA)


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_stays_within_the_fence(doors: Doors, name: str, token: str) -> None:
    outcome = _outcome(asyncio.run(_connected(TOOLS[name], doors, token)))
    assert outcome == TOOLS[name].expected(token)
    _untouched(doors, within=token == ADA)


def test_what_a_request_leaves_open_is_filled_in(doors: Doors) -> None:
    answer = ContextServiceStub(doors.channel).Get(wire.GetRequest(), metadata=metadata(ADA))
    assert doors.record in {record.id for record in answer.records}
    told = httpx2.get(f"{doors.http}/v1/context", headers=dict(metadata(ADA))).json()
    assert doors.record in {record["id"] for record in told["records"]}
    assert MARKER not in httpx2.get(f"{doors.http}/v1/context", headers=dict(metadata(BOB))).text


def test_a_credential_of_an_agent_is_fenced_the_same_way(doors: Doors) -> None:
    service, who = ContextServiceStub(doors.channel), metadata("acme-planner")
    content = "The plan is drawn in ink."
    record = service.Remember(wire.RememberRequest(content=content), metadata=who).record
    assert (record.scope.agent, record.scope.user) == ("planner", "")
    with pytest.raises(grpc.RpcError) as refused:
        service.Get(wire.GetRequest(scope=wire.Scope(agent="writer")), metadata=who)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    with pytest.raises(grpc.RpcError) as refused:
        service.Explain(wire.ExplainRequest(record_id=doors.record), metadata=who)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


def test_a_user_does_not_sign_for_somebody_else(doors: Doors) -> None:
    request = wire.RememberRequest(content="Ada has a car.", person="the boss")
    with pytest.raises(grpc.RpcError) as refused:
        ContextServiceStub(doors.channel).Remember(request, metadata=metadata(ADA))
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert "person" in str(refused.value.details())


def _called(case: Case, doors: Doors, token: str) -> Any:
    try:
        return case.ask(doors, metadata(token))
    except grpc.RpcError as error:
        status: Any = error
        return status.code().name.replace("DEADLINE_EXCEEDED", NOTHING)


def _first(updates: Any) -> Any:
    try:
        return next(update for update in updates if MARKER in update.content)
    finally:
        updates.cancel()


def _outcome(answer: Any) -> str:
    """What became of a call: the name of its refusal, or whether what is Ada's was told."""
    if answer in (UNKNOWN, INVALID, DENIED, STRANGER):
        return str(answer)
    return SEEN if MARKER in str(answer) else NOTHING


def _plain(answer: httpx2.Response) -> str:
    assert answer.is_success, answer.text
    return answer.text


def _untouched(doors: Doors, *, within: bool) -> None:
    """Whoever is not within has changed nothing of the record, and left nothing in Ada's context."""
    if within:
        return
    service = ContextServiceStub(doors.channel)
    history = service.History(wire.HistoryRequest(record_id=doors.record), metadata=metadata(WHOLE))
    assert [(update.operation, update.status) for update in history.updates] == [
        (wire.OPERATION_ADD, wire.STATUS_ACTIVE)
    ]


async def _connected(case: Case, doors: Doors, token: str) -> str:
    try:
        return str(await case.ask(doors, metadata(token)))
    except MCPError as error:
        return _refusal(str(error))
    except BaseExceptionGroup as group:  # from the tasks of a client that is closing
        (leaf,) = _leaves(group)
        return _refusal(str(leaf))


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def _refusal(said: str) -> str:
    """Of a model's call: clients hand on what the server says, and of a refused connection only that it was refused."""
    outcomes = {"this call's credential": DENIED, "has no record": UNKNOWN, "returned an error response": STRANGER}
    return next(outcome for words, outcome in outcomes.items() if words in said)


@asynccontextmanager
async def _client(doors: Doors, headers: Metadata) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers=dict(headers)) as http,
        Client(streamable_http_client(f"{doors.http}/mcp?user=ada", http_client=http)) as client,
    ):
        yield client


async def _tool(doors: Doors, headers: Metadata, name: str, arguments: Mapping[str, Any]) -> str:
    async with _client(doors, headers) as client:
        answer = await client.call_tool(name, dict(arguments))
        return _refusal(str(answer.content)) if answer.is_error else str(answer.content)


async def _resource(doors: Doors, headers: Metadata, uri: str) -> str:
    async with _client(doors, headers) as client:
        return str(await client.read_resource(uri))


async def _prompt(doors: Doors, headers: Metadata, name: str) -> str:
    async with _client(doors, headers) as client:
        return str(await client.get_prompt(name))


async def _offered(doors: Doors) -> set[str]:
    async with _client(doors, metadata(ADA)) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        assert not (await client.list_resources()).resources
        templates = [one.uri_template for one in (await client.list_resource_templates()).resource_templates]
        return {*tools, *templates, *(prompt.name for prompt in (await client.list_prompts()).prompts)}
