"""How a command that runs until it is stopped learns of it."""

from __future__ import annotations

import asyncio
import signal


def stop_requested() -> asyncio.Future[None]:
    """Done at the first Ctrl-C or SIGTERM; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    requested: asyncio.Future[None] = loop.create_future()

    def request() -> None:
        requested.set_result(None)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, request)
    return requested
