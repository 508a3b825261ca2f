"""Redis: a hash for each record, a set for each scope, a stream of changes.

`redis://user:password@host:6379/0` or `rediss://`; options `prefix` (`{spanwise}:`, whose braces keep everything in one
slot of a cluster) and `stream_length` (10,000, about). Names in keys are percent-encoded:

    {spanwise}:record:<org>:<record>         hash: the fields of `documents.document`
    {spanwise}:scope:<org>:<agent>:<user>    set of keys of records; what is empty stays empty
    {spanwise}:changes                       stream of org, record_id, operation and position, without content

A page and the position are one script, so a reader sees all of a page or nothing of it. After an erasure the
append-only file and the snapshot are written anew; replicas follow, backups are their keeper's to drop.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import quote, unquote

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, RedisError

from spanwise.collector.deliver import Change, Destination, Document, Key, Refuse
from spanwise.collector.deliver.documents import document
from spanwise.collector.errors import Busy, Rejected

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
REWRITE_SECONDS = 600.0
WRITING = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
OPTIONS = {"prefix": "{spanwise}:", "stream_length": "10000"}
NUMBERS = {"position": int, "confidence": float}
APPLY = """
local reached = tonumber(redis.call('GET', KEYS[1]) or '0')
local guarded = ARGV[1] == '1'
for _, change in ipairs(cjson.decode(ARGV[4])) do
  if not guarded or change.position > reached then
    local before = redis.call('HGET', change.key, 'scope')
    if before then redis.call('SREM', before, change.key) end
    redis.call('DEL', change.key)
    redis.call('SREM', KEYS[2], change.key)
    if #change.fields > 0 then
      redis.call('HSET', change.key, 'scope', change.scope, unpack(change.fields))
      redis.call('SADD', change.scope, change.key)
      redis.call('SADD', KEYS[2], change.key)
    end
    if change.erased then redis.call('SET', KEYS[4], '1') end
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 'org', change.org, 'record_id', change.record,
      'operation', change.operation, 'position', string.format('%.0f', change.position))
  end
end
if tonumber(ARGV[2]) > reached then redis.call('SET', KEYS[1], ARGV[2]) end
"""


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
        self._prefix = prefix
        self._stream_length = stream_length
        self._apply = self._client.register_script(APPLY)
        names = ("position", "records", "changes", "rewrite")
        self._position, self._records, self._changes, self._to_rewrite = (f"{prefix}{name}" for name in names)

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
        names = [self._key(key) for key in keys]
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
                yield [self._parsed(name) for name in names]
            if not cursor:
                return

    async def _write(self, changes: Sequence[Change], position: int, *, guarded: bool) -> None:
        told = json.dumps([self._told(change) for change in changes])
        keys = [self._position, self._records, self._changes, self._to_rewrite]
        with _retryable():
            await self._apply(keys, [int(guarded), position, self._stream_length, told])
            if any(change.erased for change in changes):
                await self._rewrite_if_erased()

    def _told(self, change: Change) -> Mapping[str, object]:
        record, scope = change.record, change.update.scope
        fields = [text for pair in document(record).items() for text in map(str, pair)] if record else []
        return {
            "key": self._key(change.key),
            "scope": self._scope(scope.org, scope.agent, scope.user),
            "fields": fields,
            "erased": change.erased,
            "org": change.key.org,
            "record": change.key.record,
            "operation": "erase" if change.erased else ("put" if record else "remove"),
            "position": change.position,
        }

    async def _rewrite_if_erased(self) -> None:
        if not await self._client.get(self._to_rewrite):
            return
        try:
            await self._rewrite()
        except NoPermissionError:
            logger.warning(
                "Redis does not let us write its files anew: what was erased leaves them when it does so itself"
            )
        await self._client.delete(self._to_rewrite)

    async def _rewrite(self) -> None:
        """Return once neither the append-only file nor the snapshot has what is not in the memory any more."""
        async with asyncio.timeout(REWRITE_SECONDS):
            if (await self._until_idle())["aof_enabled"]:
                await self._client.bgrewriteaof()
            await self._until_idle()
            if (await self._client.config_get("save")).get("save"):
                await self._client.bgsave()
            await self._until_idle()

    async def _until_idle(self) -> Mapping[str, Any]:
        """Return once nothing is being written that began before now."""
        while True:
            known: Mapping[str, Any] = await self._client.info("persistence")
            if not any(known[name] for name in WRITING):
                return known
            await asyncio.sleep(0.1)

    def _key(self, key: Key) -> str:
        return f"{self._prefix}record:{_encoded(key.org)}:{_encoded(key.record)}"

    def _scope(self, org: str, agent: str, user: str) -> str:
        return f"{self._prefix}scope:{_encoded(org)}:{_encoded(agent)}:{_encoded(user)}"

    def _parsed(self, name: str) -> Key:
        org, _, record = name.removeprefix(f"{self._prefix}record:").partition(":")
        return Key(unquote(org), unquote(record))


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


def _encoded(text: str) -> str:
    return quote(text, safe="@.")
