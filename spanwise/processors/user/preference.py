"""`preference.implicit`: a hint at how the user likes to be answered, given in passing.

A request about the form of an answer, in reaction to one. It claims no lasting preference: one hint is chance, and only
its recurrence in other conversations makes it worth proposing. What is asked to be kept is `memory.explicit` instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.user.asking import request_in
from spanwise.processors.user.exchanges import Exchange, exchanges, judged_once, said
from spanwise.processors.user.grammar.lasting import PASSING
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence
from spanwise.processors.user.wording import third_person

KIND = "preference.implicit"
VERSION = "1"

_LESS = (
    r"(?:skip|drop|leave out|no|without|w/o|less|fewer|cut|spare me|enough|stop with|lose|minus|omit|ohne|sans|sin"
    r"|sem|senza"
    r"|zonder|不要|别用)"
)
_PROSE = (
    r"(?:essay|lecture|speech|preamble|intro(?:duction)?|small ?talk|fluff|filler|explanations?|theory|science"
    r"|background"
    r"|history|prose|long texts?|walls? of text|disclaimers?|caveats?|warnings?|chit-?chat|marketing|jargon|buzzwords"
    r"|commentary|blah|waffle|details?|erklärung(?:en)?|roman|blabla|explications?|explicaciones|rollo|enrolação"
    r"|spiegazioni"
    r"|uitleg|废话|解释)"
)
_ORNAMENT = (
    r"(?:emojis?|emoticons?|smileys?|hearts?|party hats?|exclamation (?:marks|points)|caps|bold|markdown|headings?"
    r"|hashtags?"
    r"|表情)"
)
_SHAPE = (
    r"(?:table|bullets?|bullet points?|list|checklist|steps?|numbered (?:list|steps)|one (?:line|sentence|word"
    r"|paragraph)"
    r"|summary|tl;?dr|diagram|chart|json|csv|plain text|snippet|code|examples?|tabelle|stichpunkte?n?|liste|tableau"
    r"|puces"
    r"|tabla|lista|viñetas|tabela|tópicos|tabella|elenco|punti|tabel|puntjes|表格|列表|箇条書き|表)"
)
_UNITS = (
    r"(?:celsius|fahrenheit|metric|imperial|grams?|kilos?|kg|km|kilomet(?:er|re)s|miles|euros?|eur|dollars?|usd"
    r"|pounds|gbp"
    r"|24[- ]hour|(?:my|local) (?:time|currency|timezone))"
)
_MANNER = (
    r"(?:short(?:er)?|brief(?:er|ly)?|concise(?:ly)?|simpl(?:er|y|e)|simple words|plain (?:english|language|words)"
    r"|formal(?:ly)?|casual(?:ly)?|detailed|more detail|slow(?:er|ly)|layman's terms|less formal|kürzer|einfacher"
    r"|plus (?:court|simple)|más (?:corto|simple)|mais (?:curto|simples)|più (?:breve|semplice)|korter|simpeler|简单点"
    r"|短く|簡単に)"
)
_ASPECTS = {
    "length": any_of(
        rf"\b{_LESS}\b[^.?!]{{0,30}}\b{_PROSE}\b",
        r"\b(?:too|so) (?:long|wordy|verbose|much text)\b|\btl;?dr\b",
        r"\bi (?:never|don't|can't|won't) read (?:these |this |such |that )?(?:long|much|all|essays?|walls?)\b",
        r"\b(?:just|only) the (?:\w+ ){1,3}?(?:please|pls|without|no|next|nothing|,)",
        r"\bi (?:only|just) (?:need|want) (?:the )?(?:\w+ ){0,2}(?:steps?|code|answer|number|result|command|times?"
        r"|facts?"
        r"|regex|link)\b",
    ),
    "tone": any_of(
        rf"\b{_LESS}\b[^.?!]{{0,30}}\b{_ORNAMENT}\b",
        r"\b(?:don't|stop) (?:calling|talking to|being|sound(?:ing)?|apologi[sz]ing"
        r"|flatter\w*)\b[^.?!]{0,40}\b(?:buddy"
        r"|mate|child|kid|formal|cheerful|me like|so)\b|\bi'm (?:a grown|not a child|not five)\b",
    ),
    "order": any_of(
        r"\b\w+ first\b[^.?!]{0,30}\b(?:then|after|words|second|last|next)\b",
        r"\b(?:code|answer|conclusion|price|result|summary) first\b",
    ),
    "format": any_of(
        r"\b(?:as|in|into|using|with|via|als|en|em|un[ae]?|in una|in einer|dans un|en una|用)\b"
        rf" (?:a |an |the |some |ein(?:e|er)? )?(?:\w+ )?{_SHAPE}\b",
        rf"^\W*{_SHAPE}\b[^.?!]{{0,15}}\b(?:please|pls|bitte|stp|por favor|per favore|graag)\b",
        rf"\b(?:can|could) (?:you|i get|i have|we have) [^.?!]{{0,30}}\b{_SHAPE}\b",
        r"\b(?:one|two|three|four|five|\d+) (?:bullets?|sentences?|lines?|words?) (?:max|at most|tops)\b",
        r"用?(?:表格|列表)|箇条書き|表に(?:して|まとめ)",
    ),
    "units": any_of(
        rf"\b(?:in|to|using|use|and in|convert\w*|auf|en|em)\b (?:\w+ )?{_UNITS}\b",
        rf"^\W*\(?{_UNITS}\b",
        r"\bin real (?:degrees|units|money)\b|\bnormal units\b",
    ),
    "manner": any_of(
        r"\beli5\b|\blike i'm (?:five|5)\b",
        r"\b(?:make (?:it|that|this)|more|bit|a little|keep (?:it|that|this)|be|answer|explain (?:it|that|this)?"
        r"|write|in"
        rf"|say (?:it|that)|can you|could you|please)\b[^.?!]{{0,20}}\b{_MANNER}\b",
        rf"^\W*{_MANNER}\b[^.?!]{{0,15}}$",
    ),
}
"""What of an answer a request may be about."""
_VALUES = {
    "format": {
        "a table": any_of(r"\b(?:table|tabelle|tableau|tabla|tabela|tabella|tabel)\b|表"),
        "bullet points": any_of(
            r"\b(?:bullets?|bullet points?|stichpunkte?n?|puces|viñetas|tópicos|puntjes)\b|箇条書き"
        ),
        "a list": any_of(r"\b(?:list|liste|lista|elenco|checklist)\b|列表"),
        "steps": any_of(r"\bsteps?\b"),
        "a summary": any_of(r"\b(?:summary|tl;?dr)\b"),
        "code": any_of(r"\b(?:code|snippet|json|csv)\b"),
    },
    "units": {
        "metric units": any_of(r"\b(?:celsius|metric|grams?|kilos?|kg|km|kilomet(?:er|re)s)\b|\bin real degrees\b"),
        "imperial units": any_of(r"\b(?:fahrenheit|imperial|miles)\b"),
        "euros": any_of(r"\b(?:euros?|eur)\b"),
        "dollars": any_of(r"\b(?:dollars?|usd)\b"),
        "pounds sterling": any_of(r"\bgbp\b"),
        "24-hour times": any_of(r"\b24[- ]hour\b"),
    },
    "manner": {
        "short": any_of(
            r"\b(?:short(?:er)?|brief(?:er|ly)?|concise(?:ly)?|kürzer|court|corto|curto|breve|korter)\b|短く"
        ),
        "simple": any_of(r"\b(?:simpl\w+|eli5|plain|layman's|einfacher|simpeler|semplice)\b|简单|簡単"),
        "less formal": any_of(r"\b(?:less formal|casual(?:ly)?)\b"),
        "formal": any_of(r"\bformal(?:ly)?\b"),
        "detailed": any_of(r"\b(?:detailed|more detail)\b"),
    },
}
"""By aspect, the words for the same wish: hints recur in other words."""
_DIRECTS = any_of(
    r"\b(?:can|could|would|will) you\b",
    r"\b(?:please|pls|plz|bitte|por favor|per favore|stp|svp|graag)\b|请|ください|お願い|要|用",
    r"\b(?:max|at most|tops|eli5|tl;?dr)\b|\b(?:way )?too (?:long|wordy|much)\b",
    r"^\W*(?:lose|just|only|skip|no|without|drop|use|give|make|put|show|write|explain|keep|next|and|now|bullets?"
    r"|leave"
    r"|stop|spare|cut|shorter|simpler|less|in|as)\b",
    r"\bi (?:only|just|never|don't|want|need|prefer|like|'d like|'d rather|learn)\b|\bi'd (?:like|prefer|rather)\b",
    r"\bmakes it easier\b|\bnext (?:answer|time|one)\b|\bi'm (?:a grown|not)\b",
)
_CONTENT = re.compile(
    r"\b(?:function|method|file|repo|column|db|database|class|endpoint|api|config|shopping|cart|order|wish)\b",
    re.IGNORECASE,
)
_ABOUT_THINGS = ("format", "units")
"""Aspects whose words are also the subject of ordinary requests."""


def implicit_preferences(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn.

    Details: `about`, in the third person; `aspect`, which is `length`, `tone`, `order`, `format`, `units` or `manner`;
    `value`, in one word for the words that mean the same, where the aspect alone does not say it.
    """
    for exchange in exchanges(trace):
        if found := _hint(exchange):
            sentence, aspect = found
            details = {"about": third_person(sentence.text), "aspect": aspect, "value": _value(sentence, aspect)}
            confidence = 0.6 if aspect in _ABOUT_THINGS else 0.7
            yield said(KIND, trace, exchange, sentence, confidence=confidence, version=VERSION, details=details)


@judged_once
def _hint(exchange: Exchange) -> tuple[Sentence, str] | None:
    """The sentence, and its aspect."""
    if not exchange.answer or any(request_in(sentence) for sentence in exchange.sentences):
        return None
    for sentence in exchange.sentences:
        if PASSING.search(sentence.own) or not _DIRECTS.search(sentence.own):
            continue
        for aspect, pattern in _ASPECTS.items():
            if pattern.search(sentence.own) and not (aspect in _ABOUT_THINGS and _is_about_things(sentence)):
                return sentence, aspect
    return None


def _value(sentence: Sentence, aspect: str) -> str:
    """Empty where no word of the aspect is known."""
    return next((value for value, words in _VALUES.get(aspect, {}).items() if words.search(sentence.own)), "")


def _is_about_things(sentence: Sentence) -> bool:
    """`Put it in the list of the config`: the form is that of a thing, not of the answer."""
    return bool(_CONTENT.search(sentence.own)) or len(sentence.own.split()) > 25
