"""Repairs slips in the few words on which a request to remember turns: `rember`, `form now on`, `pls`."""

from __future__ import annotations

import re

# fmt: off
_KEYS = (
    "remember", "always", "never", "forget", "memory", "memorize", "future", "default", "forward", "permanently",
    "whenever",
)
_REAL_WORDS = frozenset({
    "forgot", "forgets", "forged", "forger", "fugue", "ever", "lever", "fever", "sever", "nerve", "defaults",
    "futures", "memories", "forwards", "member", "members", "nevermind", "remembers", "remembered", "permanent",
    "wherever", "whoever", "clever", "seven", "even", "event", "fewer", "newer", "neuer",
})
# fmt: on
_WORD = re.compile(r"[A-Za-z]{5,12}")
_NOT_ENGLISH = re.compile(
    r"\b(?:ich|nicht|und|das|dass|der|ist|mir|dir|mein|het|een|niet|ik|je|dat|voor|mijn|wat|el|los|que|por|mi|una"
    r"|es|não|um"
    r"|uma|em|meu|minha|il|che|per|non|mio|mia|le|les|des|est|mon|pour)\b",
    re.IGNORECASE,
)
"""`im` and `u` are words elsewhere: only what looks English is repaired as English."""
_PUNCTUATION = ((re.compile(r"[’ʼ`´](?=\w)"), "'"),)
_FIXED = (
    *_PUNCTUATION,
    (re.compile(r"\b(?:form|fom|frm|fron|fromm) (?=(?:now|here|today)\b)", re.IGNORECASE), "from "),
    (re.compile(r"\bfrom nw on\b|\bfrom no won\b|\bfrom now (?:one|own|onn)\b", re.IGNORECASE), "from now on"),
    (re.compile(r"\b(?:pls|plz|plse|pleas|plase|pleae|plese)\b", re.IGNORECASE), "please"),
    (re.compile(r"\b(do|is|are|does|did|ca|wo|should|would)nt\b", re.IGNORECASE), r"\1n't"),
    (re.compile(r"\b(?:im)\b", re.IGNORECASE), "I'm"),
    (re.compile(r"\bive\b", re.IGNORECASE), "I've"),
    (re.compile(r"(?<![.\w])u(?![.\w])"), "you"),
    (re.compile(r"\bur\b"), "your"),
    (re.compile(r"\b(every|any)(?=time\b)", re.IGNORECASE), r"\1 "),
    (re.compile(r"\brem+e{0,2}m?b?e?r\b", re.IGNORECASE), "remember"),
    (re.compile(r"\bnvr\b", re.IGNORECASE), "never"),
)


def repaired(text: str) -> str:
    """`text` with those words spelled as the patterns expect them, in any case; everything else untouched."""
    for pattern, correct in _FIXED if _NOT_ENGLISH.search(text) is None else _PUNCTUATION:
        text = pattern.sub(correct, text)
    return _WORD.sub(lambda match: _intended(match.group()), text)


def _intended(word: str) -> str:
    small = word.lower()
    if small in _KEYS or small in _REAL_WORDS:
        return word
    key = next((key for key in _KEYS if key[0] == small[0] and one_slip_apart(small, key)), "")
    return (key.capitalize() if word[0].isupper() else key) if key else word


def one_slip_apart(left: str, right: str) -> bool:
    """True if one letter is missing, doubled, wrong or swapped with its neighbour."""
    if abs(len(left) - len(right)) > 1:
        return False
    head = 0
    while head < min(len(left), len(right)) and left[head] == right[head]:
        head += 1
    tail_left, tail_right = left[head:], right[head:]
    swapped = tail_left[:2] == tail_right[:2][::-1] and tail_left[2:] == tail_right[2:]
    return swapped or tail_left[1:] == tail_right[1:] or tail_left[1:] == tail_right or tail_left == tail_right[1:]
