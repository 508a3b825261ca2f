"""Text that every store and wire format can carry."""

from __future__ import annotations


def sound(text: str) -> str:
    """`text`, with a question mark for each half of a surrogate pair: models emit them, but UTF-8 cannot."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
