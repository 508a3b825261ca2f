"""What keeps web pages in somebody's browser from using a server on loopback."""

from __future__ import annotations

from collections.abc import Mapping

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Host names under which a server on loopback answers: no page's own name, whatever address that was made to mean."""
EVERY_HOST = ("*",)


def sent_by_a_page(headers: Mapping[str, str]) -> bool:
    """A page in somebody's browser may send requests to loopback; it cannot keep the browser from saying so."""
    return "origin" in headers or headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
