"""The grammar of a request to remember, in English, joined with the frames of the other `languages`.

Five things are told apart, and `memory` weighs them: the sentence asks for something to be *kept*; it says that
something is *lasting*; it *directs* us rather than describes the world; it names how to be *addressed*; it is only about
this one *passing* occasion.
"""

from __future__ import annotations

import re

from spanwise.processors.user.languages import LANGUAGES
from spanwise.processors.user.pasted import COVER


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _foreign(role: str) -> tuple[str, ...]:
    return tuple(pattern for language in LANGUAGES for pattern in getattr(language, role))


_OPENER = (
    r"(?:please|kindly|just|also|and|so|ok|okay|hey|hi|yes|yeah|no|then|but|oh|btw|by the way|maybe|well|alright|right|thanks|first|"
    r"two things|one thing|quick one|another thing|plus|actually|again|therefore|hence)"
)
_ASKING = (
    r"(?:(?:can|could|would|will|may|might) (?:you|i (?:ask|get) you to|we)(?: (?:please|just|also|maybe|possibly|try to|kindly))*"
    r"|(?:want|need|like|love|prefer|ask|asking|appreciate it if) you(?: to| could| would)?(?: (?:please|also|just))*"
    r"|you(?:'ll| will)? (?:should|must|need to|have to|had better|better|can|may|might want to|ought to)(?: (?:please|also|just|always))*"
    r"|kind (?:as|enough) to|make sure (?:you |to )?|be sure to|(?:it'?s|it is) (?:important|worth) to|useful to|good to|let'?s|mind)"
)
AT_REQUEST = rf"(?:^|[,;:.!()–—-]\s*|\b{_OPENER},?\s+|\b{_ASKING}\s+)"

_WHAT_WAS = r"(?:when|how|the (?:time|day|good|last|old)|that (?:time|day|one time|night|movie|song)|who|where|what|which|if|whether|last|me to|back)\b"
_OWN_DATA = (
    r"(?:number|address|name|nickname|birthday|anniversary|size|sizes|preferences?|diet|allerg(?:y|ies)|intolerances?|details|plate|"
    r"e-?mail|timezone|time zone|pronouns|language|settings?|limits?|budget|model|setup|stack|version|code|account|id|card|choice)"
)
_STORE = r"(?:memory|profile|notes?|records?|file|files|preferences|long[- ]term memory|database|mind|defaults?)"

KEEP = any_of(
    rf"{AT_REQUEST}(?:always |do |never forget to )?(?:remember|memori[sz]e|retain)\b(?!\s+(?:to\b(?! (?:always|never|use|call|address|answer|reply|respond))|{_WHAT_WAS}))",
    rf"{AT_REQUEST}(?:always )?(?:keep|bear|have)\b[^.?!]{{0,60}}?\b(?:in|at) (?:the (?:back|front|forefront|top) of )?(?:your |the )?(?:mind|memory|head)\b",
    rf"{AT_REQUEST}(?:make|take|add|leave|keep)(?: yourself)? (?:a |an )?(?:\w+ )?note\b(?! to self| (?:in|on) (?:the|this|that) (?!(?:system|profile|memory|file)\b)| for (?:my|the) next)",
    rf"{AT_REQUEST}(?:don't|do not|never)(?: you)?(?: ever)? forget(?:,)? (?:that|i|i'm|i've|my|we|we're|our|about my)\b",
    rf"{AT_REQUEST}(?:please )?note(?: down)?,? (?:down |for the future |for later |for next time |that (?=.*\b(?:i|i'm|i've|my|me|we|our|us|you)\b))+",
    rf"{AT_REQUEST}note(?: down)?,? (?:i|i'm|i've|my|we|our)\b",
    rf"{AT_REQUEST}(?:save|store|record|note|keep|log|register|put|write|jot|add|file|set|mark|hold on to|update)\b[^.?!;]{{0,80}}\b"
    rf"(?:(?:in|into|to|on|under|onto)(?: \w+)? (?:your|my|our|the) (?:\w+ )?{_STORE}\b(?! (?:list|folder))|on (?:file|record)\b|somewhere\b|permanently\b|for good\b|"
    rf"as (?:a |an |my |our |the |your )(?:\w+ )?(?:default|preference|standard|rule|usual|standing)|for (?:later|next time|the next time|future|the future)\b)",
    rf"{AT_REQUEST}(?:save|store|record|remember|note|keep|write down|jot down|hold on to) (?:down )?(?:my|our) (?:\w+ ){{0,3}}?{_OWN_DATA}\b",
    rf"{AT_REQUEST}(?:factor|take|keep) (?:that|this|it) in(?:to account|to consideration|to memory)?\b(?=.*\b(?:future|always|every|whenever|all|later)\b)",
    r"\b(?:for|just for) (?:your|the) (?:records?|files?|notes?|memory)\b",
    r"\bfor (?:future|later|next time'?s?) (?:reference|use|chats|sessions)\b|\bfor the future\b(?=\s*[:,-])",
    r"(?:^|[,;.!]\s*)(?:note|info|fact|memo|something) (?:for|to) (?:later|the future|you|remember|keep)\b",
    r"(?:^|[,;.!]\s*)(?:please )?(?:remember|rule|memo|note|new rule|house rule|standing (?:rule|order|instruction)|permanent (?:note|rule))\s*:",
    r"\b(?:make|set|treat|consider|take) (?:that|this|it|these|those|\w+(?: \w+){0,3}) (?:as |be )?(?:a |an |my |our |the |your )(?:new |personal |general |standing |permanent |house |team )*(?:default|rule|habit|standard|policy|preference)\b",
    r"\b(?:this|that|it|here) (?:is|'s|are) (?:a |my |our |the )?(?:new |general |standing |house |permanent )+(?:rule|default|policy|preference)\b",
    r"\b(?:new|standing|permanent|general|house|ground) (?:house |team |rule |)?(?:rule|instruction|order|policy|preference)s?\b(?: \w+){0,8}?\s*(?::|\s-\s)",
    r"\bcommit (?:\w+ ){1,4}to memory\b",
    r"\b(?:mind|consider|appreciate you|thanks for) (?:storing|saving|keeping|noting|remembering|recording|writing down) (?:my|our|that|this|it|down)\b",
    r"\bupdate (?:what you (?:have|know)|(?:your|my) (?:records?|profile|notes|memory|file))\b",
    r"\b(?:until|unless) i (?:say|tell you|ask|specify|state|mention) (?:otherwise|differently|so|something else|anything else)\b",
    rf"{AT_REQUEST}(?:write|put|jot|note|take|mark|pop|pencil|get) (?:(?:this|that|it|these|those|them|the following) down|down (?:that|for me that)|down,? (?:i|i'm|my|we|our|for)|down\s*:)\b",
    rf"{AT_REQUEST}(?:hang on to|hold on to|hold onto|file away|tuck away|make (?:that|this|it) part of|put (?:that|this|it) (?:on|in|under)|add (?:that|this|it) (?:to|for)) (?:this|that|it|what you know|file|record|(?:your|my) (?:\w+ )?(?:profile|notes|memory|file|records?)|who|any|every|all)\w*\b",
    r"\b(?:if|hope|wish|want|trust) you(?:'d| would| could| can| will)? (?:remembered|noted|saved|kept|memori[sz]ed|take note|made a note|took note)\b",
    rf"{AT_REQUEST}(?:be aware|be advised|be mindful|understand|know|get used to|get it into your head|take (?:it|this|that) (?:as|for) (?:given|granted|read))(?: of)?(?: the fact)?(?: that)?,? (?:i|i'm|i've|my|we|we're|our)\b",
    rf"{AT_REQUEST}take (?:this|that|it|these) (?:as|for) (?:a )?(?:given|granted|read|fact)\b",
    r"\b(?:no need to|(?:you|i|we) (?:don't|do not|won't|never|needn't|shouldn't) (?:have to|need to)|stop|without (?:me|my|us) (?:having to|needing to)) (?:ask|asking|say|tell|repeat|type|mention|explain|guess|check|confirm)(?:ing)?(?: \w+){0,3}? (?:again|each|every|any ?more|over and over|twice)\b",
    r"\b(?:just )?so (?:that )?(?:you have (?:it|that|this)|you're aware|you are aware|it's (?:on file|noted|written down))\b",
    r"\b(?:thing|something|fact|point|detail) (?:to|you should|you need to|you must) (?:keep|remember|know|note|save|retain)\b(?: (?:about me|for later|for the future))?\s*[:,–-]",
    r"\b(?:set|have|here's|here is|add|establish|introduce|create|lay down|give you) (?:a|an|one|another|this|the|you a|us a) (?:\w+ )?(?:ground|house|standing|general|golden|permanent|lasting) (?:rule|instruction|order|request|preference)",
    r"\b(?:i (?:want|need|'d like|would like)|i'd like|should be|needs to be|must be|let it be|has to be|please have|have) (?:\w+ ){0,3}?(?:noted|on (?:file|record)|recorded|saved|stored|registered)\b(?= (?:that|in|on|as|for|down|:)|\s*[:,])|\b(?:let it be|make it|be it) (?:known|noted|remembered)\b",
    r"\b(?:our|my|the team's|the company's|company|team|house|family) (?:\w+ )?(?:rule|policy|convention|style|house style|standard|practice)\b(?: here| for \w+(?: \w+)?| on \w+(?: \w+)?)?(?::|,? (?:which )?is(?: that| to|:)?)(?! (?:that|it|there|this|what|about) )",
    r"\bthat(?:'s| is)(?: now)? (?:(?:the|our|my|its|a) )?(?:(?:new|standard|team|house|company) )*(?:policy|rule|default|standard|procedure|behaviou?r|convention|how (?:we|i) (?:work|do|like|want|roll|write))\b",
    r"\b(?:fyi|jsyk|just so you know|so you know|you should know|you ought to know|you need to know|for what it's worth|as you should know)\b[,:]?\s+(?:that )?(?:i'm|i am|i have|i've|i don't|i can't|i only|i never|i always|my|we|we're|our)\b",
    rf"{AT_REQUEST}(?:keep|store|save|note|log|record|retain) (?:this|that|it|these|those|them)(?: (?:down|somewhere|permanently|forever|too|please|for (?:me|later|next time|future)|as well))*\s*(?:$|[.,;:!])",
    *_foreign("keep"),
)
"""Asks, in so many words, for something to be remembered."""

NOT_KEEP = any_of(
    r"\b(?:no|not any|without any) (?:need|reason|point) (?:to|in|for you to) (?:\w+ )?(?:remember|sav|stor|keep|not|record|memor)",
    r"\b(?:don't|do not|dont|needn't|need not|never|no need|not|shouldn't)(?: (?:have|need|want you|want|bother))?(?: to| you to)? (?:actually |really |even |permanently )?(?:remember|save|store|keep|memori[sz]e|record|write|note|add|put)\b",
    r"\bnothing (?:here )?to (?:remember|save|store|keep|note)\b",
    r"\b(?:do|did|does|don't|didn't) you(?: still| even| actually)? (?:remember|recall|keep|note|save|store|have)\b",
    r"\b(?:can|could) you(?: still| even| actually)? (?:remember|recall|memori[sz]e)(?: (?:what|which|who|where|when|how|if|whether|the|my last|our last|our|things|anything|everything|stuff|something)\b|\?|$)",
    r"\bif you (?:remember|recall|keep)\b|\b(?:as|what|which|where) you(?:'ll| may| might| will)? remember\b",
    r"\b(?:i|we|they|he|she|people|can't|cannot|couldn't|can|trying to|try to|hard to|easy to|help me|helps me|have to|to help) (?:still |always |never |don't |can't |cannot |couldn't |must |should |to |just |vaguely )*(?:remember|memori[sz]e|keep in mind|recall)\b",
    r"\b(?:remind (?:me|us)|set (?:a|an|the) (?:reminder|alarm|timer)|don't let (?:me|us) forget|wake me)\b",
    r"\b(?:reminder|alarm|timer|to-?do|shopping list|grocery list|calendar|playlist|wish ?list)\b",
    *_foreign("not_keep"),
)
"""Looks like `KEEP`, but reminds, recollects or declines."""

LASTING = any_of(
    r"\bfrom (?:now|here|today|this (?:point|day|moment)|tomorrow|now and) (?:on|onward|onwards|forward|forth|out|until)\b|\bfrom here on(?: out| in)?\b|\bas of (?:now|today)\b|\bstarting today\b",
    r"\b(?:going|moving) forwards?\b|\bhenceforth\b|\bin future\b|\bin the future\b|\bin (?:all )?later \w+|\bhereafter\b|\bfor ever(?:more)?\b|\bforever\b",
    r"\b(?:for|in|on|with|to) (?:(?:all|any|every|each|my|our|your)(?: of)?(?: my| our| the| your)? )?(?:future|later|coming|upcoming|subsequent)\b(?! (?:use|reference)\b)(?= \w+s\b)",
    r"\b(?:in|across|for) (?:all|every|each|any)(?: of)?(?: my| our| the| your)? (?:\w+ )?(?:chats?|conversations?|sessions?|repl(?:y|ies)|answers?|responses?|messages?)\b",
    r"\bonce and for all\b|\bfor good\b(?=\s*(?:$|[.,!;)]| and | please))|(?<!nothing )(?<!not )(?<!anything )\bpermanent(?:ly)?\b|\bby default\b|\bmy (?:new )?default\b|\bas (?:a |my )(?:general |standing )?(?:rule|default|standard|matter of course)\b",
    r"\b(?:until|unless) i (?:say|tell|told|ask|state|specify|mention|change)\b",
    r"\b(?:not|isn't|aren't|never) (?:just|only|merely)(?: about| for| on| in)? (?:this|that|today|tonight|now|here|once|the)\b|\btoday and (?:later|always|every)\b|\b(?:this time and|now and) (?:always|every time|in future|later)\b",
    rf"{AT_REQUEST}(?:(?:i|we) )?(?:never|don't ever|don't|do not)\b[^.?!]{{0,60}}\b(?:again|ever)\b|\bnever (?:ever )?again\b|{AT_REQUEST}(?:don't|do not)\b[^.?!]{{0,80}}\b(?:anymore|any more|any longer)\b|\bno more \w+s\b",
    r"\bwithout (?:me|my|us) (?:having|needing) to\b|\bso (?:that )?i (?:don't|won't) (?:have|need) to (?:ask|say|tell|repeat|type|mention|explain)\b",
    r"\b(?:applies|holds?|goes|counts|valid|true) (?:to|for|in) (?:all|every|each|any|everything|everyone|everybody)\b",
    r"[,.;:–-]\s*(?:period|full stop|end of story|end of discussion|no exceptions)\b[.!]*$|(?:^|[,;:]\s*)no \w+[^,.]{0,40}\bever\b|,\s*(?:each and )?every (?:single )?time[.!]*$|\b(?:no|not|never|nothing)\b[^?]*\bever[,\s]*(?:please|ok|okay|thanks)?[.!]*$|n't\b[^?]*\bever[,\s]*(?:please|ok|okay|thanks)?[.!]*$|\bnot (?:now|today|this time),? (?:and )?not ever\b",
    r"\bin (?:the )?(?:\w+ )?(?:years|months|weeks) to come\b|\b(?:across the board|on principle|as of (?:next|this|the|today|tomorrow|\w+day|now)|effective (?:immediately|today|now)|(?:with|for|to) me in general)\b",
    r"\bin all our\b|\b(?:all|every|any) (?:year|day|time|week) (?:round|long)\b|\bany year\b|\bfor as long as i\b|\b(?:as|so) long as (?:we|you) (?:work|talk|chat)\b",
    *_foreign("lasting"),
)
"""Holds beyond this conversation whatever else the sentence says, provided that it directs us or is about the user."""

ON_OCCASION = any_of(
    r"^(?:any|every|each|all|anything|everything|whatever)\b(?=.*\b(?:you|me|us|my|our|i)\b)[^.?!]{0,80}(?<! i)(?<! we) (?:must|should|has to|have to|needs?(?: to)?)\b",
    r"\bwhen(?:ever)? (?:you (?:pick|suggest|recommend|plan|write|draft|answer|explain|talk|speak|compare|choose|propose|cook)|talking|speaking|writing|referring|addressing|planning|suggesting|recommending|picking|dealing|working|answering)\b[^.?!,]{0,40}\b(?:me|us|my|our)\b",
    r"\b(?:if i ever|if ever i)\b(?! (?:meet|win|get|had))",
    r"\bwhenever\b|(?<!the )\bnext times? (?:i|we|you|someone)\b|\bthe next times (?:i|we)\b|^(?:for|in|with|on|to|at|across) (?:all|every|each|any)\b(?! of (?:you|us)\b)|\b(?:every|each|any)\s?time (?:i|we|you|someone|somebody|anyone|a|an|the)\b|\b(?:at all times|no matter what|without exception)\b",
    r"\b(?:every|each|any|all|everything|anything|whatever)\b(?: [\w'-]+){0,8}? (?:you(?: [\w'-]+){1,2} (?:me|us|to me|for me|to us|for us)|(?:of|from|with|by) you)\b",
    r"\b(?:every|each|any|all) \w+(?: \w+)? i (?:ask|paste|send|give|request|show)\b|\bwhen (?:i|we|any\w*|some\w*) (?:just |only )?(?:ask|asks|say|says|paste|request|mention|send)\b|\bif any(?:one|body| \w+) (?:asks|wants|requests)\b",
)
"""Speaks of all occasions. Only together with a direction to us is it a rule: the world is full of descriptions."""

HELP = any_of(
    r"(?:please )?(?:can|could|would|will) you (?:please )?(?:help|fix|check|tell|explain|look|see|find)\b",
    r"\bplease (?:help|fix|check|tell|explain|advise|look)\b",
    r"\b(?:help|fix|check|tell me|explain|look into)\b",
)
"""Asks for help with what was described."""

MEANS = any_of(
    r"\bwhen i (?:just |only )?(?:say|write|type|ask for)\b[^.?!]{1,60}\b(?:i mean|it's|it is|that's|that means|it means|means)\b",
    r"\bby [^.?!,]{1,30} i (?:always )?mean\b",
)
"""Defines a word of theirs."""

PASSING = any_of(
    r"\b(?:just|only|purely) (?:for )?(?:this|today|tonight|now|once|the moment)\b|\b(?:for|in|on|with) this (?:\w+ ){1,2}?only\b|\bthis (?:\w+ )?only\b|\bonly (?:this|for this)\b",
    r"\b(?:for|just) (?:today|tonight|once|the moment|the time being|the rest of (?:this|the|today)|this (?:one|once|time|file|trip|task|chat|answer|message|conversation|session|order|recipe|project|meeting|week|weekend|call|booking))\b|\bjust this once\b",
    r"\bfor now\b|\btemporarily\b|\bthis (?:time|once|one time)\b|\b(?:today|tonight|tomorrow|this (?:morning|afternoon|evening|week|weekend))\b|\bright now\b|\bin (?:a|\d+|ten|five|two|half) (?:min\w*|hours?|sec\w*|days?)\b",
    *_foreign("passing"),
)
NOT_PASSING = any_of(
    r"\bnot (?:now|today|tonight|this time)\b",
    r"\b(?:not|isn't|aren't|n't|never)\b[^.?!,]{0,20}?\b(?:just|only|merely)\b[^.?!,]{0,30}",
    r"\b(?:from|as of|starting) (?:today|tomorrow|right now|this \w+)\b",
    r"\b(?:today|tonight|now|this time) and\b[^.?!]{0,30}\b(?:later|always|every|future|on)",
)

DIRECTIVE = any_of(
    r"(?<!\bi )(?<!\bwe )(?<!they )(?<!you )(?<!who )(?<!that )(?<!which )\b(?:don't|do not) (?!you\b|they\b|we\b)\w+",
    r"\b(?:it's|that's|it is) (?:\w+ )?\w+ for (?:me|us)\b",
    r"\b(?:please|kindly)\b",
    r"\b(?:should|must|shall|ought to)\b(?! (?:i|we)\b)",
    r"\b(?:i|we) (?:always |never |only |really |also |generally |strictly )*(?:want|need|prefer|expect|require|'d like|would like|'d rather|would rather|'d prefer|would prefer|like (?:it|them|my|to be|you))\b|\bi'd (?:like|rather|prefer|love|appreciate)\b",
    r"\bmake sure\b|\bi (?:do not|don't|never) (?:ever )?want\b|\b(?:can|could|would|will) you\b|\byou(?:'ll)? (?:can|may|need|have|should|must|shall|are to|will|don't need|always need)\b|\blet's\b|\bfor me,? always\b|\balways,? for me\b",
    r"^no \w+",
    r"(?:^|[,;:.!–—-]\s+)(?:don't|do not|never|no|not|nothing|nobody|only)\b",
    r"\bi(?:'m| am) asking\b|\b(?:is|are) (?:not |never )?to (?:be|have|use|go)\b",
    r"\bha(?:s|ve) to\b|\bneeds? to\b",
)
"""Tells us what to do, wherever in the sentence that stands; `is_imperative` finds the plain commands."""

_NOT_A_COMMAND = (
    r"(?:i|i'm|i've|i'd|i'll|my|mine|me|we|we're|we've|our|ours|us|you|you're|you've|your|yours|he|she|it|it's|its|they|they're|them|their|his|her|this|that|these|those|that's|there|"
    r"there's|here|a|an|the|some|any|every|each|all|both|most|many|no|who|what|what's|why|how|when|where|which|whose|whenever|wherever|if|unless|because|since|although|though|while|as|"
    r"is|are|am|was|were|be|been|do you|does|did|has|have you|had|can|could|would|should|will|may|might|must|of|in|on|at|for|with|from|to|by|about|after|before|until|over|under|into|"
    r"and|or|but|so|than|then|not|yes|yeah|yep|nope|ok|okay|hi|hello|hey|thanks|thank|sorry|good|great|nice|perfect|lol|well|very|too|really|maybe|probably|usually|normally|often|sometimes|"
    r"somehow|everyone|everybody|everything|someone|people|nobody|one|two|three|\d\S*|\w+'s|\w+ing|\w+ed|\w+ly|flights?|trains?|guests?)\b"
)
_THIRD_PERSON = r"(?:\w*[^s\W]s|was|were|had|got|went|did|been|saw|knew|thought|came|made|said|told|took|found|\w+ed)\b(?<!\baddress)(?<!\bprocess)(?<!\buse)(?<!\bneed)(?<!\bfeed)(?<!\bembed)(?<!\badd)"

COMMAND = re.compile(
    rf"(?:^|[,;:.!–—-]\s+|\b(?:and|so|but|then|or) )(?:{_OPENER},?\s+)*(?:(?:from (?:now|here) on|going forward|moving forward|in (?:the )?future|henceforth),? )?(?:(?:always|never|ever|only|rather|simply) )*(?!{_NOT_A_COMMAND}|{_THIRD_PERSON}|{_OPENER}\b|always|never)[a-z][a-z'-]*\s+(?!(?:is|are|was|were|has|have|had|will|would|can|could|do|does|did|always|never|of)\b)\S",
    re.IGNORECASE,
)
"""A clause that begins with a bare word which is not a subject, a question or an inflected verb."""

RULE_FORM = any_of(
    r",\s*always\s*(?:[,.!]|$)",
    r"^(?:for|in|with) all (?:of )?(?:my|our) [^.?!,]{1,40} (?:is|are|stays?|remains?|goes|go)\b",
    r"\b(?:make sure|ensure|see to it|take care)(?: that)?(?: you| it| to| they)? (?:always|never)\b",
    r"\b(?:stop|quit) (?:suggest|recommend|offer|show|propos|giv|send|us|includ|ask|mention|quot|book|assum|pick|writ)ing\b[^.?!]*\b(?:i|we)(?:'m|'re|'ve| am| are| don't| can't| cannot| have| hate| never)\b",
    rf"(?:^|[,;:.!–—-]\s+|\b(?:and|so|but|then) )(?:{_OPENER},?\s+)*(?:always|never)\s+(?!{_THIRD_PERSON}|a |the same|been|(?:ever )?(?:again|mind)\b)\w+",
    r"\b(?:i|we) (?:always|never|only ever)(?: ever)? (?:want|need|prefer|require|like)\b",
    r"\b(?:should|must|shall|to|please|want you to|can you|could you|would you) (?:please )?(?:always|never) (?!been)\w+",
    r"\b(?:if you|you'd|you would|agree[^.?!]{0,12} you|rule[^.?!]{0,12} you) (?:always|never)\b|\bfor (?:me|us),? (?:always|every time|each time|each and every time)\b", r"\b(?:agents?|assistants?|bots?)(?: \w+)? (?:always|never)(?: ever)? (?!\w+ed\b|get|miss|fail|forget|seem)\w+",
    r",? always(?: please)?$",
)
"""`Always answer in French`, `I never want …`: generality and direction in one."""

_NAME = r"(?!(?:a|an|the|me|you|my|your|it|up|to|back|at|on|in|by|for|when|if|that|this|later|now|today|tomorrow|tonight|again|after|before|as|about|what|whatever|something|anything|asap|once|and|or|so|please|because)\b|\d)\S"
_LANGUAGE = (
    r"(?:(?:american|british|brazilian|simplified|traditional|plain|simple|mexican|swiss|canadian) )?(?:english|french|german|spanish|italian|portuguese|dutch|swedish|norwegian|danish|finnish|polish|russian|ukrainian|czech|"
    r"greek|turkish|arabic|hebrew|hindi|urdu|bengali|tamil|chinese|mandarin|cantonese|japanese|korean|vietnamese|thai|tagalog|filipino|swahili|indonesian|malay|romanian|hungarian|bulgarian|croatian|serbian|latin|welsh|irish|catalan|basque|farsi|persian)\b"
)
ADDRESSED = any_of(
    rf"(?:{AT_REQUEST}|\b(?:to|i want to|start|starting|stop|rather|will|gonna|going to) )(?:(?:don't|do not|never)(?: ever)? )?(?:call|calling|address|addressing|name|rename) (?:me|yourself|you)(?: by(?: the name)?| as| to| with)? {_NAME}",
    rf"\b(?:refer|speak|talk) to (?:me|yourself) as {_NAME}",
    rf"\b(?:i'd|i would|i|i'd rather)(?: \w+)? to be (?:called|known as|addressed as|referred to as)(?: by)? {_NAME}",
    rf"\bcan i call you {_NAME}(?!.*\?)",
    rf"\bi (?:go|am going) by (?!train|car|bus|bike|plane|foot|boat|the (?!name)){_NAME}",
    rf"\bname i go by is {_NAME}",
    rf"\bgoing by (?:he|she|they)/",
    rf"\b(?:change|set|update|make|want) (?:my|your) (?:\w+ )?name (?:setting )?(?:to(?: be)?|changed to|as|be) {_NAME}",
    rf"\b(?:my|your)(?: new)? name (?:will be|is now|is going to be|shall be|should be|needs to be) {_NAME}",
    rf"\byour (?:new )?name is (?:now )?(?!what|who|it){_NAME}",
    rf"\b(?:my name is|my name's|name's) {_NAME}\S*(?: not \w+|,? and (?:please )?(?:use|call|address))",
    r"\bmy pronouns are\b|\buse (?:he|she|they)/(?:him|her|them)\b",
    rf"\b(?:call(?:ing)?) you {_NAME}",
    rf"{COVER}[\s,;.–-]*(?:my name's|my name is|i go by) {_NAME}",
    rf"(?:{AT_REQUEST}|\b(?:to|start|switch) )(?:speak|speaking|talk|talking|chat|reply|respond|answer)(?: to (?:me|you)| with me| me)?(?: only)?(?: in| to)? {_LANGUAGE}(?!\s*(?:to|for|food))",
    rf"\b(?:change|switch|set|adjust|alter|replace|make|update)\b[^.?!]{{0,40}}\blanguage\b[^.?!]{{0,40}}\b{_LANGUAGE}",
    rf"\blanguage (?:set|changed|switched) to {_LANGUAGE}",
    rf"\b(?:talk|speak|respond|answer|reply) to me in {_LANGUAGE}",
    rf"\b(?:responses?|answers?|replies|hear from you|talk(?:ing)? to you|address me) (?:only )?in {_LANGUAGE}",
    *_foreign("name"),
)
"""Says how the user, or the agent, is to be called, or in which language they talk."""

REMINDER = any_of(
    r"\b(?:remind (?:me|us)|set (?:a|an|the|my) (?:\w+ )?(?:reminder|alarm|timer)|wake me)\b(?! of this)",
)
"""To be done at its time, not to be kept."""

NOT_ADDRESSED = any_of(
    r"\bcall me (?:a |an )?(?:cab|taxi|uber|crazy|old|stupid|paranoid|maybe|when|back|at|on|later|an idiot|old-fashioned|a \w+)\b",
    r"\b(?:what|how|which|who|did|does|do)\b[^.?!]{0,30}\b(?:call|address|speak|say|name)\b",
    r"\bif (?:i|you) call",
)

POLITE = any_of(
    r"\b(?:can|could|would|will|may|might|won't|mind) (?:you|i ask|i get|u)\b",
    r"\bwould you mind\b",
    r"\b(?:ok|okay|alright|please|deal|got it|understood|can you|will you)\s*\?",
    r"\bhow about (?:we|you|let)",
    *_foreign("polite"),
)
"""A question that is a request."""

QUESTION = re.compile(
    rf"^(?:{_OPENER},?\s+)*(?:what|what's|why|how|where|who|which|whose|is|isn't|are|aren't|was|were|do (?!it\b|this\b|that\b|so\b|not\b|the same\b|as\b)|does|did|don't you (?!dare|ever)|should|shall|am|has|have (?:you|i|we|they)|can (?!you)|could (?!you)|may i|would (?!you)|will (?!you)|when (?:is|are|do|does|did|was|will|should|can)|do you|any(?:one)? (?:idea|tips|know))\b(?! not? (?:\w+ ))",
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

_SAYS = r"(?:says|said|states|stated|saying|told|tells|telling|claims|claimed|insists|insisted|reads|recommends|recommended|advises|advised|suggests|suggested|swears|warns|warned|wrote|writes|taught|thinks|believes|wants)"
_SAY = r"(?:say|tell|claim|insist|recommend|advise|suggest|warn|think|believe)"
REPORTED = re.compile(
    rf"\b(?:(?!(?:i|we|you|which|that|it|this|so|and|to|also|should|always|never|please)\b)[\w'-]+ (?:(?:always|just|once|still|also|keeps?|used to|usually|often|then|even) )*(?:{_SAYS}|(?<=used to ){_SAY}|(?<=keeps ){_SAY})\b"
    rf"|\b(?:they|people|experts|doctors|folks|everyone|everybody) (?:all |always |often |usually )*{_SAY}s?\b|,\s*{_SAYS}\b|\baccording to\b|\bapparently\b|\bi (?:read|heard|was told|saw)\b|\bi (?:always |often |usually |just )?(?:told|tell|asked|taught) (?:my|our|him|her|them|his|the|a)\b|\b(?:the|a) (?:sign|label|box|packet|manual|note) (?:says|reads))",
    re.IGNORECASE,
)
"""From here on somebody else speaks."""

OWN_AGAIN = re.compile(
    r"(?:[;.–—]\s*|,? \b(?:so|and so|therefore|but|and)\b)[ ,]*(?=(?:please|from now|remember|keep|note|make|always|never|in future|going forward|don't|can you|could you|i want|i need|you should|i'd)\b)",
    re.IGNORECASE,
)
"""After a report, the user speaks for themselves again."""

EMPHASIS = re.compile(
    r"^(?:(?:and|not|or|now|today|later|ever|never|always|period|please|each|every|single|time|times|for|good|permanently|full|stop|no|exceptions|any|day|again|just|only|but|ok)\b[\s,.!]*){1,9}$",
    re.IGNORECASE,
)
"""`Ever.`, `Not today, not ever.`: says nothing by itself, but makes the sentence before it lasting."""
