"""`clarification`: the user clears up a misunderstanding, or asks what the agent meant.

Details: `who` needs it, `agent` or `user`. It does not claim whose fault the misunderstanding is.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.user.exchanges import Exchange, exchanges, first, judged_once, said
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence
from spanwise.processors.user.topic_switch import changes_subject

KIND = "clarification"
VERSION = "1"

_FOR_AGENT = any_of(
    r"\bi (?:mean|meant)\b[^.?!]{1,60}\b(?:not|rather than|instead of)\b|\bi(?:'m| am| was) (?:asking"
    r"|talking) (?:about|for)\b[^.?!]{1,80}\b(?:not|rather than|instead of)\b",
    r"\b(?:that's|that is|this is) not what i (?:asked|meant|said|wanted|was asking|am asking)\b"
    r"|\bnot what i (?:asked|meant)\b",
    r"\bwhat i (?:mean|meant|'m asking|am asking|was asking) (?:is|was)\b",
    r"\b(?:to (?:clarify|be clear|clear (?:this|that|things) up)|let me (?:clarify|explain|be more specific"
    r"|be clearer)|i should have (?:said|been clearer|mentioned|explained)|that was (?:vague|unclear|ambiguous)"
    r"|i was(?:n't| not) (?:clear|precise)|for clarity)\b",
    r"\b(?:was|were|am|i'm|i was) just (?:asking|wondering|curious)\b|\bjust asking for\b|\byou(?:'ve"
    r"| have)? (?:misunderstood|misunderstand|got me wrong)\b|\bby [^.?!,]{1,30} i (?:mean|meant)\b",
    r"\bi meant (?:the|my|a|this|that|in|on|for)\b",
    r"\b(?:ich meinte|ich meine|damit meine ich|das habe ich nicht gefragt|zur klarstellung|je voulais dire"
    r"|je parlais de|ce n'est pas ce que|pour clarifier|me refiero a|me refería|quise decir|no es lo que pregunt"
    r"|para aclarar|quis dizer|eu quis dizer|não foi isso que|para esclarecer|intendevo|non è quello che ho chiesto"
    r"|per chiarire|ik bedoel(?:de)?|dat vroeg ik niet|voor de duidelijkheid)\b",
    r"我的意思是|我是说|我问的是|そういう意味では|という意味です|聞いているのは",
)
_FOR_USER = any_of(
    r"\bwhat (?:do|did) you mean\b|\bwhat does (?:that|this|it) mean\b(?=.*\b(?:you|said|your)\b|\?*$)|\b(?:could"
    r"|can) you (?:clarify|be more specific|explain what you mean|elaborate on (?:that|what))\b",
    r"\bi (?:don't|do not|didn't|still don't) (?:understand|get|follow) (?:what you|your|that|this|the (?:last"
    r"|second|first|third) (?:part|step|point|bit))\b|\byou lost me\b|\bwhich (?:one )?do you mean\b",
    r"\b(?:was meinst du|was meinen sie|das verstehe ich nicht|qu'est-ce que tu veux dire|que veux-tu dire"
    r"|que voulez-vous dire|je ne comprends pas ce que|qué quieres decir|a qué te refieres|no entiendo (?:lo que"
    r"|qué)|o que (?:você )?quer(?:es)? dizer|não entendi o que|cosa intendi|che vuoi dire|non capisco cosa"
    r"|wat bedoel je|wat bedoelt u|ik begrijp niet wat)\b",
    r"你(?:这)?是什么意思|什么意思[?？]|どういう意味|どういうこと",
)


def clarifications(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn that clears something up, or asks for that."""
    for exchange in exchanges(trace):
        if found := _clarification(exchange):
            sentence, who = found
            yield said(KIND, trace, exchange, sentence, confidence=0.8, version=VERSION, details={"who": who})


@judged_once
def _clarification(exchange: Exchange) -> tuple[Sentence, str] | None:
    """The sentence, and who needs it."""
    if not exchange.answer or changes_subject(exchange):
        return None
    if sentence := first(exchange, _FOR_AGENT):
        return sentence, "agent"
    sentence = first(exchange, _FOR_USER)
    return (sentence, "user") if sentence else None
