"""The HTTP door, through a real server and a real client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import fastapi.routing
import httpx2
import pytest
import pytest_asyncio

from spanwise.collector.access import Caller
from spanwise.collector.browsers import LOOPBACK
from spanwise.collector.context.http.routes import ContextRoutes
from spanwise.collector.model import RecordKind, Scope, Status
from spanwise.collector.receive.credentials import Credentials
from spanwise.collector.receive.http_app import BODY_BYTES, PROBLEM, http_app
from spanwise.collector.servers import serving_http
from tests.context.conftest import Setting
from tests.context.examples import learned
from tests.context.test_grpc import Unreachable

TOKEN = "s3cret"
SHORT_SECONDS = 0.05


def served(setting: Setting, org: str) -> AbstractAsyncContextManager[str]:
    app = http_app(Credentials("", {TOKEN: Caller(org)}), LOOPBACK)
    app.include_router(ContextRoutes(lambda request: setting.desk_of(request.state.caller)).router())
    return serving_http(app, "127.0.0.1:0", "receive.http_listen")


def client(address: str, **headers: str) -> httpx2.AsyncClient:
    known = {"authorization": f"Bearer {TOKEN}", **headers}
    return httpx2.AsyncClient(base_url=f"http://{address}/v1", headers=known, timeout=20)


@pytest_asyncio.fixture
async def http(setting: Setting, org: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(setting, org) as address, client(address) as opened:
        yield opened


async def refusal(answer: httpx2.Response) -> tuple[int, str]:
    problem = answer.json()
    assert answer.headers["content-type"] == PROBLEM
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["detail"]


async def test_remember_get_forget(http: httpx2.AsyncClient, setting: Setting, org: str) -> None:
    said = {"user": "alice", "content": "Prefers metric units.", "person": "ada"}
    remembered = (await http.post("/context/remember", json=said)).json()
    assert (remembered["scope"], remembered["producer"]) == ({"agent": "", "org": org, "user": "alice"}, "person:ada")
    who = {"user": "alice", "agent": "planner"}
    answer = (await http.get("/context", params=who)).json()
    assert answer["records"] == [remembered]
    assert "- Prefers metric units." in answer["prompt_section"]
    setting.now += timedelta(hours=1)
    gone = (await http.post("/context/forget", json={"user": "alice", "content": "prefers METRIC units"})).json()
    assert [record["status"] for record in gone["records"]] == ["retired"]
    assert not (await http.get("/context", params=who)).json()["records"]
    before = {**who, "as_of": remembered["created"]}
    assert [record["id"] for record in (await http.get("/context", params=before)).json()["records"]] == [
        remembered["id"]
    ]


async def test_people_look_after_proposals(http: httpx2.AsyncClient, setting: Setting, org: str) -> None:
    kind, scope = RecordKind.INSTRUCTION, Scope("planner", org)
    lesson = learned("Use ISO dates.", scope=scope, kind=kind, status=Status.PROPOSED)
    await setting.log.append([lesson])
    (waiting,) = (await http.get("/context/review")).json()["items"]
    assert waiting["record"]["id"] == lesson.record_id
    assert "Use ISO dates." in waiting["section_after"]
    place = f"/context/records/{lesson.record_id}"
    assert (await http.post(f"{place}/edit", json={"content": "Use ISO 8601."})).json()["status"] == "active"
    assert (await http.post(f"{place}/reject", json={"reason": "wrong"})).json()["status"] == "rejected"
    assert (await http.post(f"{place}/approve", json={"person": "ada"})).json()["producer"] == "person:ada"
    history = (await http.get(f"{place}/history")).json()["updates"]
    assert [update["status"] for update in history] == ["proposed", "active", "rejected", "active"]
    explained = (await http.get(place)).json()
    assert [item["quote"] for item in explained["evidence"]] == [lesson.evidence[0].quote]
    listed = (await http.get("/context/records", params={"status": ["active", "proposed"]})).json()["records"]
    assert [record["id"] for record in listed] == [lesson.record_id]


async def test_refusals_say_what_is_wrong(http: httpx2.AsyncClient) -> None:
    await http.post("/context/remember", json={"user": "alice", "content": "Gone."})
    (gone,) = (await http.post("/context/forget", json={"user": "alice", "content": "Gone."})).json()["records"]
    for asked, status, words in (
        (http.get("/context", params={"as_of": "yesterday"}), 422, "query.as_of"),
        (http.post("/context/remember", json={"user": "alice", "content": " "}), 422, "content: must have"),
        (http.post("/context/remember", json={"user": "alice", "contents": "x"}), 422, "body.contents"),
        (http.post("/context/forget", json={"user": "alice"}), 422, "record_id, content and everything"),
        (http.post("/context/forget", json={"everything": True}), 422, "scope.user"),
        (http.get("/context/records/nobody"), 404, "'nobody'"),
        (http.get("/context/nothing"), 404, "Not Found"),
        (http.delete("/context/remember"), 405, "Method Not Allowed"),
        (http.post(f"/context/records/{gone['id']}/approve", json={}), 409, "is retired"),
        (http.get("/context/changes", params={"after": "yesterday"}), 422, "'yesterday'"),
        (http.get("/context/changes", params={"after": "999999999"}), 422, "is not in this log"),
    ):
        told, detail = await refusal(await asked)
        assert (told, words in detail) == (status, True), detail
    secret = {"user": "alice", "content": "The key is AKIAIOSFODNN7EXAMPLE, keep it."}
    assert "AKIA" not in (await http.post("/context/remember", json=secret)).text


async def test_who_may_come_in(setting: Setting, org: str) -> None:
    async with served(setting, org) as address:
        for headers, status in (
            ({"authorization": ""}, 401),
            ({"authorization": "Bearer guessed"}, 401),
            ({"origin": "http://page.example"}, 403),
            ({"sec-fetch-site": "cross-site"}, 403),
            ({"host": "page.example"}, 400),
        ):
            async with client(address, **headers) as stranger:
                answer = await stranger.get("/context")
                assert answer.status_code == status, headers
                assert "access-control-allow-origin" not in answer.headers
        async with client(address) as known:
            assert (await known.post("/context/remember", content=b" " * (BODY_BYTES + 1))).status_code == 413
            assert (await known.post("/context/remember", content=_chunks())).status_code == 413
        async with client(address, authorization="") as tool:
            description = (await tool.get(f"http://{address}/openapi.json")).json()
            assert "/v1/context/remember" in description["paths"]


async def _chunks() -> AsyncIterator[bytes]:
    """A body that does not say how long it is."""
    for _ in range(BODY_BYTES // 65_536 + 1):
        yield b" " * 65_536


async def test_a_busy_store_asks_to_try_again(org: str) -> None:
    async with served(Setting(Unreachable()), org) as address, client(address) as http:
        answer = await http.get("/context")
        assert await refusal(answer) == (503, "the store cannot be reached")
        assert answer.headers["retry-after"] == "1"


async def test_changes_have_no_gaps_while_updates_are_appended(
    http: httpx2.AsyncClient, setting: Setting, org: str
) -> None:
    scope = Scope("", org, "alice")
    appending = asyncio.gather(*(setting.log.append([learned(f"fact {n}", scope=scope)]) for n in range(30)))
    seen: list[Any] = []
    last = ""
    for _ in range(6):  # a client that comes back again and again, each time from where it was
        async with events(http, {"Last-Event-ID": last} if last else {}, user="alice") as following:
            for _ in range(5):
                last, update = await asyncio.wait_for(anext(following), 20)
                seen.append(update)
    await appending
    assert [one["id"] for one in seen] == [update.id for update in await setting.log.updates(scope)]
    assert all(one["scope"]["user"] == "alice" for one in seen)


async def test_changes_go_on_where_get_ended(http: httpx2.AsyncClient) -> None:
    await http.post("/context/remember", json={"user": "alice", "content": "before"})
    position = (await http.get("/context", params={"user": "alice"})).json()["position"]
    await http.post("/context/remember", json={"user": "alice", "content": "after"})
    async with events(http, {}, after=position, include_narrower="true") as following:
        assert (await asyncio.wait_for(anext(following), 5))[1]["content"] == "after"


async def test_an_idle_stream_is_kept_alive(http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastapi.routing, "_PING_INTERVAL", SHORT_SECONDS)
    async with http.stream("GET", "/context/changes") as answer:
        comments = [line async for line in _some(answer, 3) if line.startswith(":")]
    assert len(comments) >= 2


async def _some(answer: httpx2.Response, many: int) -> AsyncIterator[str]:
    lines = answer.aiter_lines()
    while many:
        line = await asyncio.wait_for(anext(lines), 5)
        many -= line.startswith(":")
        yield line


async def test_the_stream_ends_when_the_server_stops(setting: Setting, org: str) -> None:
    serving = served(setting, org)
    address = await serving.__aenter__()
    async with client(address) as http, http.stream("GET", "/context/changes") as answer:
        lines = answer.aiter_lines()
        await anext(lines)
        setting.watchers.close()
        await asyncio.wait_for(serving.__aexit__(None, None, None), 5)
        assert not [line async for line in lines if line.startswith("data:")]


class events:  # noqa: N801 (reads like a function)
    """Pairs of id and data, as a client of server-sent events reads them."""

    def __init__(self, http: httpx2.AsyncClient, headers: dict[str, str], **params: str) -> None:
        self._answer = http.stream("GET", "/context/changes", headers=headers, params=params)

    async def __aenter__(self) -> AsyncIterator[tuple[str, Any]]:
        return self._read(await self._answer.__aenter__())

    async def __aexit__(self, *error: Any) -> None:
        await self._answer.__aexit__(*error)

    async def _read(self, answer: httpx2.Response) -> AsyncIterator[tuple[str, Any]]:
        assert answer.headers["content-type"].startswith("text/event-stream")
        data: Any = None
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
            elif line.startswith("id: "):
                yield line.removeprefix("id: "), data
