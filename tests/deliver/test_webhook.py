"""What a receiver's answers mean."""

from __future__ import annotations

import asyncio
import time

import pytest

from spanwise.collector.deliver.following import Follower
from spanwise.collector.deliver.refilling import CHUNK, refill
from spanwise.collector.deliver.webhook import open_webhook
from spanwise.collector.deliver.webhook.store import SUSPICIOUS
from spanwise.collector.errors import Rejected
from spanwise.collector.model import Status
from tests.deliver.backends import WebhookBackend, destination
from tests.deliver.examples import History, until
from tests.deliver.receiver import SECRET, Receiver
from tests.deliver.test_stores import equal


async def test_an_event_is_a_cloud_event_with_the_id_of_its_update(history: History, receiver: Receiver) -> None:
    backend = WebhookBackend(receiver)
    record = await history.say("likes tea")
    async with history.following(history.follower(backend.name, backend.open)):
        await until(lambda: equal(history, backend))
    (event,), (headers,) = receiver.events, receiver.headers
    (update,) = await history.log.history(history.org, record)
    assert event["specversion"] == "1.0"
    assert event["id"] == headers["webhook-id"] == update.id
    assert (event["type"], event["subject"]) == ("dev.spanwise.context.record.changed", record)
    assert event["data"]["record"]["content"] == "likes tea"
    assert headers["content-type"].startswith("application/cloudevents+json")


async def test_a_receiver_that_asks_for_a_pause_gets_it(history: History, receiver: Receiver) -> None:
    backend = WebhookBackend(receiver)
    receiver.answers[b"likes tea"] = (429, {"retry-after": "2"})
    await history.say("likes tea")
    async with history.following(history.follower(backend.name, backend.open)):

        async def tried() -> bool:
            return receiver.tried > 0

        await until(tried)
        begun = time.monotonic()
        del receiver.answers[b"likes tea"]
        await until(lambda: equal(history, backend))
        assert time.monotonic() - begun > 1.5


@pytest.mark.parametrize(("status", "said"), [(410, "wants no more"), (307, "redirects are not followed")])
async def test_a_receiver_that_has_gone_stops_delivery_and_loses_nothing(
    history: History, receiver: Receiver, status: int, said: str
) -> None:
    backend = WebhookBackend(receiver)
    receiver.answers[b"likes tea"] = (status, {"location": "http://127.0.0.1:1/"})
    await history.say("likes tea")
    follower = history.follower(backend.name, backend.open)
    async with history.following(follower):

        async def told() -> bool:
            return said in follower.progress.error

        await until(told)
        assert not [one for one in await history.letters.unsettled() if one.store == backend.name]
        del receiver.answers[b"likes tea"]
        await until(lambda: equal(history, backend))


async def test_a_receiver_that_refuses_everything_is_what_is_wrong(history: History, receiver: Receiver) -> None:
    backend = WebhookBackend(receiver)
    receiver.answers[b"number"] = (404, {})
    for number in range(SUSPICIOUS + 1):
        await history.say(f"number {number}", f"user-{number}")
    follower = history.follower(backend.name, backend.open)
    async with history.following(follower):

        async def told() -> bool:
            return "everything is refused" in follower.progress.error

        await until(told)
        assert not [one for one in await history.letters.unsettled() if one.store == backend.name]
        receiver.answers.clear()
        await until(lambda: equal(history, backend))


@pytest.mark.parametrize(
    ("url", "secret", "said"),
    [
        ("http://example.com/hook", SECRET, "loopback"),
        ("https://example.com/hook", "", "secret"),
        ("https://example.com/hook", "whsec_c2hvcnQ=", "secret"),
    ],
)
async def test_settings_that_cannot_be_right_are_refused(url: str, secret: str, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        async with open_webhook(destination(url, secret)):
            raise AssertionError


async def test_a_receiver_that_lost_everything_is_told_it_once_more(history: History, receiver: Receiver) -> None:
    backend = WebhookBackend(receiver)
    for number in range(CHUNK + 3):
        await history.say(f"number {number}", f"user-{number}")
    await history.say("to be decided", status=Status.PROPOSED)
    gone, erased = await history.say("gone"), await history.say("erased")
    await history.retract(gone)
    await history.erase(erased)
    follower = history.follower(backend.name, backend.open)
    async with history.following(follower):
        await until(lambda: equal(history, backend))
        had = {one["id"] for one in receiver.events}
        receiver.events.clear()
        receiver.tried = 0
        receiver.answers[b"number 7"] = (503, {})

        async def away() -> bool:
            return receiver.tried > len(receiver.events)

        refilling = asyncio.create_task(_refilled(history, follower))
        await until(away)
        del receiver.answers[b"number 7"]
        assert await refilling == CHUNK + 5
        assert await equal(history, backend)
        told = {one["id"]: one for one in receiver.events}
        assert not had & told.keys(), "a receiver drops what has an id that it had"
        ends = {one["subject"]: one["type"].rpartition(".")[2] for one in told.values() if not one["data"]["record"]}
        assert ends == {gone: "removed", erased: "erased"}
        await history.reword(gone, "back")
        await history.say("after all that")
        await until(lambda: equal(history, backend))


async def _refilled(history: History, follower: Follower) -> int:
    return sum([told async for told in refill(follower, history.reader, history.org)])
