"""From `please remember that I prefer metric units` to `The user prefers metric units.`

Only English is put into the third person; in other languages the user's words are kept without the request around them.
"""

from __future__ import annotations

import re

_NAME = r"(?!(?:but|and|or|so|that|this|like|when|if|because|by|in|on|at|as|a|an|the)\b)\S+"

_POLITE = (
    r"(?:please|kindly|just|also|and|so|ok|okay|hey|hi|hello|yes|yeah|then|but|oh|btw|by the way|well|alright"
    r"|right|thanks|fine|again|actually|"
    r"(?:can|could|would|will) you|i(?:'d| would) like you to|i (?:want|need) you to|you (?:should|can|must"
    r"|need to|have to)|make sure (?:you|to)?|be sure to|bitte|por favor|s'il te plaît|per favore|alsjeblieft)"
)
_KEEPING = (
    r"(?:(?:always )?remember(?: for (?:later|me|next time|the future))?|memori[sz]e|(?:keep|bear) (?:it |this "
    r"|that )?(?:in|at) (?:the (?:back|front) of )?(?:your )?mind(?: for (?:later|next time|the future))?|(?:make"
    r"|take|add) (?:a |an )?(?:\w+ )?note(?: of(?: it| this| that)?)?|"
    r"(?:don't|do not|never)(?: ever)? forget|note(?: down)?(?: for (?:later|the future|next time))?"
    r"|save(?: (?:it|this))?|store|record|write down|jot down|fyi|jsyk|just so you know|so you know"
    r"|you should know|"
    r"for (?:future reference|your records?|the record|the future|later|what it's worth)|rule|new rule|house rule"
    r"|merk dir|merken sie sich|note[zr]? (?:bien )?que|souviens-toi|retiens|sachez|recuerda|ten en cuenta|anota"
    r"|lembra-te|lembre-se|anota|ricorda(?:ti)?|onthoud|请记住|记住)"
)
_LASTING = (
    r"(?:from (?:now|here|today|this point) on(?:wards?)?|going forward|moving forward|henceforth"
    r"|in (?:the )?future|ab (?:jetzt|sofort)|von nun an|in zukunft|désormais|dorénavant|à partir de maintenant"
    r"|a partir de (?:ahora|agora)|d'ora in poi|vanaf nu|voortaan|以后)"
)

_BEFORE = re.compile(
    rf"^(?:(?:{_POLITE}|{_LASTING}|{_KEEPING})(?=[\s,:;!.–—-]|$)[\s,:;!.–—-]*)+(?:(?:that|dass|que|che|dat)\b\s*)?",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?:^|[\s,;:.!–—-])(?:{_POLITE}[\s,]+)*{_KEEPING}\b[\s,:–—-]*(?:that\b|dass\b|que\b|che\b"
    rf"|dat\b)?\s*(?!(?:this|that|it|these|those|of it|with)\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"[\s,;:–—-]*\b(?:and |so |but )*(?:(?:{_POLITE}\s+)*(?:{_KEEPING}|save|store|keep)\s+(?:this|that|it"
    rf"|of (?:this|that|it))\b(?=\s*(?:$|[.!?,]|(?:for|with|before|when|whenever|in|every|each|somewhere"
    rf"|permanently|please)\b))[^.?!]{{0,60}}|{_LASTING}|please|ok|okay|thanks|thank you|keep (?:that|this"
    rf"|it) in mind\b[^.?!]{{0,60}}|(?:so )?please (?:remember|note)(?: (?:that|this|it))?)[\s.!?]*$",
    re.IGNORECASE,
)
_NAMED = rf"(?P<name>{_NAME}(?: (?-i:[A-Z])\S*)*)"
_CALL_ME = re.compile(
    rf"\b(?:call|calling|address|addressing|refer to|referring to) me(?: by(?: the name)?| as| with)? {_NAMED}",
    re.IGNORECASE,
)
_CALL_YOU = re.compile(
    rf"\b(?:call(?:ing)? you|rename (?:you|yourself)(?: to)?|your (?:new )?name (?:is|to be|will be|to"
    rf"|as)(?: now)?) {_NAMED}",
    re.IGNORECASE,
)

_ADVERBS = (
    r"(?:(?:always|never|only|also|really|still|usually|just|strictly|generally|mostly|now|often|absolutely"
    r"|totally|currently) )*"
)
# fmt: off
_MODAL = frozenset({
    "can", "could", "will", "would", "shall", "should", "may", "might", "must", "can't", "cannot", "couldn't",
    "won't", "wouldn't", "shouldn't", "mustn't", "ought", "was", "did", "didn't", "had", "hated", "used", "got",
    "told", "said", "went", "came", "saw", "knew", "thought", "made", "took", "found", "met", "kept", "left", "lost",
    "won", "bought", "brought", "felt", "heard", "held", "began", "spoke", "wrote", "broke", "grew", "became",
})
_SPECIAL = {
    "am": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't", "are": "is", "were": "was",
    "go": "goes", "aren't": "isn't",
}
# fmt: on
_NO_VERBS = frozenset(
    {"something", "anything", "any", "that", "if", "when", "and", "or", "to", "the", "a", "in", "on", "for"}
)
"""What follows a pronoun that is an object."""
_SUBJECT = re.compile(
    rf"\b(?<!and )(?P<who>i|we|you)(?P<short>'m|'ve|'d|'ll|'re)?(?P<adverbs> {_ADVERBS}|\s)(?P<verb>[a-z']+)",
    re.IGNORECASE,
)
_SHORT = {"'m": "is", "'ve": "has", "'d": "would", "'ll": "will", "'re": "is"}
_WHO = {"i": "the user", "we": "the user's group", "you": "the agent"}
_NOT_ENGLISH = re.compile(r"\b(?:que|mis|je|nous|ich|mich|und|nicht|não|che|het|por|pour|avec)\b", re.IGNORECASE)
_OWNERS = (
    (re.compile(r"\b(?:myself|ourselves)\b", re.IGNORECASE), "themselves"),
    (re.compile(r"\bmy\b", re.IGNORECASE), "the user's"),
    (re.compile(r"\bmine\b", re.IGNORECASE), "the user's"),
    (re.compile(r"\bour\b", re.IGNORECASE), "the user's"),
    (re.compile(r"\b(?:me|[iI])\b(?!\.e)"), "the user"),
    (re.compile(r"\bus\b"), "the user's group"),
    (re.compile(r"\byour\b", re.IGNORECASE), "the agent's"),
)


def third_person(*said: str) -> str:
    """One sentence that says what `said` asks to be remembered, for a reader who was not there."""
    text = "; ".join(without_request(sentence).strip(".! ") for sentence in said)
    if called := _CALL_ME.search(text):
        return f"The user wants to be called {_bare(called['name'])}."
    if called := _CALL_YOU.search(text):
        return f"The user wants to call the agent {_bare(called['name'])}."
    return _sentence(_about_user(text))


def without_request(text: str) -> str:
    """`text` without the words that ask for it to be kept, in the person in which it was said."""
    core = _AFTER.sub("", " ".join(text.split()))
    inside = _INSIDE.search(core)
    if inside and len(core[inside.end() :].split()) >= 3:
        core = core[inside.end() :]
    return _BEFORE.sub("", core) or core or text


def _about_user(text: str) -> str:
    if _NOT_ENGLISH.search(text):
        return text
    text = _SUBJECT.sub(_conjugated, text)
    for pattern, owner in _OWNERS:
        text = pattern.sub(owner, text)
    return text


def _conjugated(match: re.Match[str]) -> str:
    who, short = _WHO[match["who"].lower()], (match["short"] or "").lower()
    if short:
        return f"{who} {_SHORT[short]}{match['adverbs']}{match['verb']}"
    return f"{who}{match['adverbs']}{_third(match['verb'])}"


def _third(verb: str) -> str:
    small = verb.lower()
    if small in _MODAL or small in _NO_VERBS or small.endswith("ed"):
        return verb
    if small in _SPECIAL:
        return _SPECIAL[small]
    if small.endswith(("s", "sh", "ch", "x", "z")):
        return small + "es"
    return small[:-1] + "ies" if small.endswith("y") and small[-2:-1] not in "aeiou" else small + "s"


def _bare(name: str) -> str:
    return name.strip(" .,;:!?\"'“”«»()-")


def _sentence(text: str) -> str:
    text = text.strip(" ,;:-–—")
    end = "" if text.endswith((".", "!", "。", "！")) else "."
    return text[:1].upper() + text[1:].rstrip("? ") + end
