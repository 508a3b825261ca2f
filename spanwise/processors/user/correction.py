"""`correction`: the user says that something the agent said or did is wrong.

Its details tell what was wrong and what is right, where the sentence says so. It does not claim that the user is right,
nor that the correction holds beyond this conversation. `No` in answer to a question corrects nothing; a new subject
(`topic_switch`) silences it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from spanwise.processors import Signal, Trace
from spanwise.processors.user.exchanges import Exchange, content_words, exchanges, judged_once, said
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence
from spanwise.processors.user.topic_switch import changes_subject

KIND = "correction"
VERSION = "1"

_WRONG = any_of(
    r"\b(?:that|this|it|which|what you (?:said|wrote|did))(?:'s|s| is| was| can't be| cannot be| isn't| is not"
    r"| doesn't look| does not look| looks| seems)"
    r" (?:(?:completely|totally|just|simply|still|not|quite|plain|all|also) )*(?:wrong|right|incorrect|correct|true"
    r"|accurate|what i (?:said|asked|wrote|told you))\b",
    r"^\W*(?:(?:no|nope|nah|hm+|sorry|but|actually|wait|ok|well)\W+)*(?:wrong|incorrect|false|not (?:quite|right"
    r"|true|correct|what i (?:said|asked)))\b",
    r"\byou(?:'ve| have)? (?:(?:just|still|also|again|keep|always|even) )*(?:got|get|getting|mixed|confused|misread"
    r"|misheard|misunderstood|misspelled|misspelt|mistook|forgot|missed"
    r"|left out|skipped|overlooked|used|picked|chose|renamed|changed|deleted|sent|booked|wrote|writing|write"
    r"|calculated|added|put|included|said|gave|swapped|sorted|counted|converted|took)"
    r"\b[^.?!]{0,50}?\b(?:wrong|incorrect(?:ly)?|mixed up|instead|the other|twice|not the|it|that one|up|down|out)\b",
    r"\byou (?:(?:just|again|also) )*(?:forgot|missed|misread|misheard|misunderstood|mixed up|left out|skipped"
    r"|overlooked|misspell?ed|misspelt)\b",
    r"\byou keep (?:writing|saying|calling|using|spelling|adding|putting|getting|making|sending)\b",
    r"\bthere(?:'s| is| are) (?:a|an|still|another|some) (?:\w+ )?(?:mistake|error|typo|bug"
    r"|slip)s?\b[^.?!]{0,30}\b(?:in (?:your|the|what)|here|there)\b",
    r"\byour (?:\w+ ){1,3}?(?:is|was|are|were) (?:off|wrong|incorrect|out of date|outdated|too (?:high|low|short"
    r"|long))\b|\byour (?:last|previous) \w+ (?:collapsed|failed|broke|crashed|didn't)\b",
)
_INSTEAD = any_of(
    r"\b(?:it's|it is|its|that's|i said|i asked(?: for)?|i wrote|i told you|i wanted|he's|she's|they're|is"
    r"|was|should be|should have been|should say|must be)"
    r" (?P<right>[^,.;:!?]{1,60}?),? (?:and )?(?:not|rather than|instead of|nicht|pas) (?P<wrong>[^,.;!?]{1,60})",
    r"\b(?:not|isn't|wasn't|aren't) (?P<wrong2>[^,.;!?]{1,40})[,;–—-]+ ?(?:but |it's |its |it is "
    r"|rather )+(?P<right2>[^,.;!?]{1,60})",
    r"^\W*(?:no|nope|nah|wrong|sorry|er|um|hm+|actually)\W+(?:(?:no|actually|sorry|wait)\W+)*(?:it's|its|it is"
    r"|that's|he's|she's|they're|there are|there is|i said|i asked|i wrote"
    r"|the \w+ (?:is|was|are)|my \w+ (?:is|was)|we (?:said|agreed|are|have)|i'm|i am|i have"
    r"|i live) (?P<right3>[^.;!?]{1,80})",
    r"\bi (?:said|wrote|asked for|ordered|told you|typed|specified|requested) (?P<right4>[^.;!?]{1,60})",
    r"^\W*(?:the \w+ of|on the \w+ of|at|in) (?-i:[A-Z]{3,})\b",
    r"\bwe don't (?:do|use|write|have|say|call) (?P<wrong5>[^.;!?]{1,40})(?: here)?[.;,!] ?(?:it's|its|we|that's"
    r"|use) (?P<right5>[^.;!?]{1,60})",
    r"\b(?:should|must|ought to|was supposed to) (?:have been|be|say|read|have said) (?P<right6>[^,.;!?]{1,60})",
    r"\b(?:you renamed|you changed|you deleted|you used|you picked|you took) the wrong\b",
)
_ELSEWHERE = any_of(
    r"\b(?:das (?:stimmt (?:so )?nicht|ist falsch|war falsch|ist nicht richtig)|nein,? ich (?:meinte|sagte|wollte"
    r"|hatte)|ich (?:sagte|meinte) .{1,40} nicht|du hast .{1,40}(?:verwechselt|vergessen|falsch)|falsch,)",
    r"\b(?:c'est (?:faux|pas (?:ça|juste|correct|exact|bon))|ce n'est pas (?:ça|correct|exact|juste)"
    r"|non,? j'ai (?:dit|demandé|écrit)|tu (?:t'es trompé|as oublié|as confondu)|vous (?:vous êtes trompé"
    r"|avez oublié))",
    r"\b(?:eso (?:no es (?:correcto|así|cierto)|está mal|es incorrecto)|no,? (?:dije|he dicho|quería|es)"
    r"|te (?:equivocaste|has equivocado|olvidaste)|está equivocado)\b",
    r"\b(?:isso (?:está errado|não (?:é|está) (?:certo|correto|isso))|não,? (?:eu disse|eu falei|é|era)"
    r"|você (?:errou|esqueceu|trocou)|está errado)\b",
    r"\b(?:è (?:sbagliato|errato)|non è (?:corretto|giusto|così)|no,? (?:ho detto|intendevo|è)|hai (?:sbagliato"
    r"|dimenticato|confuso)|ti sei sbagliat[oa])\b",
    r"\b(?:dat (?:klopt niet|is fout|is niet (?:juist|goed|correct))|nee,? (?:ik zei|ik bedoelde|het is)"
    r"|je (?:bent .{1,20} vergeten|hebt .{1,30}(?:verwisseld|fout)))\b",
    r"不对|错了|不是.{1,20}[，,]?(?:而?是|我说)|我说的是|搞错|弄错|違います|違う(?:よ|。|、|$)|間違って|じゃなく(?:て)?|ではなく",
    r"\bmera naam .{1,20} hai,? .{1,20} nahi\b",
)
_DENIES = any_of(
    r"^\W*(?:no|nope|nah|but),? (?:it|that|they|i|he|she|we|there|this)(?: \w+)? ?(?:wasn't|isn't|didn't|aren't"
    r"|weren't|hasn't|haven't|don't|doesn't|did not|was not|is not|has not)\b",
    r"\bis(?: not|n't) [^.?!,;]{1,30}[,;] (?:please )?(?:use|it's|make|do|take|write|try)\b",
    r"^\W*that's (?:the|a|an|his|her|my|their|our|for|from) [^.?!]{1,40}[.,;!] ?(?:but )?i (?:need|want|asked|said"
    r"|wanted|needed|ordered|meant)",
)
_BOTH = re.compile(
    r"\b(?:it's|it is|its|i said|i asked(?: for)?|i wrote|i told you|i wanted|he's|she's|they're|is|was) "
    r"(?P<right>[^,.;:!?]{1,60}?),? (?:and )?(?:not|rather than|instead of) (?P<wrong>[^,.;!?]{1,60})",
    re.IGNORECASE,
)
_CONTRASTED = re.compile(
    r"^\W*(?:no\W+)?[^.?!]{1,50}[,;–—-] ?(?:and )?not (?P<wrong>[^.?!]{1,40})[.!]*$", re.IGNORECASE
)
_GIVEN = re.compile(
    r"\byou (?:just )?(?:gave|sent|showed|booked|told|quoted|brought|found|offered)(?: me"
    r"| us)? (?P<wrong>[^.?!,]{1,40})",
    re.IGNORECASE,
)
_ABOUT_AGENT = re.compile(r"\b(?:you|your|i (?:said|wrote|asked|meant|told))\b", re.IGNORECASE)
_DECLINES = re.compile(r"^\W*(?:no|nope|nah|not now|no thanks?)\b", re.IGNORECASE)
_NOT_MEANT = any_of(
    r"\b(?:am i|did i|is (?:that|this|it)|are (?:they|these|those)|was (?:that|it)) (?:\w+ )?(?:wrong|right|correct"
    r"|true)\b",
    r"\bi(?:'m| am| was) (?:asking|talking) (?:about|for)\b|\bi meant?\b",
    r"\b(?:that's|that is|it's|this is) (?:right|correct|true|all right|alright)\b(?! ?(?:but|except))",
    r"\bwhat(?:'s| is| am i| did i| are we)? (?:\w+ )?(?:wrong|doing wrong)\b|\bif (?:that|this|it|i)(?:'s| is|'m"
    r"| am) (?:wrong|right)\b|\bwrong with (?:my|the|this|it)\b",
)


def corrections(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn in which a user corrects the agent. Details, where they are said: `right`, `wrong`."""
    for exchange in exchanges(trace):
        if found := _correction(exchange):
            sentence, confidence = found
            details = _details(sentence)
            yield said(KIND, trace, exchange, sentence, confidence=confidence, version=VERSION, details=details)


@judged_once
def _correction(exchange: Exchange) -> tuple[Sentence, float] | None:
    if changes_subject(exchange):
        return None
    judged = ((sentence, _confidence(sentence, exchange)) for sentence in exchange.sentences)
    return next(((sentence, confidence) for sentence, confidence in judged if confidence), None)


def _confidence(sentence: Sentence, exchange: Exchange) -> float:
    """0 for a sentence that corrects nothing."""
    own = sentence.own
    if _NOT_MEANT.search(own) or (sentence.asks and not _WRONG.search(own)):
        return 0.0
    wrong, instead = _WRONG.search(own), _INSTEAD.search(own) or _ELSEWHERE.search(own)
    if not exchange.answer:  # without an answer, only what says that it is about the agent's doing
        return 0.7 if (wrong and _ABOUT_AGENT.search(own)) or _missed(own) or _ELSEWHERE.search(own) else 0.0
    if exchange.answer_asks and _DECLINES.match(exchange.own) and not wrong:
        return 0.0
    if _DENIES.search(exchange.own) or _contradicts(own, exchange.answer):
        return 0.85
    if wrong and instead:
        return 0.92
    return 0.85 if wrong else 0.75 if instead else 0.0


def _contradicts(own: str, answer: str) -> bool:
    """`The 5th, not the 15th`, `You gave me Paris`: what is turned down is what the agent said."""
    found = _CONTRASTED.search(own) or _GIVEN.search(own)
    named = content_words(found["wrong"]) if found else frozenset()
    return bool(named) and named <= content_words(answer)


def _missed(own: str) -> bool:
    return bool(re.search(r"\byou (?:missed|forgot|left out)\b|\byou keep \w+ing|\byou renamed\b", own, re.IGNORECASE))


def _details(sentence: Sentence) -> Mapping[str, str]:
    for pattern in (_BOTH, _INSTEAD, _CONTRASTED, _GIVEN):
        if match := pattern.search(sentence.own):
            named = {name.rstrip("0123456789"): value.strip() for name, value in match.groupdict().items() if value}
            if named:
                return named
    return {}
