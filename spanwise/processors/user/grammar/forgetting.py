"""A request that something remembered be forgotten."""

from __future__ import annotations

from spanwise.processors.user.grammar.speech import AT_REQUEST, any_of, elsewhere

_REMEMBERED = (
    r"(?:thing|rule|preference|note|default|memory|restriction|habit|convention|instruction|limit|requirement"
    r"|setting|shortcut|alias|nickname|wish|bit|part|stuff|story|info|information|fact|constraint|policy)s?"
)
_KNOWN = (
    r"(?:(?:from|out of|off|in) (?:your|my|the) (?:\w+ )?(?:memory|memories|profile|notes?|records?|preferences"
    r"|file|brain|database|context|long-term memory|data)|"
    r"what(?:ever)? (?:you|you've|i|i've|we)(?: have|'ve|'d)? (?:\w+ )?(?:know|stored?|saved?|kept|remember\w*"
    r"|noted|told|said"
    r"|mentioned|learned|have|got|gave|shared|recorded|on)\b|anything you|everything you|you(?:'ve"
    r"| have)? (?:stored|saved"
    r"|remembered|noted|kept|know|remember|have on me)|about me|on file)"
)
_REMOVE = (
    r"(?:delete|remove|erase|clear|undo|revoke|rescind|withdraw|retract|wipe|drop|scrap|scratch|discard|purge|take"
    r"|get rid of|strike|unlearn|lose"
    r"|throw out|let go of|ditch|cancel|kill|disregard|ignore)"
)

FORGET = any_of(
    rf"{AT_REQUEST}(?:forget|unlearn|unremember)(?: about)?(?= (?:that (?:i|my|we|our|i'm|i've|we're)|my|our|i|i'm"
    rf"|we|everything (?:you|about|i)|all (?:you|about|my|i|that)|what|whatever|anything|the fact|(?:the|that|this"
    rf"|those) (?:[\w'-]+ ){{0,4}}?{_REMEMBERED}\b))",
    rf"{AT_REQUEST}(?:forget|unlearn|unremember)(?: about)?(?= [^.?!]{{1,60}}\b(?:ever was|was ever|i told you"
    rf"|i said|i mentioned|i gave you|existed)\b)",
    rf"{AT_REQUEST}{_REMOVE}(?=\b[^.?!]{{0,90}}\b{_KNOWN})",
    rf"{AT_REQUEST}{_REMOVE}(?= (?:the|that|this|those|my|our) (?:[\w'-]+ ){{0,4}}?{_REMEMBERED}\b(?: (?:about|on"
    rf"|with|of|that|regarding|for)\b|,| we| i |$))",
    r"\bstop (?:remembering|storing|saving|keeping|memori[sz]ing|tracking|assuming|recording)\b",
    r"\b(?:stop|quit) (?=calling me |addressing me as |referring to me as )",
    r"\b(?:don't|do not|no longer|never)(?: ever)? (?=call me |address me as "
    r"|refer to me as )(?=[^.?!]{1,40}\b(?:any ?more|any longer|again)\b)",
    r"\b(?:don't|do not|no longer)(?: need to| have to)? (?:remember|keep|store|save|apply|use|assume"
    r"|follow)(?=\b[^.?!]{1,60}\b(?:any ?more|any longer)\b)",
    rf"\b(?=(?:my|our|the|that|this) (?:[\w'-]+ ){{0,4}}?{_REMEMBERED}\b[^.?!]{{0,40}}\b(?:no longer|doesn't"
    rf"|does not|don't|isn't|is not)\b (?:\w+ )?(?:appl|hold|count|valid|true|relevant|needed|necessary))",
    r"\b(?:don't|do not|stop|no longer|never|quit)(?: ever)? (?=(?:treat|consider|regard|see|class|count|list|assum"
    r"|address|call"
    r"|refer)(?:ing)?(?: to)? (?:\w+ ){1,4}?(?:as|yourself)\b(?:[^.?!]{1,60}\b(?:any ?more"
    r"|any longer)\b)?)(?<=stop )",
    r"\b(?:don't|do not|never)(?: ever)? (?=(?:treat|consider|regard|class|count|list) [^.?!]{1,60}\b(?:any ?more"
    r"|any longer)\b"
    r"|(?:call|name|address) yourself [^.?!]{1,40}\b(?:any ?more|any longer|again)\b)",
    r"\b(?:you|there's|there is) (?:no longer|no more|don't|do not|needn't|no)(?: have| need)?(?: to"
    r"| any need to)? (?:remember"
    r"|keep|store|know|track|save|hold on to|bear|consider|worry about|apply)(?= (?:in mind )?(?:my|our|that (?:i"
    r"|we|my|our)|about)\b)",
    rf"{AT_REQUEST}{_REMOVE}(?= [^.?!]{{1,60}}\bas (?:my|our|the|an?) (?:\w+ )?(?:default|standard|usual|preferred"
    rf"|favou?rite"
    r"|go-to|home|main|primary|authori[sz]ed|regular)\b)",
    rf"\b(?=(?:the|that|this|my|our) (?:[\w'-]+ ){{0,5}}?{_REMEMBERED}\b[^.?!]{{0,70}}[,;–—-]\s*(?:so |and |please "
    rf"|you can "
    rf"|you may |just |kindly )*(?:{_REMOVE}|forget)(?: about)? (?:it|that|this|them)\b)",
    rf"\b(?=(?:the|that|this|my|our) (?:[\w'-]+ ){{0,5}}?{_REMEMBERED}\b(?: (?:i|you|we) [^.?!,]{{1,30}})? (?:is"
    rf"|are|was)"
    r"(?: now| totally| completely)? (?:out of date|outdated|obsolete|wrong now|old news|not (?:true|valid"
    r"|current) any ?more"
    r"|no longer (?:true|valid|current|needed)|history|void|off the table|cancelled|lifted)\b)",
    rf"\b(?=(?:the|that|this|my|our|those) (?:[\w'-]+ ){{0,4}}?{_REMEMBERED}\b[^.?!]{{0,50}}\b(?:can|may|should"
    rf"|must|needs? to|could) (?:now |all |please )*"
    r"(?:be (?:deleted|removed|forgotten|dropped|erased|scrapped|cleared|wiped|lifted)|go)\b(?! (?:from|in|within"
    r"|out of) (?:the|this)\b))",
    r"\b(?:appreciate|mind|like|love|welcome) (?:you|your) (?=(?:forgetting|deleting|removing|erasing|dropping"
    r"|wiping|clearing) )(?:forgetting|deleting|removing"
    r"|erasing|dropping|wiping|clearing)(?: about)?(?= (?:that|my|our|what|the))",
    r"\bi (?:no longer|don't any longer) want you to (?:remember|keep|store|know|save|have|use|apply|follow)(?= \w+)",
    r"\bi (?:don't|do not) want you to (?:remember|keep|store|know|save|have)(?= (?:my|our|that i|that we|about)\b)",
    rf"\b(?=(?:the|that|my|our) (?:[\w'-]+ ){{1,4}}?{_REMEMBERED} (?:can go|is (?:history|gone|off|void|obsolete"
    rf"|outdated|over)|no longer)\b)",
    *elsewhere("forget"),
)
"""Asks for something remembered to be forgotten."""

FORGET_IF_CHANGED = any_of(
    rf"{AT_REQUEST}(?:forget|drop|scrap|ditch|remove|delete|undo|get rid of|take|erase)(?= (?:the|that|this|it"
    rf"|those|him|her|them|he|she|my|our)\b)",
    r"(?:^|[,;.–—-]\s*|\b(?:so|please|and|can|could|now|lol|ok|just|pls"
    r"|anymore) )(?:you )?(?:please )?stop(?= \w+ing\b)",
)
"""The same, if something has changed: otherwise `drop the salad` is about this conversation only."""

CHANGED = any_of(
    r"\bi(?:'m| am) down to\b",
    r"\b(?:is|are|am|'m|'re|'s) (?:all )?(?:grown up|older|better|well|healed|cured|pregnant|married|single|retired"
    r"|back|fine|done|over|old enough) (?:\w+ )?(?:now|again)\b",
    r"\b(?:any ?more|any longer|no longer|these days|not .{1,20} now|out ?dated|obsolete|ex|used to be)\b",
    r"\b(?:i|we)(?:'m|'re|'ve| am| are| have)? (?:\w+ )?(?:moved|sold|quit|split|switched|migrated|changed"
    r"|stopped|left|gave up|divorced|broke up|retired|cancelled|recovered)\b",
    r"\b(?:is|are|was|were)n?'?t? (?:\w+ )?(?:over|gone|fixed|fine now|ok now|okay now|wrong now|from (?:19"
    r"|20)\d\d|healed|resolved|lifted)\b|\bagain (?:so|now)\b|\bnobody's business\b|\b(?:as a joke|was a joke"
    r"|by mistake|by accident|was (?:only )?(?:a test|temporary)|years ago|a misdiagnosis)\b",
)
"""Says that what was true is not so any more."""

NOT_FORGET = any_of(
    r"\b(?:don't|do not|never|didn't|won't|not|can't|let me)(?: you)?(?: ever)? forget\b",
    r"\b(?:i|we|you|he|she|they|(?<!you )to)(?: (?:always|often|sometimes|keep|just|will|might|may|tend to|never|did"
    r"|completely|totally))* (?:forget|forgot|forgetting)\b(?<!you forget)(?<!you forgetting)",
    r"\bforget (?:it|to|about it|you|how|where)\b(?!,? (?:anymore|all))",
    r"\b(?:limit|cap|hold|block|restriction)s? (?:on|of|for) (?:my|the|this) (?:card|account|order|tariff|plan|line"
    r"|data)\b",
    r"\bfrom the (?:\w+ )?(?:list|group|team|channel|thread|invite|file|code|repo|page|table|cart|firewall|model"
    r"|document|sheet|booking)\b",
    r"\b(?:shopping|grocery|to-?do|wait|wish|mailing|guest|contact)[ -]?list\b|\b(?:cart|basket|calendar|playlist"
    r"|alarm|reminder|timer"
    r"|folder|branch|repo)\b|\b(?:cancel|close|delete|remove) (?:my|the|this) (?:\w+ )?(?:account|subscription"
    r"|order|booking|reservation)\b",
)
