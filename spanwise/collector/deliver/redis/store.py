"""Redis as a `DownstreamStore`."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, RedisError

from spanwise.collector.deliver import Change, Destination, Document, Key, Refuse
from spanwise.collector.deliver.redis.names import Names
from spanwise.collector.deliver.redis.rewriting import rewrite
from spanwise.collector.deliver.redis.script import APPLY, told
from spanwise.collector.errors import Busy, Rejected

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
OPTIONS = {"prefix": "{spanwise}:", "stream_length": "10000"}
NUMBERS = {"position": int, "confidence": float}


@asynccontextmanager
async def open_redis(destination: Destination) -> AsyncIterator[RedisStore]:
    options = _options(destination)
    try:
        client = Redis.from_url(
            destination.url,
            decode_responses=True,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            client_name=f"spanwise-deliver-{destination.name}",
        )
    except ValueError:
        raise Rejected(f"deliver.stores.{destination.name}.url: should be redis://user:password@host:6379/0") from None
    try:
        store = RedisStore(client, options["prefix"], options["stream_length"])
        await store.prepare()
        yield store
    finally:
        await client.aclose()


class RedisStore:
    fields: frozenset[str] = frozenset()

    def __init__(self, client: Redis, prefix: str, stream_length: str) -> None:
        self._client: Any = client  # its methods are typed as if they were not asynchronous
        self._names = Names(prefix)
        self._stream_length = stream_length
        self._apply = self._client.register_script(APPLY)
        self._position, self._records, self._changes, self._to_rewrite = self._names.all_of

    async def prepare(self) -> None:
        """Return once what was erased before is gone."""
        with _retryable():
            await self._rewrite_if_erased()

    async def position(self) -> int:
        with _retryable():
            return int(await self._client.get(self._position) or 0)

    async def apply(self, changes: Sequence[Change], position: int, refuse: Refuse) -> None:  # noqa: ARG002 (all is taken)
        await self._write(changes, position, guarded=True)

    async def mend(self, changes: Sequence[Change], refuse: Refuse) -> None:  # noqa: ARG002
        await self._write(changes, 0, guarded=False)

    async def again(self, change: Change, refuse: Refuse) -> None:
        await self.mend([change], refuse)

    async def read(self, keys: Sequence[Key]) -> Mapping[Key, Document]:
        names = [self._names.key(key) for key in keys]
        with _retryable():
            held = [dict(fields) for fields in await self._pipelined("hgetall", [(name,) for name in names])]
            places = [(fields.get("scope", ""), name) for fields, name in zip(held, names, strict=True)]
            found = await self._pipelined("sismember", places)
            known = await self._client.smismember(self._records, names)
        # A hash that the sets do not lead to is not there for who looks.
        whole = [all(three) for three in zip(held, found, known, strict=True)]
        return {key: _document(fields) for key, fields, there in zip(keys, held, whole, strict=True) if there}

    async def _pipelined(self, command: str, arguments: Sequence[tuple[str, ...]]) -> Sequence[Any]:
        async with self._client.pipeline(transaction=False) as pipeline:
            for given in arguments:
                getattr(pipeline, command)(*given)
            answers: Sequence[Any] = await pipeline.execute()
            return answers

    async def keys(self) -> AsyncIterator[Sequence[Key]]:
        cursor = 0
        while True:
            with _retryable():
                cursor, names = await self._client.sscan(self._records, cursor, count=1000)
            if names:
                yield [self._names.parsed(name) for name in names]
            if not cursor:
                return

    async def _write(self, changes: Sequence[Change], position: int, *, guarded: bool) -> None:
        page = json.dumps([told(change, self._names) for change in changes])
        keys = [self._position, self._records, self._changes, self._to_rewrite]
        with _retryable():
            await self._apply(keys, [int(guarded), position, self._stream_length, page])
            if any(change.erased for change in changes):
                await self._rewrite_if_erased()

    async def _rewrite_if_erased(self) -> None:
        if not await self._client.get(self._to_rewrite):
            return
        try:
            await rewrite(self._client)
        except NoPermissionError:
            logger.warning(
                "Redis does not let us write its files anew: what was erased leaves them when it does so itself"
            )
        await self._client.delete(self._to_rewrite)


@contextmanager
def _retryable() -> Iterator[None]:
    """Whatever Redis says passes, or is mended by somebody: it has no quarrel with values."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise Busy(f"Redis: {said}") from None


def _options(destination: Destination) -> Mapping[str, str]:
    options = OPTIONS | dict(destination.options)
    where = f"deliver.stores.{destination.name}.options"
    if unknown := set(options) - set(OPTIONS):
        raise Rejected(f"{where}: a Redis store has no {', '.join(sorted(unknown))}")
    if not options["stream_length"].isdigit():
        raise Rejected(f"{where}.stream_length = {options['stream_length']!r}: should be a number")
    return options


def _document(fields: Mapping[str, str]) -> Document:
    return {name: NUMBERS.get(name, str)(text) for name, text in fields.items() if name != "scope"}
