"""A receiver of webhooks as a `DownstreamStore`."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import urlsplit

import httpx2

from spanwise.collector.deliver import Change, Destination, Positions, Refusal, Refuse
from spanwise.collector.deliver.webhook.answers import RefusedForGood, failure
from spanwise.collector.deliver.webhook.events import event, signature
from spanwise.collector.errors import Busy, Rejected

SECONDS = 15.0
AT_ONCE = 8
"""Requests at the same time, of different records."""
CHUNK = 64
"""Changes, after which the position is recorded: so many come again at most."""
SUSPICIOUS = 16
"""Refusals of one chunk after which, if it took nothing, the receiver is what is wrong."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@asynccontextmanager
async def open_webhook(destination: Destination) -> AsyncIterator[WebhookStore]:
    _check(destination)
    key = _key(destination)
    # No redirects: the events were meant for this address. No proxy of the environment: it would see them.
    async with httpx2.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
        yield WebhookStore(destination.name, destination.url, key, client, destination.positions, time.time)


class WebhookStore:
    def __init__(
        self,
        name: str,
        url: str,
        key: bytes,
        client: httpx2.AsyncClient,
        positions: Positions,
        clock: Callable[[], float],
    ) -> None:
        self._name = name
        self._url = url
        self._key = key
        self._client = client
        self._positions = positions
        self._clock = clock
        self._reached: int | None = None

    async def position(self) -> int:
        return await self._positions.get(self._name)

    async def apply(self, changes: Sequence[Change], position: int, refuse: Refuse) -> None:
        reached = await self.position() if self._reached is None else self._reached
        new = [change for change in changes if change.position > reached]
        for start in range(0, len(new), CHUNK):
            await self._send(new[start : start + CHUNK], refuse, more=start + CHUNK < len(new))
        if position > reached:
            await self._reach(position)

    async def again(self, change: Change, refuse: Refuse) -> None:
        """Send the change whatever the position, which stays."""
        outcome = await self._sent([change], asyncio.Semaphore(1))
        await refuse(outcome.refusals)
        if outcome.failure:
            raise outcome.failure

    async def _send(self, changes: Sequence[Change], refuse: Refuse, *, more: bool) -> None:
        records: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for change in changes:
            records[change.key].append(change)
        room = asyncio.Semaphore(AT_ONCE)
        outcomes = await asyncio.gather(*(self._sent(of_record, room) for of_record in records.values()))
        refusals = [refusal for outcome in outcomes for refusal in outcome.refusals]
        taken = sum(len(outcome.taken) for outcome in outcomes)
        if len(refusals) >= SUSPICIOUS and not taken:
            raise Busy(f"webhook: everything is refused, the last with {refusals[-1].reason}; nothing is given up")
        await refuse(refusals)
        done = {change.position for outcome in outcomes for change in outcome.taken}
        done |= {one.change.position for one in refusals}
        failure = next((outcome.failure for outcome in outcomes if outcome.failure), None)
        whole = list(takewhile(lambda change: change.position in done, changes))
        if whole and (failure or more):
            await self._reach(whole[-1].position)
        if failure:
            raise failure

    async def _reach(self, position: int) -> None:
        await self._positions.set(self._name, position)
        self._reached = position

    async def _sent(self, changes: Sequence[Change], room: asyncio.Semaphore) -> _Outcome:
        """The changes of one record, one after the other; those after one that failed are not sent."""
        taken: list[Change] = []
        refusals: list[Refusal] = []
        for change in changes:
            try:
                async with room:
                    await self._post(change)
                taken.append(change)
            except RefusedForGood as error:
                refusals.append(Refusal(change, str(error)))
            except (Busy, Rejected) as error:
                return _Outcome(taken, refusals, error)
        return _Outcome(taken, refusals, None)

    async def _post(self, change: Change) -> None:
        body = json.dumps(event(change), ensure_ascii=False).encode()
        try:
            answer = await self._client.post(self._url, content=body, headers=self._headers(change, body))
        except (httpx2.HTTPError, OSError) as error:
            raise Busy(f"webhook: {type(error).__name__}") from None
        if not answer.is_success:
            raise failure(answer.status_code, answer.headers, self._clock())

    def _headers(self, change: Change, body: bytes) -> Mapping[str, str]:
        sent = str(int(self._clock()))
        return {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "user-agent": "spanwise",
            "webhook-id": change.update.id,
            "webhook-timestamp": sent,
            "webhook-signature": signature(self._key, change.update.id, sent, body),
        }


@dataclass(frozen=True, slots=True)
class _Outcome:
    taken: Sequence[Change]
    refusals: Sequence[Refusal]
    failure: Busy | Rejected | None


def _check(destination: Destination) -> None:
    url = urlsplit(destination.url)
    where = f"deliver.stores.{destination.name}"
    if not url.hostname:
        raise Rejected(f"{where}.url: should be https://host/path")
    if url.scheme != "https" and url.hostname not in LOOPBACK:
        raise Rejected(
            f"{where}.url: http:// is for loopback only, since anybody on the way could read it: use https://"
        )
    if destination.options:
        raise Rejected(f"{where}.options: a webhook has none")


def _key(destination: Destination) -> bytes:
    text = destination.secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) < 24:
        raise Rejected(f"deliver.stores.{destination.name}.secret: should be whsec_ and at least 24 bytes in base64")
    return key
