"""The door, through a real server and a real client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, TypeAlias

import grpc
import pytest
import pytest_asyncio

from spanwise.collector.access import Caller
from spanwise.collector.context.grpc import Call, ContextDoor
from spanwise.collector.errors import Busy
from spanwise.collector.model import RecordKind, Scope, Status
from spanwise.collector.store import Block, Row
from spanwise.v1 import context_pb2 as wire
from spanwise.v1 import context_pb2_grpc
from tests.context.conftest import Setting
from tests.context.examples import learned, quote

Stub: TypeAlias = "context_pb2_grpc.ContextServiceAsyncStub"
Credential = tuple[tuple[str, str], ...]


def caller_of(call: Call) -> Caller:
    """The tests' credential is the name of the organisation itself."""
    return Caller(str(dict(call.invocation_metadata() or ())["org"]))


async def serve(setting: Setting) -> tuple[grpc.aio.Server, grpc.aio.Channel]:
    server = grpc.aio.server()
    door = ContextDoor(lambda call: setting.desk_of(caller_of(call)))
    context_pb2_grpc.add_ContextServiceServicer_to_server(door, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, grpc.aio.insecure_channel(f"127.0.0.1:{port}")


@pytest_asyncio.fixture
async def server_and_stub(setting: Setting) -> AsyncIterator[tuple[grpc.aio.Server, Stub]]:
    server, channel = await serve(setting)
    yield server, context_pb2_grpc.ContextServiceStub(channel)
    await channel.close()
    await server.stop(None)


@pytest.fixture
def stub(server_and_stub: tuple[grpc.aio.Server, Stub]) -> Stub:
    return server_and_stub[1]


@pytest.fixture
def credential(org: str) -> Credential:
    return (("org", org),)


async def refusal(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    return refused.value.code(), refused.value.details() or ""


async def test_remember_get_forget(stub: Stub, credential: Credential, org: str) -> None:
    alice = wire.Scope(user="alice")
    remembered = await stub.Remember(
        wire.RememberRequest(scope=alice, content="Prefers metric units.", person="ada"), metadata=credential
    )
    assert remembered.record.scope.org == org
    assert remembered.record.producer == "person:ada"
    get = wire.GetRequest(scope=wire.Scope(agent="planner", user="alice"))
    answer = await stub.Get(get, metadata=credential)
    assert list(answer.records) == [remembered.record]
    assert "- Prefers metric units." in answer.prompt_section
    forget = wire.ForgetRequest(scope=alice, content="prefers metric units")
    forgotten = await stub.Forget(forget, metadata=credential)
    assert [record.status for record in forgotten.records] == [wire.STATUS_RETIRED]
    assert not (await stub.Get(get, metadata=credential)).records


async def test_people_look_after_proposals(stub: Stub, credential: Credential, setting: Setting, org: str) -> None:
    kind, status = RecordKind.INSTRUCTION, Status.PROPOSED
    lesson = learned("Use ISO dates.", scope=Scope("planner", org), kind=kind, status=status)
    await setting.log.append([lesson])
    listed = await stub.List(wire.ListRequest(statuses=[wire.STATUS_PROPOSED]), metadata=credential)
    assert [record.id for record in listed.records] == [lesson.record_id]
    approve = wire.ApproveRequest(record_id=lesson.record_id, person="ada", reason="checked")
    assert (await stub.Approve(approve, metadata=credential)).record.status == wire.STATUS_ACTIVE
    reject = wire.RejectRequest(record_id=lesson.record_id)
    assert (await stub.Reject(reject, metadata=credential)).record.status == wire.STATUS_REJECTED
    history = await stub.History(wire.HistoryRequest(record_id=lesson.record_id), metadata=credential)
    assert [update.producer for update in history.updates] == ["remember", "person:ada", "person"]
    explained = await stub.Explain(wire.ExplainRequest(record_id=lesson.record_id), metadata=credential)
    assert [(item.quote, item.trace_id, item.span_id) for item in explained.evidence] == [
        (quote().quote, quote().trace_id, quote().span_id)
    ]


async def test_refusals_say_what_is_wrong(stub: Stub, credential: Credential, org: str) -> None:
    other = wire.Scope(org="other", user="alice")
    calls = {
        stub.Get(wire.GetRequest(scope=other), metadata=credential): ("PERMISSION_DENIED", "scope.org: 'other'"),
        stub.Remember(wire.RememberRequest(scope=other, content="x"), metadata=credential): (
            "PERMISSION_DENIED",
            "org",
        ),
        stub.Remember(wire.RememberRequest(), metadata=credential): ("INVALID_ARGUMENT", "content"),
        stub.Forget(wire.ForgetRequest(), metadata=credential): ("INVALID_ARGUMENT", "what"),
        stub.Forget(wire.ForgetRequest(everything=True), metadata=credential): ("INVALID_ARGUMENT", "scope.user"),
        stub.Forget(wire.ForgetRequest(everything=False), metadata=credential): ("INVALID_ARGUMENT", "what"),
        stub.List(wire.ListRequest(statuses=[wire.STATUS_UNSPECIFIED]), metadata=credential): (
            "INVALID_ARGUMENT",
            "status",
        ),
        stub.Approve(wire.ApproveRequest(record_id="nobody"), metadata=credential): ("NOT_FOUND", "'nobody'"),
        stub.Explain(wire.ExplainRequest(record_id="nobody"), metadata=credential): ("NOT_FOUND", org),
    }
    for call, (code, words) in calls.items():
        status, details = await refusal(call)
        assert (status.name, words in details) == (code, True), details
    watch = wire.WatchRequest(after_position="yesterday")
    status, details = await refusal(anext(aiter(stub.Watch(watch, metadata=credential))))
    assert (status, "yesterday" in details) == (grpc.StatusCode.INVALID_ARGUMENT, True)


async def test_watch_has_no_gaps_while_updates_are_appended(
    stub: Stub, credential: Credential, setting: Setting, org: str
) -> None:
    scope = Scope("", org, "alice")
    appending = asyncio.gather(*(setting.log.append([learned(f"fact {n}", scope=scope)]) for n in range(30)))
    seen: list[wire.ContextUpdate] = []
    for _ in range(6):  # a client that comes back again and again, each time from where it was
        position = seen[-1].position if seen else ""
        watch = wire.WatchRequest(scope=wire.Scope(agent="planner", user="alice"), after_position=position)
        updates = stub.Watch(watch, metadata=credential)
        seen += [await asyncio.wait_for(anext(aiter(updates)), 20) for _ in range(5)]
        updates.cancel()
    await appending
    assert [update.id for update in seen] == [item.id for item in await setting.log.updates(scope)]


async def test_watch_goes_on_where_get_ended(stub: Stub, credential: Credential) -> None:
    scope = wire.Scope(user="alice")
    await stub.Remember(wire.RememberRequest(scope=scope, content="before"), metadata=credential)
    position = (await stub.Get(wire.GetRequest(scope=scope), metadata=credential)).position
    await stub.Remember(wire.RememberRequest(scope=scope, content="after"), metadata=credential)
    watch = wire.WatchRequest(after_position=position, include_narrower=True)
    update = await asyncio.wait_for(anext(aiter(stub.Watch(watch, metadata=credential))), 5)
    assert update.content == "after"


async def test_a_watch_ends_with_ok_when_the_server_stops(
    server_and_stub: tuple[grpc.aio.Server, Stub], credential: Credential, setting: Setting
) -> None:
    server, stub = server_and_stub
    call = stub.Watch(wire.WatchRequest(), metadata=credential)
    await call.initial_metadata()
    setting.watchers.close()
    await asyncio.wait_for(server.stop(10), 5)
    assert await call.code() is grpc.StatusCode.OK


class Unreachable:
    """A store that nobody can reach."""

    async def insert(self, block: Block, token: str) -> None:
        raise Busy("the store cannot be reached")

    async def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Row]:
        raise Busy("the store cannot be reached")

    async def read(self, sql: str, parameters: Mapping[str, Any] | None = None) -> bytes:
        raise Busy("the store cannot be reached")

    async def close(self) -> None:
        pass


async def test_a_busy_store_is_unavailable(credential: Credential) -> None:
    server, channel = await serve(Setting(Unreachable()))
    async with channel:
        stub = context_pb2_grpc.ContextServiceStub(channel)
        code, details = await refusal(stub.Get(wire.GetRequest(), metadata=credential))
    await server.stop(None)
    assert (code, details) == (grpc.StatusCode.UNAVAILABLE, "the store cannot be reached")
