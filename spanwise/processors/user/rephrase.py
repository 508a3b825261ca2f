"""`rephrase`: the user asks again, in other words, for what they had asked for, because the answer missed it.

Seen by the words that both have in common, or where they say so (`what I mean is …`). It does not claim that the answer
was wrong: it may only not have been what they wanted.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.user.exchanges import Exchange, content_words, exchanges, judged_once, overlap, said
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence
from spanwise.processors.user.topic_switch import changes_subject

KIND = "rephrase"
VERSION = "1"
ALIKE = 0.6
"""Share of the words of the shorter turn that both have: more is the same request, less may be a follow-up."""
RESTATED = 0.2
"""The same, where the user says that they put it in other words."""

_AGAIN = any_of(
    r"\b(?:what )?i (?:mean|meant)(?: is| was)?\b(?!\w)",
    r"\bi(?:'m| am| was) (?:asking|talking about|looking for|trying to)\b",
    r"\b(?:what i(?:'d| would)? (?:like|want|need|wanted|asked|am asking|'m asking|was asking"
    r"|'m after)(?: (?:to know|for))? (?:is|was))\b",
    r"\b(?:in other words|let me (?:rephrase|try again|put it|ask again|be clear)|to (?:rephrase|put it|repeat"
    r"|be clear)|i(?:'ll)? (?:repeat|rephrase)|once (?:more|again)|again[:,]|as i said|my question (?:is|was)"
    r"|the question (?:is|was))\b",
    r"\b(?:ich meine|ich meinte|anders gesagt|nochmal|noch einmal|je veux dire|autrement dit|je répète|quiero decir"
    r"|es decir|me refiero|quero dizer|ou seja|intendo|voglio dire|in altre parole|ik bedoel|nogmaals"
    r"|anders gezegd)\b",
    r"我的意思是|我是说|换句话说|つまり|言い換える|そうじゃなくて",
)
_CONTRASTS = any_of(r",? (?:not|rather than|instead of) (?:the|a|an|my|\w+ing|for|in|about)\b")
"""`I mean the query, not the website` clears something up (`clarification`); it does not ask again."""
_FOLLOWS_UP = any_of(r"^\W*(?:and|also|now|next|then|what about|how about|same|another|one more)\b")
_ACCEPTS = any_of(r"\b(?:thanks|thank you|thx|perfect|great|good|works|ok then|nice|got it)\b")


def rephrasings(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn that asks again. Details: `first`, what was asked before; `overlap`, from 0 to 1."""
    for exchange in exchanges(trace):
        if found := _again(exchange):
            sentence, before, confidence = found
            details = {"first": before[:500], "overlap": f"{overlap(exchange.own, before):.2f}"}
            yield said(KIND, trace, exchange, sentence, confidence=confidence, version=VERSION, details=details)


@judged_once
def _again(exchange: Exchange) -> tuple[Sentence, str, float] | None:
    """The sentence, what was asked before, and how sure that makes us."""
    if not exchange.answer or not exchange.earlier or _ACCEPTS.search(exchange.own) or changes_subject(exchange):
        return None
    # Only what was asked just before: further back, the same words are the subject of the conversation.
    before = exchange.earlier[0]
    alike = overlap(exchange.own, before)
    for sentence in exchange.sentences:
        if _CONTRASTS.search(sentence.own):
            return None
        if _AGAIN.search(sentence.own) and (alike >= RESTATED or sentence.asks or "how " in sentence.own):
            return sentence, before, 0.8 if alike >= ALIKE else 0.65
    if alike == 1 and any(sentence.asks for sentence in exchange.sentences) and not _FOLLOWS_UP.search(exchange.own):
        return exchange.sentences[-1], before, 0.7
    enough = len(content_words(exchange.own)) >= 4 and len(content_words(before)) >= 4
    if enough and alike >= ALIKE and not _FOLLOWS_UP.search(exchange.own):
        return exchange.sentences[0], before, 0.6 + 0.3 * (alike - ALIKE) / (1 - ALIKE)
    return None
