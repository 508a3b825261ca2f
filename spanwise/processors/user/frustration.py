"""`frustration`: the user is annoyed with the agent or its service.

It does not claim that they are right. Annoyance with the world (a train, a meringue, a flaky build) is none, unless it
is the agent's doing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spanwise.processors import Signal, Trace
from spanwise.processors.user.exchanges import Exchange, exchanges, judged_once, said
from spanwise.processors.user.grammar.speech import any_of
from spanwise.processors.user.sentences import Sentence

KIND = "frustration"
VERSION = "1"

_AT_AGENT = any_of(
    r"\b(?:are|were) you (?:even |actually |really )?(?:reading|listening|serious|kidding|stupid|deaf|broken|dumb"
    r"|paying attention)\b",
    r"\b(?:do|did|can|can't|don't|won't) you (?:even|ever|not) (?:read|listen|understand|hear|do|get|see|look|check"
    r"|remember)\b",
    r"\byou(?:'re| are| were)? (?:\w+ )?(?:useless|hopeless|terrible|awful|incompetent|stupid|dumb|clueless"
    r"|worthless|no help|not helping"
    r"|not listening|a joke|wasting my time|the worst|impossible|rubbish|garbage|pathetic)\b",
    r"\b(?:this|that|it|what)(?:'s|s| is| was)? (?:\w+ )?(?:useless|ridiculous|unacceptable|absurd|a joke|nonsense"
    r"|pathetic|outrageous"
    r"|infuriating|unbelievable|a disgrace|rubbish|garbage|bullshit|bs|crap|a waste of (?:my )?time|not helpful"
    r"|hopeless|insane|insulting"
    r"|frustrating|so annoying|really annoying)\b",
    r"\bthanks? for (?:nothing|wasting|ruining)\b|\bwaste of (?:my )?time\b|\bwasting my time\b"
    r"|\bfed up with (?:you|this|your)\b"
    r"|\bsick (?:and tired )?of (?:you|this|your|repeating|telling|explaining|asking)\b|\btired of (?:repeating"
    r"|explaining|your|you|this bot|asking)\b",
    r"\b(?:how many times|how often) (?:do|must|should|did|have) i (?:have to |need to |got to )?(?:tell|told"
    r"|repeat|explain|ask|say|said|be)"
    r"|\bfor the (?:second|third|fourth|fifth|tenth"
    r"|hundredth|last|umpteenth|\w+th) time\b"
    r"|\b(?:second|third|fourth|fifth|\w+th) (?:\w+ )?(?:time|answer|try|attempt|message|call"
    r"|nonsense)[\w ]{0,20}\b(?:today|this week|now|already|and|i)\b",
    r"\bi(?:'ve| have)? (?:already |just |literally )+(?:told|said|explained|answered|given|asked|wrote|written"
    r"|mentioned)\b"
    r"|\bi (?:told|wrote|said)\b[^.?!]{0,40}\b(?:times|messages ago|twice|already|before|yesterday|last week"
    r"|a minute ago)\b|\byou even (?:confirmed|said|told|promised)\b",
    r"\b(?:still|again) (?:wrong|not working|broken|doesn't work|didn't|the same (?:error|mistake|thing|problem)"
    r"|no answer|nothing)\b",
    r"\byour\b[^.?!]{0,60}\b(?:was|is|are|were) (?:a (?:joke|mess|disaster|lie)|useless|wrong again|garbage|rubbish"
    r"|terrible|awful|glue|a nightmare)\b",
    r"\byour\b[^.?!]{0,60}\b(?:took me an? |cost me|ruined|wasted|made me miss|broke my|expired)\b"
    r"|\bbecause of you\b|\bwe still missed\b",
    r"\byou (?:gave|sold|sent|told|promised|recommended|booked)\b[^.?!]{0,50}\b(?:expired|broken|wrong|useless"
    r"|does not exist|doesn't exist|never (?:came|arrived|worked))\b",
    r"\b(?:\d+|two|three|four|forty|thirty|twenty|sixty) (?:minutes|hours|days|weeks|mins?) (?:in (?:the |a "
    r"|your )?(?:queue|line)|on hold|waiting|and (?:still|nothing|no))\b",
    r"\bi told the \w+, i told\b|\bwhat (?:is|the hell is|on earth is) wrong with you\b"
    r"|\bnobody (?:there )?(?:helps|answers|listens|cares)\b"
    r"|\bwhat a (?:joke|waste|mess|disgrace)\b|\bi give up\b|\bforget it,? (?:you|this)\b|\bstop (?:ignoring"
    r"|wasting|lying|guessing)\b",
)
_WORN_OUT = any_of(
    r"\b(?:not|n't) even (?:try|read|listen|look|answer|bother|close)\w*\b",
    r"\b(?:i(?:'ve| have)? (?:really |just )?(?:had it|had enough)|done) with (?:you|your|this|the)\b",
    r"\b(?:you|they) (?:said|promised|told me|keep saying|kept saying) (?:that|this|so"
    r"|the same)\b[^.?!]{0,30}\b(?:last|yesterday|ago|before|already|every|week|month)\b",
    r"\b(?:absolutely|utterly|completely) (?:ridiculous|useless|unacceptable|outrageous)\b"
    r"|\bwhat do i (?:even )?pay\b|\bdo you (?:people|guys) (?:ever|even)\b",
    r"\bla (?:tercera|cuarta|quinta|enésima|segunda) vez\b|\bvergonzoso\b|\bla (?:terza|quarta|ennesima) volta\b"
    r"|\ba terceira vez\b|\bla (?:troisième|énième) fois\b"
    r"|\b(?:zum|das) (?:dritte|vierte|x-te)n? mal\b",
)
_OUTBURST = any_of(
    r"\b(?:wtf|ffs|omfg|jesus christ|for (?:god's|fuck's|heaven's|crying out loud|pete's) sake|come on"
    r"|are you kidding|you('ve| have) got to be kidding|seriously)\b\W*",
    r"[?!]{3,}",
    r"🤬|😡|😠|🤦",
)
_SHOUTED = re.compile(r"^\W*(?:[A-Z]{3,}\W+)+[A-Z]{3,}\W*$")
_ELSEWHERE = any_of(
    r"\b(?:pela (?:terceira|segunda|quarta|décima) vez|desrespeito|absurdo|vergonha|inaceitável|já (?:disse|falei"
    r"|expliquei)|não (?:serve|adianta) (?:para|pra) nada|que saco)\b",
    r"\b(?:por (?:tercera|segunda|cuarta|enésima) vez|inaceptable|vergüenza|inútil|ya (?:te|se|os"
    r"|le) (?:lo )?(?:he dicho|dije|expliqué)|no sirve[s]? (?:para|de) nada|estoy harto|estoy harta|qué desastre)\b",
    r"\b(?:zum (?:dritten|zweiten|vierten|x-ten|hundertsten) mal|unverschämt|nutzlos|lächerlich|frechheit|unfähig"
    r"|so ein (?:mist|quatsch)|hab ich (?:dir )?(?:doch )?schon gesagt|das darf doch nicht wahr sein"
    r"|reine zeitverschwendung)\b",
    r"\b(?:pour la (?:troisième|deuxième|énième|dixième) fois|inadmissible|inacceptable|inutile|n'importe quoi"
    r"|ras le bol|j'en ai (?:marre|assez)|je (?:t'ai|vous ai|l'ai) déjà dit|tu te moques)\b",
    r"\b(?:per la (?:terza|seconda|quarta|ennesima) volta|inaccettabile|ridicolo|vergogna|inutile|te l'ho già detto"
    r"|mi prendi in giro|non serve a niente)\b",
    r"\b(?:voor de (?:derde|tweede|vierde|zoveelste) keer|belachelijk|waardeloos|schandalig|nutteloos"
    r"|ik heb (?:het )?al gezegd|tijdverspilling)\b",
    r"没用|太差了|废话|说了(?:多少|几|三|好几)[遍次]|什么破|垃圾|烦死|気が利かない|役に立た|何度(?:も)?言|いい加減に|ふざけ|最悪",
    r"\b(?:har baar galat|kitni baar|bekaar|kabhi kaam nahi)\b",
)
_WEAK = any_of(
    r"\b(?:the|your|this) (?:app|bot|service|website|support|assistant|chat)\b[^.?!]{0,40}\b(?:never|useless"
    r"|terrible|broken|awful|joke|worst|sucks)\b",
    r"\b(?:missed|late|lost|failed)\b.*\b(?:because|thanks to) (?:you|your)\b",
    r"\bare you (?:sure|blind)\?!|\bthat makes no sense\b|\bugh\b|\bargh\b",
    r"\bwonderful\.$|\b(?:great|nice|brilliant|lovely)\.\s*(?:just )?(?:great|another|now)\b",
)
_WONDERS = any_of(r"^\W*(?:is|was|are|isn't|would|does) (?:that|this|it|the|my)\b")
_NOT_MEANT = any_of(r"\b(?:lol|haha|just kidding|jk|no worries|no problem)\b")


def frustration(trace: Trace) -> Iterable[Signal]:
    """One signal for each turn in which a user is annoyed with the agent."""
    for exchange in exchanges(trace):
        if found := _annoyance(exchange):
            sentence, confidence = found
            yield said(KIND, trace, exchange, sentence, confidence=confidence, version=VERSION)


@judged_once
def _annoyance(exchange: Exchange) -> tuple[Sentence, float] | None:
    if _NOT_MEANT.search(exchange.own):
        return None
    for sentence in exchange.sentences:
        if sentence.asks and _WONDERS.search(sentence.own):
            continue
        if _AT_AGENT.search(sentence.own) or _WORN_OUT.search(sentence.own) or _ELSEWHERE.search(sentence.own):
            return sentence, 0.85 if exchange.answer or re.search(r"\byour?\b", sentence.own, re.IGNORECASE) else 0.75
        if exchange.answer and (_OUTBURST.search(sentence.own) or _SHOUTED.match(exchange.own)):
            return sentence, 0.75
        if _WEAK.search(sentence.own):
            return sentence, 0.6
    return None
