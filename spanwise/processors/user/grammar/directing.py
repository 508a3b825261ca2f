"""Does a sentence tell us what to do, or describe the world?"""

from __future__ import annotations

import re

from spanwise.processors.user.grammar.speech import OPENER, any_of

HELP = any_of(
    r"(?:please )?(?:can|could|would|will) you (?:please )?(?:help|fix|check|tell|explain|look|see|find)\b",
    r"\bplease (?:help|fix|check|tell|explain|advise|look)\b",
    r"\b(?:help|fix|check|tell me|explain|look into)\b",
)
"""Asks for help with what was described."""

DIRECTIVE = any_of(
    r"\bi(?:'m| am) (?:asking|telling|instructing) you\b|\bwants? you to\b",
    r"(?<!\bi )(?<!\bwe )(?<!they )(?<!you )(?<!who )(?<!that )(?<!which )\b(?:don't|do not) (?!you\b|they\b"
    r"|we\b)\w+",
    r"\b(?:it's|that's|it is) (?:\w+ )?\w+ for (?:me|us)\b",
    r"\b(?:please|kindly)\b",
    r"\b(?:should|must|shall|ought to)\b(?! (?:i|we)\b)",
    r"\b(?:i|we) (?:always |never |only |really |also |generally |strictly )*(?:want|need|prefer|expect|require"
    r"|'d like|would like|'d rather|would rather|'d prefer|would prefer|like (?:it|them|my|to be|you))\b"
    r"|\bi'd (?:like|rather|prefer|love|appreciate)\b",
    r"\bmake sure\b|\bi (?:do not|don't|never) (?:ever )?want\b|\b(?:can|could|would|will) you\b"
    r"|\byou(?:'ll)? (?:can|may|need|have|should|must|shall|are to|will|don't need|always need)\b|\blet's\b"
    r"|\bfor me,? always\b|\balways,? for me\b",
    r"^no \w+",
    r"\b(?:is|are)(?: an?| the)? (?:absolute |strict |total |hard )?(?:no-go|off[- ]limits|out of the question"
    r"|taboo|not an option|must|mandatory"
    r"|forbidden|banned|non-negotiable|deal-?breaker)\b",
    r"\b\w+ only(?= (?:when|if|in|for|with|whenever|please|pls)\b|[,.!]|$)",
    r"[\s,](?:ok|okay|k|pls|plz|please|alright)[.!]*$",
    r"\b(?:i'd|i would) (?:rather|prefer(?: it if)?|appreciate it if) (?:you|u) (?:didn't|don't|wouldn't|did not"
    r"|did|not)\b",
    r"\bso (?:no|only|nothing|just) \w+",
    r"(?:^|[,;:.!–—-]\s+)(?:don't|do not|never|no|not|nothing|nobody|only)\b",
    r"\bi(?:'m| am) asking\b|\b(?:is|are) (?:not |never )?to (?:be|have|use|go)\b",
    r"\bha(?:s|ve) to\b|\bneeds? to\b",
)
"""Tells us what to do, wherever in the sentence that stands; `is_imperative` finds the plain commands."""

NOT_A_COMMAND = (
    r"(?:i|i'm|i've|i'd|i'll|my|mine|me|we|we're|we've|our|ours|us|you|you're|you've|your|yours|he|she|it|it's"
    r"|its|they|they're|them|their|his|her|this|that|these|those|that's|there|"
    r"there's|here|a|an|the|some|any|every|each|all|both|most|many|no|who|what|what's|why|how|when|where|which"
    r"|whose|whenever|wherever|if|unless|because|since|although|though|while|as|"
    r"is|are|am|was|were|be|been|do you|does|did|has|have you|had|can|could|would|should|will|may|might|must|of"
    r"|in|on|at|for|with|from|to|by|about|after|before|until|over|under|into|"
    r"and|or|but|so|than|then|not|yes|yeah|yep|nope|ok|okay|hi|hello|hey|thanks|thank|sorry|good|great|nice"
    r"|perfect|lol|well|very|too|really|maybe|probably|usually|normally|often|sometimes|"
    r"somehow|everyone|everybody|everything|someone|people|nobody|one|two|three|\d\S*|\w+'s|\w+ing|\w+ed|\w+ly"
    r"|flights?|trains?|guests?)\b"
)

THIRD_PERSON = (
    r"(?:\w*[^s\W]s|was|were|had|got|went|did|been|saw|knew|thought|came|made|said|told|took|found"
    r"|\w+ed)\b(?<!\baddress)(?<!\bprocess)(?<!\buse)(?<!\bneed)(?<!\bfeed)(?<!\bembed)(?<!\badd)"
)

COMMAND = re.compile(
    rf"(?:^|[,;:.!–—-]\s+|\b(?:and|so|but|then|or) )(?:{OPENER},?\s+)*(?:(?:from (?:now|here) on|going forward"
    rf"|moving forward|in (?:the )?future|henceforth),? )?(?:(?:always|never|ever|only|rather"
    rf"|simply) )*(?!{NOT_A_COMMAND}|{THIRD_PERSON}|{OPENER}\b|always|never)[a-z][a-z'-]*\s+(?!(?:is|are|was|were"
    rf"|has|have|had|will|would|can|could|do|does|did|always|never|of)\b)\S",
    re.IGNORECASE,
)
"""A clause that begins with a bare word which is not a subject, a question or an inflected verb."""
