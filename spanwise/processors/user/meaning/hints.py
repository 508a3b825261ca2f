"""What the form of a sentence says, as numbers."""

from __future__ import annotations

import math

from spanwise.processors.user.asking import Request, is_passing_or_reminder, request_in
from spanwise.processors.user.grammar import speech
from spanwise.processors.user.grammar.forgetting import FORGET, NOT_FORGET
from spanwise.processors.user.sentences import Sentence

_PLAIN = Request.KEEP, Request.ADDRESS, Request.LASTING


def hints(sentence: Sentence, kind: str, among: int) -> tuple[float, ...]:
    """For `kind`, of a sentence that is one of `among`. The first is whether the grammar is sure that it is of it."""
    asks = float(sentence.asks and not speech.POLITE.search(sentence.own))
    size = math.log1p(len(sentence.own.split())), math.log(among)
    if kind == "memory.forget":
        kept = NOT_FORGET.search(sentence.own) is not None
        return float(FORGET.search(sentence.own) is not None and not kept), asks, float(kept), *size
    request = request_in(sentence)
    asked, named = float(request is not None), float(request is Request.ADDRESS)
    return float(request in _PLAIN), asked, named, asks, float(is_passing_or_reminder(sentence)), *size
