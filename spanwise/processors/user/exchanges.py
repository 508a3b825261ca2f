"""What a user says in the light of what came before it: the answer they react to, and what they had asked."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from spanwise.processors import Origin, Signal, Trace, Turn, signal
from spanwise.processors.user.sentences import Sentence, sentences

Judgement = TypeVar("Judgement")

_EARLIER = 3
"""User turns that are looked back on."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# fmt: off
_EMPTY = frozenset({
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did",
    "do", "does", "don't", "for", "from", "get", "give", "had", "has", "have", "how", "i", "i'd", "i'm", "if", "in",
    "is", "it", "it's", "its", "just", "know", "like", "me", "mean", "my", "need", "no", "not", "of", "ok", "on", "one",
    "or", "our", "please", "so", "tell", "than", "that", "that's", "the", "then", "there", "they", "this", "to", "up",
    "us", "want", "was", "we", "well", "were", "what", "what's", "when", "where", "which", "who", "why", "will", "with",
    "would", "yes", "you", "your",
})
# fmt: on


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of a user, and what it follows."""

    number: int
    """Of the turn in its conversation."""
    turn: Turn
    sentences: tuple[Sentence, ...]
    """In the user's own name: what they paste, quote or order is covered."""
    answer: str
    """What the assistant said last, or empty if it has not spoken yet."""
    earlier: tuple[str, ...]
    """What the user had said, the newest first."""

    @property
    def own(self) -> str:
        return " ".join(sentence.own for sentence in self.sentences)

    @property
    def length(self) -> int:
        """In characters, with what came before."""
        return len(self.turn.text) + len(self.answer) + sum(map(len, self.earlier))

    @property
    def answer_asks(self) -> bool:
        """True if the assistant ended with a question: then `no` answers it."""
        return self.answer.rstrip(" *_)\"'”»\n").endswith(("?", "？"))


def exchanges(trace: Trace) -> Iterator[Exchange]:
    """Each different thing that a user says, in order."""
    answer = ""
    earlier: list[str] = []
    seen: set[str] = set()
    for number, turn in enumerate(trace.turns):
        if turn.origin is Origin.ASSISTANT:
            answer = turn.text
        elif turn.origin is Origin.USER:
            if turn.text not in seen:
                yield Exchange(number, turn, sentences(turn.text), answer, tuple(earlier[: -_EARLIER - 1 : -1]))
            seen.add(turn.text)
            earlier.append(turn.text)


_SHORT = 20_000
"""Characters up to which an exchange is kept with what was judged of it."""


def judged_once(judge: Callable[[Exchange], Judgement]) -> Callable[[Exchange], Judgement]:
    """`judge`, remembered: a turn comes again with every reading of its conversation, and judging it costs the most."""
    remembered = functools.lru_cache(maxsize=1_000)(judge)

    @functools.wraps(judge)
    def judged(exchange: Exchange) -> Judgement:
        return remembered(exchange) if exchange.length <= _SHORT else judge(exchange)

    return judged


def first(exchange: Exchange, pattern: re.Pattern[str]) -> Sentence | None:
    """The first sentence in which the user themselves say something of the form of `pattern`."""
    return next((sentence for sentence in exchange.sentences if pattern.search(sentence.own)), None)


@functools.lru_cache(maxsize=2_000)
def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, shortened so that their forms are one."""
    words = {word for word in _WORD.findall(text.lower()) if word not in _EMPTY and len(word) > 1}
    return frozenset(word.removesuffix("s")[:5] for word in words)


def overlap(text: str, other: str) -> float:
    """The share of the smaller text's content words that both have, from 0 to 1; 0 if either has fewer than two."""
    ours, theirs = content_words(text), content_words(other)
    smaller = min(len(ours), len(theirs))
    return len(ours & theirs) / smaller if smaller > 1 else 0.0


def said(
    kind: str,
    trace: Trace,
    exchange: Exchange,
    sentence: Sentence,
    *,
    confidence: float,
    version: str,
    details: Mapping[str, str] | None = None,
) -> Signal:
    """A signal about a sentence. Adds the details `turn` and `offset`: where in the conversation it was said."""
    turn = exchange.turn
    return signal(
        kind,
        trace,
        quote=turn.text[sentence.start : sentence.end],
        said_by=turn.origin,
        span_id=turn.span_id,
        at=turn.at,
        trace_id=turn.trace_id,
        confidence=confidence,
        detector=kind,
        version=version,
        details={**(details or {}), "turn": str(exchange.number), "offset": str(sentence.start)},
    )


def strongest(exchange: Exchange, cues: Sequence[tuple[re.Pattern[str], float]]) -> tuple[Sentence, float] | None:
    """The sentence that the strongest cue is in, and how sure it makes us."""
    for pattern, confidence in sorted(cues, key=lambda cue: -cue[1]):
        if sentence := first(exchange, pattern):
            return sentence, confidence
    return None
