"""The doors of the collector: of the one that runs on the data directory, or of one for the length of a command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc

from spanwise.cli.failures import Failed
from spanwise.collector.directory import running
from spanwise.collector.settings import QuerySettings, Settings
from spanwise.collector.store.url import EmbeddedStore

READY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Doors:
    """A channel to a collector's gRPC services, and what its calls must carry."""

    channel: grpc.aio.Channel
    metadata: Sequence[tuple[str, str]]


@asynccontextmanager
async def doors(settings: Settings, org: str) -> AsyncIterator[Doors]:
    """The doors of the collector on the settings' data directory, for calls on behalf of `org`.

    If none runs there, or the store is served, one is started that listens on a free port and receives nothing.
    """
    addresses = running(settings.store.path) if isinstance(settings.store, EmbeddedStore) else None
    if addresses and addresses.grpc:
        async with _dial(addresses.grpc, settings, org) as opened:
            yield opened
        return
    # Loading the engine takes longer than asking a running collector.
    from spanwise.collector.assembly.collector import start_collector  # noqa: PLC0415
    from spanwise.collector.assembly.role import Role  # noqa: PLC0415

    async with (
        start_collector(_unobtrusive(settings), frozenset({Role.CONTEXT})) as collector,
        _dial(collector.grpc_address, settings, org) as opened,
    ):
        yield opened


@asynccontextmanager
async def _dial(address: str, settings: Settings, org: str) -> AsyncIterator[Doors]:
    async with grpc.aio.insecure_channel(address) as channel:
        try:
            await asyncio.wait_for(channel.channel_ready(), READY_SECONDS)
        except TimeoutError:
            raise Failed(f"the collector on {settings.store} does not answer on {address}") from None
        yield Doors(channel, _metadata(settings, org or settings.org))


def _metadata(settings: Settings, org: str) -> Sequence[tuple[str, str]]:
    token = operator_token(settings, org)
    return (("authorization", f"Bearer {token}"),) if token else ()


def operator_token(settings: Settings, org: str) -> str:
    """A token of the whole organisation; empty if no credentials are configured. Raises `Failed` if it has none."""
    known = settings.receive.every_credential
    if not known and org != settings.org:
        raise Failed(f"there is only the organisation {settings.org!r}: no receive.tokens are configured")
    tokens = [one.token.get_secret_value() for one in known if one.org == org and not one.bound]
    if known and not tokens:
        raise Failed(f"receive.tokens has no token for the organisation {org!r}; choose one with --org")
    return tokens[0] if tokens else ""


def _unobtrusive(settings: Settings) -> Settings:
    receive = settings.receive.model_copy(update={"listen": "127.0.0.1:0", "http_listen": "127.0.0.1:0"})
    return settings.model_copy(update={"receive": receive, "query": QuerySettings(listen="127.0.0.1:0")})
