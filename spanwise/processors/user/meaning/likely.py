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
PASSING = -0.6
"""The margin of its words from which on a turn is looked at more closely. When it was chosen, 94 % of the turns of a
blind set that ask for something passed, and 9 % of ordinary requests, whose embeddings are what costs."""
FOREMOST = 2
"""Sentences of such a turn that are looked at more closely."""
_MOST = 12
"""Sentences of a turn that are weighed: more of them are a document."""


def likelihood(kind: str, sentence: Sentence, said: Sequence[Sentence]) -> float:
    """From 0 to 1; 0 if it is too unlikely to count. `said` is the turn in which the sentence stands."""
    if kind == "memory.explicit" and _is_asked_outright(sentence):
        return OUTRIGHT
    if len(said) > _MOST:
        return 0.0 if speech.OVERRIDING.search(sentence.own) else hints(sentence, kind, len(said))[0] * PLAINLY
    turn = whole(said)
    of_turn = _by_words(turn)[kind]
    # What follows costs ten times as much, and more with a model for the meaning.
    if of_turn < PASSING or not _is_foremost(kind, sentence, said) or speech.OVERRIDING.search(sentence.own):
        return 0.0
    numbers = of_turn, _by_words(plain(sentence.own))[kind], *hints(sentence, kind, len(said))
    weighing = fitted().weighing_words[kind]
    if is_available():
        weighing = fitted().weighing[kind]
        numbers = _by_meaning(sentence.own, turn)[kind], *numbers
    likely = weighing.likelihood(numbers)
    return likely if likely >= weighing.likely else 0.0


def _is_foremost(kind: str, sentence: Sentence, said: Sequence[Sentence]) -> bool:
    """Whether it is among the sentences of the turn whose words are likeliest: an embedding of each would be dear."""
    own = _by_words(plain(sentence.own))[kind]
    return sum(_by_words(plain(other.own))[kind] > own for other in said) < FOREMOST


def audience(sentence: Sentence, said: Sequence[Sentence]) -> str:
    """For whom the sentence holds: `user`, `org` or `agent`."""
    turn = whole(said)
    words = tuple(_by_words(turn)[scope] for scope in SCOPES)
    if len(said) > _MOST or not is_available() or _is_asked_outright(sentence):
        return fitted().audience_by_words.scope(words)
    meaning = (_by_meaning(sentence.own, turn)[scope] for scope in SCOPES)
    return fitted().audience.scope((*meaning, *words))


def _is_asked_outright(sentence: Sentence) -> bool:
    """`Remember that …`: what it is about must not speak against that, nor is it worth an embedding."""
    return bool(KEEP_THAT.match(sentence.own)) and request_in(sentence) is Request.KEEP


def whole(said: Sequence[Sentence]) -> str:
    return plain(" ".join(sentence.own for sentence in said))


@functools.lru_cache(maxsize=10_000)
def _by_words(text: str) -> Mapping[str, float]:
    return fitted().words.margins(text)


@functools.lru_cache(maxsize=10_000)
def _by_meaning(own: str, turn: str) -> Mapping[str, float]:
    return fitted().meaning.margins(embedded(plain(own)), embedded(turn))
