"""`gratitude`: the user thanks for, or praises, help that they received.

It does not claim that the task was solved: people thank out of politeness. Thanks that close a request, or that come
before any answer, are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.user.exchanges import Exchange, exchanges, judged_once, said
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence

KIND = "gratitude"
VERSION = "1"

_THANKS = any_of(
    r"\b(?:thanks|thank (?:you|u|ya)|thx|thnx|tnx|tysm|ty|cheers|much appreciated|i appreciate (?:it|that|this"
    r"|your help)"
    r"|bless you|you're (?:a|an|the) (?:star|legend|life ?saver|gem|angel|best|hero)|ur (?:a|the) (?:star|legend"
    r"|best))\b",
    r"\b(?:danke|dankeschön|merci|gracias|grazie|obrigad[oa]|valeu|dank je|dank u|bedankt|dankjewel|tack|takk|tak"
    r"|dziękuję|dzięki"
    r"|спасибо|благодарю|teşekkür\w*|kiitos|děkuji|shukriya|dhanyavaad|terima kasih|salamat)\b",
    r"谢谢|謝謝|多谢|感谢|ありがと|助かりました|助かった|감사|고마워",
    r"🙏|❤️|🙌",
)
_PRAISE = any_of(
    r"\b(?:exactly|just|precisely) what (?:i|we) (?:needed|wanted|was looking for|were looking for|meant)\b",
    r"\b(?:that|this|it)(?:'s|s| is)? (?:exactly )?(?:it exactly|what i wanted to hear|super helpful|so helpful"
    r"|very helpful"
    r"|really helpful|a (?:huge|big|great) help)\b",
    r"\b(?:that|this|it|you) (?:really |totally |just )?(?:helped|helps)(?: me)?(?: a lot| a ton"
    r"| so much)?\b(?!.*\?)",
    r"\byou (?:saved|made) my (?:day|evening|night|week|life|weekend|bacon)\b|\bsaved me (?:hours|so much|a lot)\b",
    r"\bworked (?:perfectly|like a charm|a treat|beautifully)\b|\b(?:genial|perfekt|parfait|perfetto|perfeito"
    r"|super),? (?:danke|merci"
    r"|gracias|grazie|obrigad[oa])\b",
)
_NOT_MEANT = any_of(
    r"\bthanks? (?:for|to) (?:nothing|wasting|ruining|ignoring|making me|that mess)\b|\bno thanks?\b"
    r"|\bno,? thank you\b",
    r"\b(?:thanks?|thank you|thx|danke|merci|gracias|grazie|obrigad[oa])(?: you)?(?: so much| a lot)? (?:in advance"
    r"|im voraus|d'avance|de antemano"
    r"|in anticipo|desde já)\b",
    r"\bthanks to (?!you\b|your\b)\w+",
    r"\bnein,? danke\b|\bnon,? merci\b|\bno,? gracias\b|\bno,? grazie\b|\bnão,? obrigad",
    r"\b(?:great|wonderful|brilliant|fantastic|nice),? thanks[.!]* (?:now|so now) (?:i|it|my|we)\b",
)
_REQUESTS = any_of(
    r"\?\s*(?:$|thanks|thx|ty|thank)",
    r"\b(?:please|pls|could you|can you|would you|i need|i want|i'd like|give me|show me|tell me|make|book|add"
    r"|change|fix|write|send)\b",
)
_LEADS = re.compile(
    r"^\W*(?:(?:ok|okay|ah|oh|wow|great|perfect|lovely|brill(?:iant)?|awesome|super|nice|cool|good|got it|yes|yep|yay"
    r"|amazing|excellent|fantastic|wonderful|alright|right|hey|haha|lol|many|so|that works|works)\W+){0,4}(?:thanks"
    r"|thank|thx|ty|tysm|cheers|danke|merci|gracias|grazie|obrigad|valeu|dank|bedankt|谢|謝|多谢|感谢|ありがと|감사|고마|🙏"
    r"|спасибо)",
    re.IGNORECASE,
)
"""Opens with thanks, after a word or two of content."""


def gratitude(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn in which a user thanks."""
    for exchange in exchanges(trace):
        if found := _thanks(exchange):
            sentence, confidence = found
            yield said(KIND, trace, exchange, sentence, confidence=confidence, version=VERSION)


@judged_once
def _thanks(exchange: Exchange) -> tuple[Sentence, float] | None:
    if not exchange.answer or _NOT_MEANT.search(exchange.own):
        return None
    for sentence in exchange.sentences:
        if _PRAISE.search(sentence.own) and not sentence.asks:
            return sentence, 0.85
        if _THANKS.search(sentence.own) and not _closes_request(sentence, exchange):
            return sentence, 0.92 if _LEADS.match(sentence.own) else 0.8
    return None


def _closes_request(sentence: Sentence, exchange: Exchange) -> bool:
    """`Can you resend it? Thanks`: thanks for what is still to come."""
    if _LEADS.match(sentence.own) and sentence is exchange.sentences[0]:
        return False
    before = " ".join(other.text for other in exchange.sentences if other.start < sentence.start)
    within = sentence.text[: match.start()] if (match := _THANKS.search(sentence.text)) else ""
    return bool(_REQUESTS.search(f"{before} {within} "))
