"""Failures as one line on standard error and an exit code that scripts can use."""

from __future__ import annotations

import sys
from collections.abc import Callable

import grpc

from spanwise.collector.directory import Held
from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.settings import CannotListen, InvalidSettings

FAILED = 1
MISUSED = 2
BUSY = 3


class Failed(Exception):
    """A command could not do what it was asked; says why and what would help."""


def reported(run: Callable[[], object]) -> int:
    """Run a command; what it raises on purpose is told, not traced."""
    try:
        run()
    except InvalidSettings as error:
        return _tell(str(error), MISUSED)
    except (Failed, Rejected, CannotListen) as error:
        return _tell(str(error), FAILED)
    except (Busy, Held) as error:
        return _tell(str(error), BUSY)
    except grpc.aio.AioRpcError as error:
        unavailable = error.code() is grpc.StatusCode.UNAVAILABLE
        return _tell(error.details() or error.code().name, BUSY if unavailable else FAILED)
    return 0


def _tell(message: str, code: int) -> int:
    for line in message.splitlines():
        print(f"spanwise: {line}", file=sys.stderr)  # noqa: T201 (this is the command line)
    return code
