"""Sockets: the gRPC server and the query server, started on their addresses and stopped without dropping requests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from math import ceil

import grpc
import uvicorn
from starlette.applications import Starlette

from spanwise.collector.settings import CannotListen


@asynccontextmanager
async def serving_grpc(server: grpc.aio.Server, address: str, grace: float) -> AsyncIterator[str]:
    """The server on `address`; gives the address with the port that it really has.

    At the end no new calls are taken, and those in flight have `grace` seconds to finish.
    """
    try:
        port = server.add_insecure_port(address)
    except RuntimeError:
        raise _cannot_listen("receive.listen", address, "it is taken, or not an address of this machine") from None
    await server.start()
    try:
        yield f"{address.rpartition(':')[0]}:{port}"
    finally:
        await server.stop(grace)


@asynccontextmanager
async def serving_http(app: Starlette, address: str, setting: str, grace: float | None = None) -> AsyncIterator[str]:
    """The application on `address`, which `setting` names; gives the address with the port that it really has.

    At the end no new requests are taken, and those in flight have `grace` seconds to finish; None: all they need.
    """
    host, _, port = address.rpartition(":")
    with socket.socket(socket.AF_INET6 if host.startswith("[") else socket.AF_INET) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host.strip("[]"), int(port)))
            listening.listen()  # from here on clients may connect, though the server starts a moment later
        except OSError as error:
            raise _cannot_listen(setting, address, error.strerror or str(error)) from None
        config = uvicorn.Config(app, log_level="warning", lifespan="off", access_log=False)
        config.timeout_graceful_shutdown = None if grace is None else ceil(grace)
        server = _Server(config)
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield f"{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are for the whole collector, not for one of its servers."""
        yield


def _cannot_listen(setting: str, address: str, why: str) -> CannotListen:
    return CannotListen(
        f"{setting} = {address!r}: cannot listen there: {why}; choose another port, or stop what has it"
    )
