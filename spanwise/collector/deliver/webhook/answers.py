"""What a receiver's answer means."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import responses

from spanwise.collector.deliver.waiting import BusyFor
from spanwise.collector.errors import Rejected

RETRYABLE = frozenset({408, 425, 429})


class RefusedForGood(Exception):
    """This event, whenever it comes."""


def failure(status: int, headers: Mapping[str, str], now: float) -> Exception:
    """What is raised for an answer; the receiver's own words may repeat the event, and are left out."""
    phrase = f"HTTP {status} {responses.get(status, '')}".strip()
    if status >= 500 or status in RETRYABLE:
        return BusyFor(f"webhook: {phrase}", _retry_after(headers.get("retry-after", ""), now))
    if status == HTTPStatus.GONE:
        return Rejected(f"webhook: {phrase}: the receiver wants no more events; remove the store from the settings")
    if status < 400:
        return Rejected(f"webhook: {phrase}: redirects are not followed; name the final address in url")
    return RefusedForGood(phrase)


def _retry_after(text: str, now: float) -> float:
    """In seconds; 0 if nothing that is understood is said."""
    if text.isdigit():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except ValueError:
        return 0.0
