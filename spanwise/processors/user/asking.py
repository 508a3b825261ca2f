"""Does a sentence ask for something to be kept? The judgement, by `grammar`."""

from __future__ import annotations

import enum
import functools
import re

from spanwise.processors.user.grammar import directing, keeping, lasting, naming, speech
from spanwise.processors.user.sentences import Sentence


class Request(enum.Enum):
    """Why a sentence counts as one to be remembered."""

    KEEP = enum.auto()
    """It asks to be remembered."""
    ADDRESS = enum.auto()
    """It says how somebody is called, or in which language they talk."""
    LASTING = enum.auto()
    """It directs us, or states a fact of the user, from now on."""
    RULE = enum.auto()
    """It directs us for all occasions of a kind."""


_ONE_OF_US = re.compile(r"\b(?:i|i'm|i've|i'll|me|my|mine|we|we're|we've|us|our|you|your)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"^(?:and |so |from now on |going forward )*(?:that|this|same|applies|goes)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:()–—]\s|\s-\s|\b(?:but|though|although|however|aber|mais|pero|mas|ma|maar)\b", re.IGNORECASE)


# A sentence comes again with every reading of its conversation, and judging it costs more than all else together.
def request_in(sentence: Sentence) -> Request | None:
    """What makes the sentence its speaker's own standing request, or None if it is none."""
    return _request_in(sentence.own, sentence.asks)


def is_passing_or_reminder(sentence: Sentence) -> bool:
    """True if the sentence speaks of this occasion only, or of something to be done at its time."""
    return bool(lasting.PASSING.search(sentence.own) or keeping.REMINDER.search(sentence.own))


@functools.lru_cache(maxsize=10_000)
def _request_in(words: str, asks: bool) -> Request | None:
    own = _without_reports(words)
    if (
        speech.SUPPOSED.search(own)
        or speech.OVERRIDING.search(own)
        or keeping.REMINDER.search(own)
        or _is_question(own, asks)
    ):
        return None
    request, cue = _request(own)
    if cue is None or _is_passing(own, cue.span(), request):
        return None
    return request


def _request(own: str) -> tuple[Request | None, re.Match[str] | None]:
    if not keeping.NOT_KEEP.search(own) and (keep := keeping.KEEP.search(own)):
        return Request.KEEP, keep
    if (address := naming.ADDRESSED.search(own)) and not naming.NOT_ADDRESSED.search(own):
        return Request.ADDRESS, address
    if cue := lasting.STRONG.search(own) or _lasting(own):
        return Request.LASTING, cue
    if rule := lasting.RULE_FORM.search(own) or lasting.MEANS.search(own):
        return Request.RULE, rule
    if (occasion := lasting.ON_OCCASION.search(own)) and _directs(directing.HELP.sub("", own)):
        return Request.RULE, occasion
    return None, None


def _lasting(own: str) -> re.Match[str] | None:
    cue = lasting.LASTING.search(own)
    return cue if cue and (_directs(own) or _is_about_user(own, cue)) else None


def _directs(own: str) -> bool:
    return bool(directing.DIRECTIVE.search(own) or directing.COMMAND.search(own) or not own.isascii())


def _is_about_user(own: str, cue: re.Match[str]) -> bool:
    """`From now on I work from Ghent`, `That goes for all chats`: stated of the user, or of what was said before."""
    return bool(_POINTS_BACK.match(own)) or (cue.start() < 12 and bool(_ONE_OF_US.search(own)))


def _is_question(own: str, asks: bool) -> bool:
    if speech.POLITE.search(own):
        return False
    return asks or bool(speech.QUESTION.search(own))


def _without_reports(own: str) -> str:
    """`own` up to where somebody else is reported to speak, and from where the user resumes."""
    report = speech.REPORTED.search(own)
    if report is None:
        return own
    again = speech.OWN_AGAIN.search(own, report.end())
    return own[: report.start()] + (" " + own[again.end() :] if again else "")


def _is_passing(own: str, cue: tuple[int, int], request: Request | None) -> bool:
    """True if what is asked holds for this occasion only: said in the same clause, or of the whole sentence."""
    text = own
    for not_passing in (lasting.NOT_PASSING, lasting.STRONG):  # `from today on`
        text = not_passing.sub(lambda match: " " * len(match.group()), text)
    passing = [match.start() for match in lasting.PASSING.finditer(text)]
    if not passing:
        return False
    start, end = _clause_around(own, cue)
    return any(start <= place < end for place in passing) or request is Request.RULE


def _clause_around(own: str, cue: tuple[int, int]) -> tuple[int, int]:
    borders = [0, *(match.start() for match in _CLAUSE.finditer(own)), len(own)]
    return max(b for b in borders if b <= cue[0]), min((b for b in borders if b >= cue[1]), default=len(own))
