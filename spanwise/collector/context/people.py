"""What people ask beside the records themselves: consents, erasure, and how far detectors can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from spanwise.collector.context.policy import Consent
from spanwise.collector.context.reviewing import Rate


class People(Protocol):
    """Every call may raise Rejected, which says what is wrong, and Busy."""

    async def rates(self, org: str) -> Sequence[Rate]:
        """How people decided, by detector, the most often rejected first."""
        ...

    async def set_consent(self, org: str, user: str, consent: Consent, by: str) -> None:
        """Return once it is durable."""
        ...

    async def consent(self, org: str, user: str) -> tuple[Consent, datetime | None]:
        """What holds for the user, and since when they want it; None if it is the policy's default."""
        ...

    async def erase(self, target: tuple[str, str, str], by: str, reason: str) -> str:
        """The receipt, once nothing is left. `target`: organisation, what, and its id."""
        ...

    async def verify(self, org: str, receipt: str) -> Sequence[str]:
        """What is not as the receipt says."""
        ...
