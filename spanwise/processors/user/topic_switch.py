"""`topic_switch`: the user turns to another subject.

Said in so many words, or seen where a question has nothing in common with what went before and that was closed. It does
not claim that the earlier subject was settled.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.user.exchanges import Exchange, content_words, exchanges, judged_once, said
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence

KIND = "topic_switch"
VERSION = "1"

_SAID = any_of(
    r"\b(?:(?:totally|completely|entirely|whole|on a|something|a|quite|one|now for something|now a"
    r"|now) )*(?:different|separate|unrelated|other) (?:thing|topic|question|subject|matter|note|story|issue"
    r")\b(?= ?[:,.–—-]|\?|$| (?:now|though|altogether|entirely))",
    r"^\W*(?:(?:good|great|ok|okay|nope|no|thanks|perfect|cool|right|alright|fine|and|well|anyway|yes"
    r"|thank you)\W+)*(?:unrelated|off[- ]topic|changing (?:the )?(?:subject|topic)|on another note"
    r"|on a different note|moving on|switching gears"
    r"|next (?:topic|question|subject)|another (?:thing|question|topic)|different question|side note|new topic"
    r"|something else|completely different)\b",
    r"\b(?:let's|lets|let us|can we|shall we|i want to|i'd like to) (?:talk about something else"
    r"|change (?:the )?(?:subject|topic)|leave (?:that|this|it|the)|move on|drop (?:that|this|it|the (?:subject"
    r"|topic)))\b",
    r"\b(?:btw|by the way|oh and|apropos|while i(?:'m| am) (?:here|at it)|while i have you)\b,? (?:(?:also"
    r"|unrelated|quick question|one more thing)\W+)*(?:what|how|when|where|who|which|why|is|are|do|does|did|can"
    r"|could|should|any)\b",
    r"\b(?:ganz )?(?:was|etwas) (?:ganz )?ander(?:e|es)\b(?= ?[:,.?])|\bthemenwechsel\b|\bandere frage\b"
    r"|\bpassons à autre chose\b|\b(?:autre (?:chose|question|sujet)|rien à voir)\b(?= ?[:,.])"
    r"|\bcambiando de tema\b|\botra (?:cosa|pregunta)\b(?= ?[:,.])"
    r"|\bmudando de assunto\b|\boutra (?:coisa|pergunta)\b(?= ?[:,.])|\bcambiando argomento\b|\bun'altra (?:cosa"
    r"|domanda)\b|\baltra (?:cosa|domanda)\b(?= ?[:,.])|\b(?:iets (?:heel )?anders|andere vraag)\b(?= ?[:,.])|换个话题"
    r"|另外(?:问|一个)|对了[，,]|話は変わ|別件|ところで",
)
_CLOSED = any_of(
    r"\b(?:thanks|thank you|thx|ty|cheers|perfect|great|brill|awesome|done|that's all|that's it|all good|got it"
    r"|danke|merci|gracias|grazie|obrigad[oa])\b|👍|🙏|👌"
)
_TAKES_UP = any_of(
    r"^\W*(?:and|but|so|then|why|because|or|also|what about|how about|with|for|without|und|aber|et|mais|y|pero|e|ma"
    r"|en|maar)\b"
)


def topic_switches(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn that turns to another subject."""
    for exchange in exchanges(trace):
        if found := _switch(exchange):
            sentence, confidence = found
            yield said(KIND, trace, exchange, sentence, confidence=confidence, version=VERSION)


def changes_subject(exchange: Exchange) -> bool:
    """True if the turn is about something else than what went before, so that it neither corrects nor repeats it."""
    return _switch(exchange) is not None


@judged_once
def _switch(exchange: Exchange) -> tuple[Sentence, float] | None:
    for sentence in exchange.sentences:
        if _SAID.search(sentence.own):
            return sentence, 0.9
    if exchange.sentences and _is_about_something_else(exchange):
        return exchange.sentences[-1], 0.65
    return None


def _is_about_something_else(exchange: Exchange) -> bool:
    """A question of its own, after a subject that the user had closed, with none of its words."""
    if not exchange.earlier or not exchange.answer or not _CLOSED.search(exchange.earlier[0]):
        return False
    own, before = content_words(exchange.own), content_words(" ".join((exchange.answer, *exchange.earlier)))
    return len(own) >= 3 and not own & before and not _TAKES_UP.search(exchange.own)
