"""Room for the bodies of requests, so that many large ones at once do not fill the memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from spanwise.collector.store.serve.refusal import Refusal


class Room:
    """So many bytes, for all requests together."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._taken = 0

    @contextmanager
    def reserved(self) -> Iterator[Reservation]:
        """Room for one request; given back at the end."""
        reservation = Reservation(self)
        try:
            yield reservation
        finally:
            self._taken -= reservation.taken

    def take(self, size: int) -> None:
        if self._taken + size > self._capacity:
            reason = f"bodies of {self._taken} bytes wait to be inserted; try again later, or raise waiting_bytes"
            raise Refusal(241, "MEMORY_LIMIT_EXCEEDED", reason, status=503)
        self._taken += size


class Reservation:
    """What one request has taken."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.taken = 0

    def add(self, size: int) -> None:
        """Raises `Refusal` when there is no more room."""
        self._room.take(size)
        self.taken += size
