"""How likely it is that a sentence asks for something to be kept, or to be forgotten, and for whom it holds."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from spanwise.processors.user.asking import Request, request_in
from spanwise.processors.user.grammar import speech
from spanwise.processors.user.grammar.keeping import KEEP_THAT
from spanwise.processors.user.meaning.embedding import embedded, is_available
from spanwise.processors.user.meaning.examples import BLOCKED, PLAIN, features, hints, plain, reading
from spanwise.processors.user.sentences import Sentence

_MOST = 12
"""Sentences of a turn that are looked at by their meaning: more of them are a document."""


def likelihood(kind: str, sentence: Sentence, said: Sequence[Sentence]) -> float:
    """From 0 to 1; 0 if it is too unlikely to count. `said` is the turn in which the sentence stands."""
    if speech.OVERRIDING.search(sentence.own):
        return 0.0
    fitted, hinted = reading(), hints(sentence, kind, len(said))
    plainly = bool(hinted[1])
    if not is_available():
        return _by_grammar(kind, sentence, plainly=plainly)
    if len(said) > _MOST:
        return PLAIN if plainly else 0.0
    if plainly and kind == "memory.explicit" and _is_asked_outright(sentence):
        return PLAIN
    margin = margins(sentence.own, whole(said), looked_at=plainly).get(kind, BLOCKED)
    likely = fitted.likelihood(kind, margin, hinted)
    return likely if likely >= fitted.likely[kind] else 0.0


def _is_asked_outright(sentence: Sentence) -> bool:
    """`Remember that …`: what it is about must not speak against that, nor is it worth an embedding."""
    return request_in(sentence) is Request.KEEP and bool(KEEP_THAT.match(sentence.own))


def _by_grammar(kind: str, sentence: Sentence, *, plainly: bool) -> float:
    if kind == "memory.explicit":
        request = request_in(sentence)
        return request.value if request else 0.0
    return PLAIN if plainly else 0.0


def holds_for(sentence: Sentence, said: Sequence[Sentence]) -> Mapping[str, float]:
    """The margins by which it is for `org` and for `agent`; none if it was not looked at."""
    if len(said) > _MOST or not is_available() or _is_asked_outright(sentence):
        return {}
    found = margins(sentence.own, whole(said), looked_at=True)
    return {scope: found[scope] for scope in ("org", "agent") if scope in found}


def whole(said: Sequence[Sentence]) -> str:
    return plain(" ".join(sentence.own for sentence in said))


@functools.lru_cache(maxsize=10_000)
def margins(own: str, turn: str, *, looked_at: bool) -> Mapping[str, float]:
    """None for what the gate stops, unless it is to be looked at anyway."""
    fitted, text = reading(), plain(own)
    if not looked_at and not fitted.may_ask(text):
        return {}
    return fitted.margins(features(embedded(text), embedded(turn), fitted.mean))
