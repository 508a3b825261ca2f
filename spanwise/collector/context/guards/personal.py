"""Personal data that can be told by its form: addresses of mail, telephone, payment, and numbers of identity.

What can only be understood (an illness, a name) is not found here: whom a memory is about is a matter of its scope.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import phonenumbers
from stdnum import iban, luhn
from stdnum.us import ssn

_MAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_SSN = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")

PAYMENT = "payment"
"""The kind of what others can spend money with."""
Span = tuple[int, int]


def personal_data_in(text: str) -> Iterator[tuple[str, Span]]:
    """The kind of each finding (`mail`, `phone`, `payment`, `identity`) and where it stands in `text`."""
    yield from _valid("mail", _MAIL, text, bool)
    yield from _valid(PAYMENT, _CARD, text, luhn.is_valid)
    yield from _valid(PAYMENT, _IBAN, text, iban.is_valid)
    yield from _valid("identity", _SSN, text, ssn.is_valid)
    for match in phonenumbers.PhoneNumberMatcher(text, None):  # None: only what has its country in it is sure
        yield "phone", (match.start, match.end)


def masked(text: str) -> str:
    """`text` with `[mail]`, `[phone]`, … in place of what is personal."""
    end = len(text)
    for kind, (start, stop) in sorted(set(personal_data_in(text)), key=lambda found: -found[1][0]):
        if stop <= end:  # digits may be several things at once
            text = f"{text[:start]}[{kind}]{text[stop:]}"
            end = start
    return text


def _valid(kind: str, pattern: re.Pattern[str], text: str, valid: Callable[[Any], Any]) -> Iterator[tuple[str, Span]]:
    for found in pattern.finditer(text):
        if valid(re.sub(r"[ -]", "", found[0]) if kind == PAYMENT else found[0]):
            yield kind, found.span()
