"""Waiting for what a started process will do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def wait_until(condition: Callable[[], Result], seconds: float = 20.0) -> Result:
    """What `condition` gives once it is true. Raises `AssertionError`, with what it gave last, after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s; the last answer was {result!r}"
        time.sleep(0.02)
    return result
