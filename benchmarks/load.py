"""Sends requests to a started collector at a steady rate, and reads what the collector says of itself."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import grpc

from tests.exporting import EXPORT
from tests.processes import CollectorProcess

RETRY_SECONDS, HELD_SECONDS, TIMEOUT_SECONDS = 0.5, 0.05, 120.0


@dataclass
class Sender:
    """Sends requests of spans, at most `in_flight` at a time, and repeats those that the collector asks to repeat."""

    channel: grpc.aio.Channel
    in_flight: int = 16
    acknowledged: int = 0
    """Spans whose request was answered with OK."""
    retries: int = 0
    held: bool = False
    """While it is true, `send_all` sends nothing."""

    @cached_property
    def _export(self) -> grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]:
        return self.channel.unary_unary(EXPORT)

    async def send(self, data: bytes, spans: int) -> None:
        """Return once the request is acknowledged."""
        while True:
            try:
                await self._export(data, timeout=TIMEOUT_SECONDS)
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise
                self.retries += 1
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self.acknowledged += spans
                return

    async def send_all(self, requests: Iterator[tuple[bytes, int]], total: int, rate: float) -> None:
        """Send about `total` spans, at most `rate` a second; slower if the collector is, as it then answers later."""
        slots = asyncio.Semaphore(self.in_flight)
        start, sent = time.monotonic(), 0
        async with asyncio.TaskGroup() as group:
            while sent < total:
                if self.held:
                    await asyncio.sleep(HELD_SECONDS)
                    continue
                data, spans = next(requests)
                await slots.acquire()
                group.create_task(self.send(data, spans)).add_done_callback(lambda _: slots.release())
                sent += spans
                await asyncio.sleep(start + sent / rate - time.monotonic())


def metric(collector: CollectorProcess, name: str) -> float:
    """The value of one of the collector's own metrics, without labels."""
    with urllib.request.urlopen(f"http://{collector.addresses.query}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.split()[0] == name)
