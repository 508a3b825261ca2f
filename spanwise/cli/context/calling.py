"""Calls of the context service on behalf of an organisation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from google.protobuf.message import Message

from spanwise.cli.connection import doors
from spanwise.cli.options import Config
from spanwise.collector.settings import load_settings
from spanwise.v1.context_pb2_grpc import ContextServiceStub

if TYPE_CHECKING:  # exists for type checkers only
    from spanwise.v1.context_pb2_grpc import ContextServiceAsyncStub

RecordId = Annotated[str, typer.Argument(metavar="RECORD", help="A record's id, as 'context list' shows it.")]
Answer = TypeVar("Answer", bound=Message)


@dataclass(frozen=True, slots=True)
class Caller:
    service: ContextServiceAsyncStub
    metadata: Any


def call(config: Config, org: str, ask: Callable[[Caller], Awaitable[Answer]]) -> Answer:
    """The answer of the collector on the settings' data directory."""

    async def run() -> Answer:
        async with doors(load_settings(config), org) as opened:
            return await ask(Caller(ContextServiceStub(opened.channel), opened.metadata))

    return asyncio.run(run())
