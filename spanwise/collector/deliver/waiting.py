"""Being told to wait."""

from __future__ import annotations

from spanwise.collector.errors import Busy


class BusyFor(Busy):
    """Try again, but not before so many seconds have passed."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds
