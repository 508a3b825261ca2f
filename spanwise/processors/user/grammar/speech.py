"""Who speaks, and is it a question: what holds of any sentence, whatever it asks for."""

from __future__ import annotations

import re

from spanwise.processors.user.languages import LANGUAGES


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def elsewhere(role: str) -> tuple[str, ...]:
    return tuple(pattern for language in LANGUAGES for pattern in getattr(language, role))


OPENER = (
    r"(?:please|kindly|just|also|and|so|ok|okay|hey|hi|yes|yeah|no|then|but|oh|btw|by the way|maybe|well|alright"
    r"|right|thanks|first|"
    r"two things|one thing|quick one|another thing|plus|actually|again|therefore|hence)"
)

OPENER_BUT_AND = OPENER.replace("|and|", "|")

_ASKING = (
    r"(?:(?:can|could|would|will|may|might) (?:you|i (?:ask|get) you to|we)(?: (?:please|just|also|maybe|possibly"
    r"|try to|kindly))*"
    r"|(?:want|need|like|love|prefer|ask|asking|appreciate it if) you(?: to| could| would)?(?: (?:please|also|just))*"
    r"|you(?:'ll| will)? (?:shall|should|must|need to|have to|had better|better|can|may|might want to"
    r"|ought to)(?: (?:please|also|just|always))*"
    r"|kind (?:as|enough) to|make sure (?:you |to )?|be sure to|(?:it'?s|it is) (?:important|worth) to|useful to"
    r"|good to|let'?s|mind)"
)

AT_REQUEST = rf"(?:^|[,;:.!()–—-]\s*|\b{OPENER},?\s+|\b{_ASKING}\s+)"

POLITE = any_of(
    r"\b(?:can|could|would|will|may|might|won't|mind) (?:you|i ask|i get|u)\b",
    r"\bwould you mind\b",
    r"(?:^|[\s,])(?:ok|okay|k|alright|alrite|please|pls|deal|got it|understood|can you|will you|would you|could you"
    r"|yeah|yea"
    r"|cool|thanks|thx|if possible|if you can|if that's ok(?:ay)?)\s*\?",
    r"\b(?:can|could|shall) we (?:just )?(?:agree|settle)\b|\b(?:get into the habit|make it a habit)\b",
    r"\bhow about (?:we|you|let)",
    *elsewhere("polite"),
)
"""A question that is a request."""

QUESTION = re.compile(
    rf"^(?:{OPENER},?\s+)*(?:what|what's|why|how|where|who|which|whose|is|isn't|are|aren't|was|were|do (?!me a\b"
    rf"|us a\b|it\b"
    rf"|this\b|that\b|so\b|not\b|the same\b|as\b)|does|did|don't you (?!dare|ever)|should|shall|am|has|have (?:you"
    rf"|i|we|they)|can (?!you)|could (?!you)|may i|would (?!you)|will (?!you)|when (?:is|are|do|does|did|was|will"
    rf"|should|can)|do you|any(?:one)? (?:idea|tips|know))\b(?! not? (?:\w+ ))",
    re.IGNORECASE,
)
"""Begins as a question does, for those who do not type question marks."""

SUPPOSED = any_of(
    r"\bwhat (?:would|will|happens?|if)\b",
    r"\bif (?:i|we|you|someone)(?: ever)? (?:said|told|asked you to|were to|wrote|always|never|had)\b",
    r"\b(?:suppose|supposing|hypothetically|imagine|let's say|what does it mean|i wonder|wondering|just wondering)\b",
    r"\bhow would you\b",
    r"\bis it (?:true|ok|okay|safe|good|bad|possible)\b",
)
"""Only thought of."""

_SAYS = (
    r"(?:says|said|states|stated|saying|told|tells|telling|claims|claimed|insists|insisted|reads|recommends"
    r"|recommended|advises|advised|suggests|suggested|swears|warns|warned|wrote|writes|taught|thinks|believes"
    r"|wants(?! you\b))"
)

_SAY = r"(?:say|tell|claim|insist|recommend|advise|suggest|warn|think|believe)"

_REPORTED_ELSEWHERE = "|".join(f"(?:{pattern})" for pattern in elsewhere("reported"))

REPORTED = re.compile(
    rf"{_REPORTED_ELSEWHERE}|(?<!['\w])(?:(?!(?:i|i'm|i've|we|we're|you|be|is|are|was|were|been|which|that|it|this"
    rf"|so|and|to|also"
    rf"|should|always|never|please|of|by|for|from|with|without|me|into|about|like|just|or|but|not"
    rf"|the)\b)[\w'-]+ (?:(?:always"
    rf"|just|once|still|also|keeps?|used to|usually|often|then|even) )*(?:{_SAYS}|(?<=used to ){_SAY}"
    rf"|(?<=keeps ){_SAY})\b"
    rf"|\b(?:they|people|experts|doctors|folks|everyone|everybody) (?:all |always |often |usually )*{_SAY}s?\b"
    rf"|,\s*{_SAYS}\b|\baccording to\b|\bapparently\b|\bi (?:read|heard|was told|saw)\b|\bi (?:always |often "
    rf"|usually |just )?(?:told|tell|asked|taught) (?:my|our|him|her|them|his|the|a)\b|\b(?:the|a) (?:sign|label"
    rf"|box|packet|manual|note) (?:says|reads))",
    re.IGNORECASE,
)
"""From here on somebody else speaks."""

OVERRIDING = any_of(
    r"\b(?:ignore|disregard|override|bypass|forget) (?:all|any|every|your|the|previous|prior"
    r"|these)(?: of)?(?: your| the)? "
    r"(?:\w+ )?(?:rules|instructions|guidelines|restrictions|prompts?)\b",
)
"""An attempt to talk us out of our instructions teaches nothing."""

OWN_AGAIN = re.compile(
    r"(?:[;.–—]\s*|,? \b(?:so|and so|therefore|but|and)\b)[ ,]*(?=(?:please|from now|remember|keep|note|make"
    r"|always|never|in future|going forward|don't|can you|could you|i want|i need|you should|i'd)\b)",
    re.IGNORECASE,
)
"""After a report, the user speaks for themselves again."""
