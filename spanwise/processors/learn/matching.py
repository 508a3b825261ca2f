"""Which memory does somebody mean who asks to forget it, and did they say so before or after it was given?"""

# ruff: noqa: RUF001 - people type apostrophes of all kinds

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from spanwise.processors import Signal

SHARE = 0.6
"""How many of the words that a request to forget uses must occur in a memory for the two to match.

One word of two in common is a coincidence (`home airport`, `home address`), two of three are the same thing said in
another way (`my old home airport`).
"""

_STEM = 5
"""Letters by which words are compared, so that `allergic` meets `allergy` and `booking` meets `books`."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# fmt: off
_EMPTY_WORDS = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "called", "calls", "call", "did", "do",
    "does", "doesn", "don", "for", "from", "group", "had", "has", "have", "her", "him", "his", "if", "in", "is", "it",
    "its", "just", "keep", "like", "likes", "me", "my", "never", "no", "not", "of", "off", "on", "one", "only", "or",
    "our", "own", "part", "please", "preference", "preferences", "prefer", "prefers", "remember", "rule", "s",
    "shall", "she", "he", "should", "so", "some", "story", "stuff", "t", "than", "that", "the", "their", "them",
    "they", "thing", "things", "this", "to", "told", "use", "used", "user", "uses", "want", "wants", "was", "we",
    "were", "what", "when", "will", "with", "would", "you", "your", "agent", "always", "about", "anymore", "more",
    "longer", "again", "now", "old", "information", "info", "memory", "note", "default", "bit", "ich", "mein",
    "meine", "der", "die", "das", "dass", "und", "que", "mi", "mis", "mon", "ma", "mes", "il", "la", "le", "les",
    "el", "los", "mio", "mia", "o", "de", "di", "da", "het", "dat", "mijn",
})
# fmt: on


def words(text: str) -> frozenset[str]:
    """The words that say what `text` is about, shortened so that their forms are one."""
    small = text.casefold().replace("’", "'")
    plain = {word.removesuffix("'s") for word in _WORD.findall(small)} - _EMPTY_WORDS
    return frozenset(_stem(word) for word in plain) | frozenset(_CHINESE.findall(small))


def _stem(word: str) -> str:
    return word.removesuffix("s")[:_STEM] if len(word) > 3 else word


def likeness(about: str, content: str) -> float:
    """The share of the words of `about` that `content` has, from 0 to 1; 0 if there is no word to go by."""
    asked = words(about)
    return len(asked & words(content)) / len(asked) if asked else 0.0


def means(request: Signal, content: str) -> bool:
    """True if `request`, a `memory.forget`, is about the memory that says `content`."""
    return request.details.get("everything") == "yes" or likeness(request.details.get("about", ""), content) >= SHARE


def place(details: Mapping[str, str]) -> tuple[int, int]:
    """Where in its conversation a signal was said: turn, then offset within it; before everything if unknown."""
    turn, offset = details.get("turn", ""), details.get("offset", "")
    return (int(turn) if turn.isdecimal() else -1, int(offset) if offset.isdecimal() else -1)


def taken_back(memory: Signal, signals: Sequence[Signal]) -> bool:
    """True if, further on in the same conversation, the user asks to forget what `memory` says."""
    return any(
        signal.kind == "memory.forget"
        and signal.scope == memory.scope
        and signal.evidence.source[0] == memory.evidence.source[0]
        and place(signal.details) > place(memory.details)
        and means(signal, memory.details.get("about", ""))
        for signal in signals
    )
