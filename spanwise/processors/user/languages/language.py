"""What is known of a language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """The request frames of one language, as regular expressions without anchors."""

    keep: tuple[str, ...]
    """Asks for something to be remembered."""
    lasting: tuple[str, ...]
    """Says that something holds from now on."""
    name: tuple[str, ...] = ()
    """Says how somebody is to be addressed, or in which language."""
    not_keep: tuple[str, ...] = ()
    """Reminders, recollections, refusals: looks like `keep` and is not."""
    passing: tuple[str, ...] = ()
    """Holds for one occasion only."""
    polite: tuple[str, ...] = ()
    """Begins a request in the form of a question, or ends one."""
    reported: tuple[str, ...] = ()
    """From here on somebody else speaks."""
    forget: tuple[str, ...] = ()
    """Asks for something to be forgotten."""
