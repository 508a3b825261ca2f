"""Secrets: keys, tokens and passwords. A record with one in it would hand it to every later run, and to its logs.

detect-secrets knows the keys of services. It reads program text, so what people write in sentences, and keys that are
younger than its last release, have patterns here.
"""

# ruff: noqa: RUF001 - people type colons of all kinds

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

UNSUITED = ("Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector", "KeywordDetector")
"""Entropy alone takes ids for secrets, an address is none, and keywords are looked for in the syntax of programs."""
_KEY = re.compile(
    r"\bsk-[\w-]{20,}|\bAIza[\w-]{30,}|\bgithub_pat_\w{20,}|\bgl(?:pat|rt)-[\w-]{16,}|\bhf_\w{20,}|\bxai-\w{20,}"
    r"|\bgsk_\w{20,}|\bya29\.[\w-]{20,}|\bAGE-SECRET-KEY-\w+|\bdapi[0-9a-f]{32}"
    r"|\b[a-z]{2,12}_(?:[a-z0-9]{1,8}_)?(?=[a-zA-Z]*\d)(?=\d*[a-zA-Z])[a-zA-Z0-9]{30,}\b"  # npm_…, dop_v1_…, shpat_…
)
_LOGIN = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/@:]*:[^\s/@]{3,}@|\s(?:-u|--user)[ =]\S+?:\S+", re.IGNORECASE)
"""With a password: in an address, or for curl."""
_TOLD = re.compile(
    r"\b(?:pass(?:word|phrase|code|wd)|pwd?|passwort|kennwort|mot de passe|contraseñ?a|senha|wachtwoord"
    r"|(?:door|gate|alarm|access|entry|security|unlock|backup|2fa|mfa|verification) code"
    r"|pin(?: code| number)?|cvv|cvc|(?:api|secret|private|access|license|licence)[ _-]?(?:key|token)"
    r"|(?:bearer|auth|access) token|secret|token"
    r"|recovery (?:code|phrase)|seed phrase|otp|密码|パスワード)s?"
    r"(?: (?:for|of|to|on|at|für|von|pour|de|para|voor)\b[^.?!:\n]{1,30}?)?"
    r"(?:\s*(?P<sign>[:=：])|\s*[是は]|['’]s\b|\s+(?:is|are|ist|lautet|est|es|é|to)\b|(?=\s+\S*\d))"
    r"\s*[\"'`“”]?(?P<secret>[^\s\"'`“”,;]{3,})(?P<last>[\"'`“”]?\s*(?:[.!?]|$))?",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"\b(?:passphrase|(?:recovery|seed|secret) phrase)(?:\s*[:=]|\s+is)\s+(?:[a-z]{3,}\s+){2,}[a-z]{3,}", re.IGNORECASE
)
_NAMED_AFTER = re.compile(
    r"(?P<secret>\S{3,})[\"'”]? (?:as|for) (?:my|the|a|your|our) (?:\w+ )?(?:password|pin|passcode)\b", re.IGNORECASE
)
_WORD = re.compile(r"[a-zäöüéèñç'-]+[.!?]?", re.IGNORECASE)
_NO_SECRET = frozenset(
    {
        "required",
        "needed",
        "optional",
        "none",
        "empty",
        "unknown",
        "forgotten",
        "the",
        "not",
        "see",
        "wrong",
        "right",
        "correct",
        "incorrect",
        "invalid",
        "valid",
        "expired",
        "old",
        "new",
        "weak",
        "strong",
        "long",
        "short",
        "same",
        "different",
        "missing",
        "secret",
        "safe",
        "secure",
        "private",
        "important",
        "here",
        "there",
        "below",
        "above",
        "it",
        "broken",
        "locked",
        "blocked",
        "reset",
        "changed",
        "lost",
        "stored",
        "saved",
        "set",
        "unset",
        "hidden",
        "case-sensitive",
        "mandatory",
        "necessary",
        "protected",
        "encrypted",
        "compromised",
        "leaked",
        "falsch",
        "richtig",
        "abgelaufen",
        "nötig",
    }
)
"""What is said of a password, and is none."""
_BLOB = re.compile(r"(?<![\w/+-])[\w/+-]{28,}={0,2}(?![\w/+-])")
_HEADER = re.compile(r"\b(?:authorization:\s*)?(?:bearer|basic)\s+[\w.~+/-]{12,}=*", re.IGNORECASE)


def secret_in(text: str) -> str:
    """What kind of secret `text` holds; empty if none. The secret itself is not part of the answer."""
    return next(_kinds(text), "")


def _kinds(text: str) -> Iterator[str]:
    if _KEY.search(text):
        yield "API key"
    if _HEADER.search(text):
        yield "authorization header"
    if _LOGIN.search(text):
        yield "address or command with a password"
    if (
        _PHRASE.search(text)
        or any(map(_is_told, _TOLD.finditer(text)))
        or any(map(_is_chosen, _NAMED_AFTER.finditer(text)))
    ):
        yield "password or key, told in words"
    if any(_is_random(found[0]) for found in _BLOB.finditer(text)):
        yield "random text as keys are"
    yield from _known(text)


def _is_told(found: re.Match[str]) -> bool:
    """`my password is hunter2`, `my password is swordfish.`, but not `the password is required` or `… kept by Ann`."""
    told = found["secret"]
    if not _WORD.fullmatch(told):
        return True
    ends = bool(found["sign"]) or found["last"] is not None or told[-1] in ".!?"
    return ends and told.rstrip(".!?").casefold() not in _NO_SECRET


def _is_chosen(found: re.Match[str]) -> bool:
    """`use hunter2 as my password`: a word alone, as in `asks for my password`, is none."""
    return not _WORD.fullmatch(found["secret"])


def _is_random(blob: str) -> bool:
    """Upper and lower case and digits mixed, as no path, name or hexadecimal id mixes them."""
    classes = (any(map(test, blob)) for test in (str.isupper, str.islower, str.isdigit))
    changes = sum(a.isdigit() != b.isdigit() or a.isupper() != b.isupper() for a, b in pairwise(blob))
    return all(classes) and changes >= len(blob) / 4


def _known(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for detector in _detectors():
            for secret in detector.analyze_line("", line, 1):
                yield secret.type


@cache
def _detectors() -> Sequence[Any]:
    """Imported when the first text is looked at: it takes a third of a second, and commands do without it."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415

    kinds: Iterable[Any] = get_mapping_from_secret_type_to_class().values()
    return [kind() for kind in kinds if kind.__name__ not in UNSUITED]
