"""How likely it is that a sentence asks for something to be kept, or to be forgotten, and for whom it holds."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from spanwise.processors.user.asking import Request, request_in
from spanwise.processors.user.grammar import speech
from spanwise.processors.user.grammar.keeping import KEEP_THAT
from spanwise.processors.user.meaning.embedding import embedded, is_available
from spanwise.processors.user.meaning.fitted import SCOPES, fitted, plain
from spanwise.processors.user.meaning.hints import hints
from spanwise.processors.user.sentences import Sentence

OUTRIGHT, PLAINLY = 0.95, 0.8
"""How sure `Remember that …` makes us, and what the grammar foresees in a text too long to be weighed."""
_MOST = 12
"""Sentences of a turn that are weighed: more of them are a document."""


def likelihood(kind: str, sentence: Sentence, said: Sequence[Sentence]) -> float:
    """From 0 to 1; 0 if it is too unlikely to count. `said` is the turn in which the sentence stands."""
    if speech.OVERRIDING.search(sentence.own):
        return 0.0
    if kind == "memory.explicit" and is_asked_outright(sentence):
        return OUTRIGHT
    hinted = hints(sentence, kind, len(said))
    if len(said) > _MOST:
        return hinted[0] * PLAINLY
    turn = whole(said)
    of_turn = by_words(turn)[kind]
    if of_turn < fitted().passing[kind] and not hinted[0]:
        return 0.0
    numbers = of_turn, by_words(plain(sentence.own))[kind], *hinted
    weighing = fitted().weighing_words[kind]
    if is_available():
        weighing = fitted().weighing[kind]
        numbers = by_meaning(sentence.own, turn)[kind], *numbers
    likely = weighing.likelihood(numbers)
    return likely if likely >= weighing.likely else 0.0


def audience(sentence: Sentence, said: Sequence[Sentence]) -> str:
    """For whom the sentence holds: `user`, `org` or `agent`."""
    turn = whole(said)
    words = tuple(by_words(turn)[scope] for scope in SCOPES)
    if len(said) > _MOST or not is_available() or is_asked_outright(sentence):
        return fitted().audience_by_words.scope(words)
    meaning = (by_meaning(sentence.own, turn)[scope] for scope in SCOPES)
    return fitted().audience.scope((*meaning, *words))


def is_asked_outright(sentence: Sentence) -> bool:
    """`Remember that …`: what it is about must not speak against that, nor is it worth an embedding."""
    return request_in(sentence) is Request.KEEP and bool(KEEP_THAT.match(sentence.own))


def whole(said: Sequence[Sentence]) -> str:
    return plain(" ".join(sentence.own for sentence in said))


@functools.lru_cache(maxsize=10_000)
def by_words(text: str) -> Mapping[str, float]:
    return fitted().words.margins(text)


@functools.lru_cache(maxsize=10_000)
def by_meaning(own: str, turn: str) -> Mapping[str, float]:
    return fitted().meaning.margins(embedded(plain(own)), embedded(turn))
