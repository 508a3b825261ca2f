"""`memory.forget`: the user takes back what was to be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spanwise.processors import Origin, Signal, Trace, Turn, signal
from spanwise.processors.opinion import confirmed
from spanwise.processors.user.grammar import speech
from spanwise.processors.user.grammar.forgetting import CHANGED, FORGET, FORGET_IF_CHANGED, NOT_FORGET
from spanwise.processors.user.meaning.likely import likelihood
from spanwise.processors.user.pasted import COVER
from spanwise.processors.user.sentences import Sentence, once_for_each_text, sentences
from spanwise.processors.user.wording import third_person

KIND = "memory.forget"
_DETECTOR = "forget"
_VERSION = "1"

_CLAUSE_END = re.compile(r"[,;.!?]\s|\s[-–—]\s|$|\b(?:because|since|and|but|instead|please)\b", re.IGNORECASE)
_EVERYTHING = re.compile(
    r"\b(?:everything|all)(?: of (?:it|that))?(?: that)? (?:you (?:know|have|remember|saved|stored|learned)"
    r"|about me|i(?:'ve)? (?:told|said))|"
    r"\ball (?:my |your |the )?(?:memories|data about me)|\balles\b.{0,20}\b(?:über mich|weißt)"
    r"|\btout ce que tu sais|\btodo lo que sabes|\btutto quello che sai",
    re.IGNORECASE,
)
_WHAT_YOU_KNOW = re.compile(
    r"^(?:about |of |that |the fact that |de |dass |que |che )*(?:(?:what|whatever|everything|anything"
    r"|all)(?: that)? (?:you(?:'ve| have)?|i(?:'ve)?) (?:know|stored|saved|remember\w*|learned|noted|got|have"
    r"|told|said)(?: you)?(?: on file)? ?(?:about|on|regarding)? ?)?(?:that )?",
    re.IGNORECASE,
)
_FROM_STORE = re.compile(r"\s*\b(?:from|out of|off|in) (?:what(?:ever)?|your|my|the)\b[^.]{0,40}\.?$", re.IGNORECASE)
_NAMELESS = re.compile(
    r"^(?:(?:that|this|it|these|those|her|him|them|one|please|now|again|all)\b[ ,.]*)*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What one sentence takes back; `start` and `end` bound the clause within `sentence.own`."""

    sentence: Sentence
    start: int
    end: int
    about: str
    likelihood: float = 0.0


def forget_requests(trace: Trace) -> Iterable[Signal]:
    """One signal for each thing that the user wants forgotten, the first time they say it in the conversation.

    Its details: `about`, the thing as it was remembered; `everything`, `yes` if they want all of it forgotten; `turn`
    and `offset`, where in the conversation it was said.
    """
    return confirmed(_forget_requests(trace))


def _forget_requests(trace: Trace) -> Iterator[Signal]:
    seen: set[str] = set()
    for number, turn in enumerate(trace.turns):
        if turn.origin is not Origin.USER:
            continue
        for forgetting in forgettings(turn.text):
            quote = turn.text[forgetting.sentence.start : forgetting.sentence.end]
            if quote not in seen:
                seen.add(quote)
                yield _signal(trace, turn, number, forgetting)


@once_for_each_text
def forgettings(text: str) -> tuple[Forgetting, ...]:
    """What a turn takes back, in order, at most one thing a sentence."""
    said = sentences(text)
    around = (" ".join(other.own for other in said[max(0, number - 1) : number + 2]) for number in range(len(said)))
    likely = (likelihood(KIND, sentence, said) for sentence in said)
    return tuple(
        replace(_forgetting(sentence, near) or _in_other_words(sentence), likelihood=sure)
        for sentence, near, sure in zip(said, around, likely, strict=True)
        if sure
    )


def without_forgetting(sentence: Sentence) -> Sentence:
    """`sentence` as if it did not say what to forget: `don't call me Bill anymore` asks for nothing to be kept."""
    forgetting = _forgetting(sentence, sentence.own)
    if forgetting is None:
        return sentence
    start, end = forgetting.start, forgetting.end
    own = sentence.own[:start] + COVER * (end - start) + sentence.own[end:]
    aligned = len(sentence.text) == len(sentence.own)
    return replace(sentence, own=own, text=sentence.text[:start] + sentence.text[end:] if aligned else sentence.text)


def _forgetting(sentence: Sentence, around: str) -> Forgetting | None:
    own = sentence.own
    if NOT_FORGET.search(own) or speech.SUPPOSED.search(own) or (sentence.asks and not speech.POLITE.search(own)):
        return None
    match = FORGET.search(own) or (CHANGED.search(around) and FORGET_IF_CHANGED.search(own)) or None
    if match is None or speech.REPORTED.search(own, 0, match.start()):
        return None
    clause = _CLAUSE_END.search(own, match.end())
    end = clause.start() if clause else len(own)
    about = _about(sentence, match, end)
    return Forgetting(sentence, match.start(), end, about) if about.strip(". ") else None


def _in_other_words(sentence: Sentence) -> Forgetting:
    """What is taken back in words that the grammar does not foresee."""
    return Forgetting(sentence, 0, len(sentence.own), third_person(sentence.text))


def _about(sentence: Sentence, match: re.Match[str], end: int) -> str:
    """The thing itself: what follows the request, or the rest of the sentence where that is only a pronoun."""
    text = sentence.text if len(sentence.text) == len(sentence.own) else sentence.own
    thing = _WHAT_YOU_KNOW.sub("", text[match.end() : end].strip())
    if _NAMELESS.match(thing):
        thing = f"{text[: match.start()].strip(' ,;')} {text[end:].strip(' ,;')}".strip() or text
    return third_person(_FROM_STORE.sub("", thing))


def _signal(trace: Trace, turn: Turn, number: int, forgetting: Forgetting) -> Signal:
    sentence = forgetting.sentence
    details = {
        "about": forgetting.about,
        "turn": str(number),
        "offset": str(sentence.start),
    }
    if _EVERYTHING.search(sentence.own) and len(forgetting.about.split()) <= 4:
        details["everything"] = "yes"
    return signal(
        KIND,
        trace,
        quote=turn.text[sentence.start : sentence.end],
        said_by=turn.origin,
        span_id=turn.span_id,
        at=turn.at,
        trace_id=turn.trace_id,
        confidence=round(forgetting.likelihood, 3),
        detector=_DETECTOR,
        version=_VERSION,
        details=details,
    )
