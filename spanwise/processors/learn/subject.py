"""What a record is about, where that can have only one value at a time.

Two records of one scope about the same subject contradict each other, or say the same in other words: the newer one
holds. So the user who said "call me Robert" and then "call me Bob" is called Bob. What applies only under a condition
("in German when I write German") is about a subject of its own.
"""

from __future__ import annotations

import re

from spanwise.processors import RecordKind

# fmt: off
_MANY = frozenset({
    "allergy", "brother", "cat", "child", "colleague", "coworker", "cousin", "customer", "client", "daughter", "dog",
    "friend", "goal", "hobby", "interest", "kid", "neighbour", "neighbor", "pet", "project", "rule", "sibling",
    "sister", "son", "student", "teammate", "uncle", "aunt",
})
"""Of these one may have several: that another is named takes nothing back."""
_NEGATORS = frozenset({
    "not", "no", "never", "don't", "dont", "doesn't", "isn't", "without", "stop", "avoid", "hate", "hates", "dislike",
    "dislikes", "cannot", "can't", "anymore", "longer", "nicht", "kein", "keine", "keinen", "nie", "niemals", "pas",
    "jamais", "ne", "nunca", "non", "mai", "não", "niet", "geen", "nooit",
})
_EMPTY = frozenset({
    "a", "an", "the", "always", "please", "again", "do", "does", "like", "likes", "love", "loves", "enjoy", "enjoys",
    "want", "wants", "prefer", "prefers", "is", "are", "be", "now", "any", "immer", "toujours", "siempre", "sempre",
    "altijd", "start", "begin", "ever", "really", "much", "to",
})
# fmt: on
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|except|while|during|until|for|wenn|falls|bei|si|quand|pour|cuando|para"
    r"|se|als|voor)\b|\bon (?:mon|tues|wednes|thurs|fri|satur|sun|week)",
    re.IGNORECASE,
)
_LANGUAGES = (
    r"(?:english|german|french|spanish|italian|portuguese|dutch|japanese|chinese|korean|russian|polish|turkish"
    r"|arabic|hindi|swedish|danish|norwegian|finnish|deutsch|englisch|français|anglais|español|inglés|italiano"
    r"|português|inglês|nederlands|engels)"
)
_LENGTHS = "(?:short|brief|concise|terse|long|detailed|verbose|lengthy)"
_SLOTS = (
    ("name", r"^the user (?:wants|would like|prefers|asks) to be (?:called|addressed)"),
    ("name", r"^the user goes by\b|\b(?:nenn|nennt) mich\b|\bappelle[sz]?-moi\b|\bllámame\b|\bchiamami\b|\bnoem me\b"),
    ("agent name", r"^the (?:user calls the agent|agent(?:'s name)? is(?: called)?|agent wants to be called)\b"),
    ("language", rf"\b(?:answer|reply|respond|speak|talk|write|antworte|réponds|responde)\b.*\b{_LANGUAGES}\b"),
    ("language", rf"\bprefers? (?:answers? |replies )?(?:in )?{_LANGUAGES}\b"),
    ("home", r"^the user (?:lives|is living|is based|has moved|moved|resides)\b|\bich\b.*\b(?:wohne|lebe)\b"),
    ("home", r"\bj'habite\b|\bvivo (?:en|a)\b|\bmoro em\b|\bik woon\b"),
    ("employer", r"^the user works (?:at|for)\b"),
    ("units", r"\b(?:metric|imperial)\b"),
    ("temperature unit", r"\b(?:celsius|fahrenheit)\b"),
    ("clock", r"\b(?:12|24)[ -]?hour\b|\b(?:12|24)h\b"),
    ("length", rf"\b{_LENGTHS}\b.*\b(?:answer|repl|response|explanation)"),
    ("length", rf"\b(?:answer|repl|response|explanation)\w*\b.*\b{_LENGTHS}\b"),
    ("tone", r"\b(?:formal|informal|casual)\b.*\b(?:tone|style|language|address)\b"),
)  # fmt: skip
_PATTERNS = tuple((subject, re.compile(pattern, re.IGNORECASE)) for subject, pattern in _SLOTS)
_OF_THE_USER = re.compile(r"^the user's ((?:[\w-]+(?:'s)? ){0,4}[\w-]+) (?:is|will be|has changed to)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def subject_of(content: str, kind: RecordKind = RecordKind.MEMORY) -> str:
    """The subject of a record that says `content`; empty if it has none.

    Two statements that have the same words but for a negation are about the same subject: `always use emojis`, `never
    use emojis`. Skills have none: several may serve the same purpose.
    """
    if kind is RecordKind.SKILL:
        return ""
    said = " ".join(content.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    if not _CONDITION.search(said):
        for subject, pattern in _PATTERNS:
            if pattern.search(said):
                return subject
        if (named := _OF_THE_USER.match(said)) and named[1].casefold().split()[-1] not in _MANY:
            return f"the user's {named[1].casefold()}"
    return _words(said)


def _words(said: str) -> str:
    words = {word for word in _WORD.findall(said.casefold()) if word not in _EMPTY and word not in _NEGATORS}
    return " ".join(sorted(words))
