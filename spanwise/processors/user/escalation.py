"""`escalation`: the user asks for a person, a superior or a place to complain.

It does not claim that the agent failed: some people always ask.
"""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.user.exchanges import Exchange, exchanges, judged_once, said, strongest
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence

KIND = "escalation"
VERSION = "1"

_SOMEBODY = (
    r"(?:human|humans|person|people|human being|agent|operator|representative|rep|advisor|adviser|supervisor"
    r"|manager|boss"
    r"|team lead|superior|staff|employee|specialist|real one|colleague|technician|support team|customer service"
    r"|complaints?"
    r"|someone (?:real|who can|who knows|else|with|in|at|from)|somebody (?:real|who can|else|with|in charge"
    r"|at|from))"
)
_ASKED_FOR = any_of(
    rf"\b(?:speak|talk|chat)(?:ing)? (?:to|with) [^.?!]{{0,30}}?\b{_SOMEBODY}\b(?!'s (?:name|number))",
    rf"\b(?:connect|transfer|put|pass|hand|forward|switch|redirect|refer|escalate)(?:ing|ring)? (?:me|us|this|it"
    rf"|my \w+)\b"
    rf"[^.?!]{{0,25}}\b(?:to|with|through|over|on)\b[^.?!]{{0,25}}?\b{_SOMEBODY}\b",
    rf"\b(?:get|give|let|bring|find|send) me\b[^.?!]{{0,25}}?\b{_SOMEBODY}\b",
    rf"\b(?:(?:i|we)(?: just| really)? (?:want|need|demand|would like|wanna|require)|i'd like|get me"
    rf"|give me)\b[^.?!]{{0,25}}"
    rf"\b(?:real|live|actual|human|your|a) (?:{_SOMEBODY}|someone|somebody)\b",
    r"\b(?:then )?(?:give|get|find|send) me someone (?:who|that|else|real|in charge)\b",
    r"\b(?:is there|can i|could i|may i|how (?:do|can) i|where (?:do|can) i)\b[^.?!]{0,50}\b(?:actual|real|live"
    r"|human|complain|complaint"
    r"|supervisor|manager)\b[^.?!]{0,40}",
    r"\b(?:file|make|lodge|raise|submit) (?:a |an )?(?:formal |official )?complaint\b(?! letter)",
    r"^\W*(?:(?:human|agent|operator|representative|real|person|supervisor|manager|now|please)\b\W*){1,4}$",
    r"\bnot (?:a|another|some) (?:\w+ )?(?:bot|robot|machine|ai|chatbot)\b",
    r"\bescalate (?:this|it|the|my)\b",
)
_ELSEWHERE = any_of(
    r"\b(?:mitarbeiter|vorgesetzte\w*|echten? menschen|richtigen? menschen|jemand(?:en)? (?:echten|richtigen|aus)"
    r"|kundendienst)\b.{0,40}"
    r"\b(?:sprechen|reden|verbinden|geben|weiterleiten|durchstellen)\b|\b(?:verbind\w*|sprechen|reden"
    r"|durchstellen)\b.{0,40}\b(?:mensch\w*|mitarbeiter|vorgesetzt\w*)",
    r"\b(?:parler|passez|passe|transfér\w+|mettez|joindre)\b.{0,40}\b(?:humain|quelqu'un|responsable|conseiller"
    r"|personne|supérieur|vrai)\b",
    r"\b(?:hablar|pás[ae]me|comunic\w+|conéct\w+|transfi\w+)\b.{0,40}\b(?:persona|humano|supervisor|agente"
    r"|encargado|responsable|alguien)\b",
    r"\b(?:falar|passa|passe|transfer\w+)\b.{0,40}\b(?:humano|pessoa|supervisor|atendente|gerente|responsável"
    r"|alguém)\b",
    r"\b(?:parlare|passami|passatemi|mi passi)\b.{0,40}\b(?:persona|umano|operatore|responsabile|supervisore"
    r"|qualcuno)\b",
    r"\b(?:spreken|praten|doorverbind\w*|verbind)\b.{0,40}\b(?:mens|medewerker|leidinggevende|manager|iemand"
    r"|echt persoon)\b"
    r"|\b(?:medewerker|mens|leidinggevende)\b.{0,20}\b(?:spreken|praten)\b",
    r"转人工|人工客服|找(?:你们)?(?:经理|主管|领导)|真人|投诉|人間(?:の|と).{0,10}(?:話|担当)|担当者(?:に|と).{0,10}(?:代|話)|オペレーター|上司(?:に|を|と)",
)
_NOT_ASKED = any_of(
    r"\b(?:customers?|users?|callers?|visitors?|clients?|guests?|they|anyone|someone) (?:who )?(?:asks?|wants?"
    r"|needs?|says?|calls?)\b",
    r"\b(?:don't|do not|no need to|never) (?:want|need|connect|transfer|escalate|talk)\b",
    r"\b(?:user agent|travel agent|estate agent|ai agent|sub-?agent|agent (?:class|code|script|id|name|loop"
    r"|config))\b",
    r"\b(?:write|draft|build|implement|code|translate|summari[sz]e)\b[^.?!]{0,40}\b(?:agent|manager|supervisor"
    r"|complaint)",
)


def escalations(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn in which a user asks for somebody else."""
    for exchange in exchanges(trace):
        if found := _request(exchange):
            sentence, confidence = found
            yield said(KIND, trace, exchange, sentence, confidence=confidence, version=VERSION)


@judged_once
def _request(exchange: Exchange) -> tuple[Sentence, float] | None:
    if _NOT_ASKED.search(exchange.own):
        return None
    return strongest(exchange, ((_ASKED_FOR, 0.92 if exchange.answer else 0.8), (_ELSEWHERE, 0.85)))
