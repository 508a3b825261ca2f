"""For how long, and on which occasions, something is to hold."""

from __future__ import annotations

import re

from spanwise.processors.user.grammar.directing import NOT_A_COMMAND, THIRD_PERSON
from spanwise.processors.user.grammar.speech import AT_REQUEST, OPENER, OPENER_BUT_AND, any_of, elsewhere

_OUTPUT = (
    r"(?:offer|show|suggest|recommend|send|give|tell|propose|mention|ask|use|put|book|include|add|call|write|quote"
    r"|bring"
    r"|start|end|begin|answer|reply|respond|explain|assume|treat|translate|round|format|apologi[sz]e|greet|repeat"
    r"|summari[sz]e"
    r"|list|order|pick|plan|schedule|sign|address)\b"
)
"""What an assistant does for its users: `don't … anymore` about anything else ends an activity, not a habit of ours."""

LASTING = any_of(
    r"(?<!cancel )(?<!delete )(?<!remove )(?<!show )(?<!list )(?<!me )(?<!see )(?<!clear )\b(?:all|any"
    r"|every|each|my|our|your) future "
    r"\w+",
    r"^(?:in general|generally|generally speaking|as a rule|overall|by default|normally),? (?!(?:i|it|they"
    r"|he|she|you|is|are)\b)",
    r"\bfrom (?:now|here|today|this (?:point|day|moment)|tomorrow|now and) (?:on|onward|onwards|forward|forth|out"
    r"|until)\b|\bfrom here on(?: out| in)?\b|\bas of (?:now|today)\b|\bstarting today\b",
    r"\b(?:(?:as from|starting(?: from| with)?|beginning|as of|effective) (?:today|tomorrow|now|this (?:day|point"
    r"|moment|minute|week|month)|next (?:week|month|time))|from (?:today|tomorrow|next time))\b(?!'|,? (?:to|until"
    r"|till"
    r"|at|through|thru|and) )",
    r"\b(?:get|got|getting|fall|slip) into (?:the|a) habit of\b|\b(?:make|making) (?:it |this "
    r"|that )?a (?:\w+ )?(?:habit"
    r"|point|practice|rule|principle)(?: of| to|:|,|$)|\b(?:habitually|routinely|consistently|invariably"
    r"|without fail)\b"
    r"|\bas standard\b|\b(?:until|till|til) (?:further notice|i (?:say|tell|change))\b",
    r"\b(?:in|for|with|across|throughout) (?:all|any|every|each|everything|anything"
    r"|whatever)\b[^.?!,]{0,25}?\b(?:you|u) "
    r"(?:\w+ ){0,2}?(?:write|draft|make|give|send|plan|suggest|recommend|explain|produce|create|show|cook|book|pick"
    r"|tell"
    r"|answer|do|build|generate|say|propose|prepare|compose|design|choose|find|offer|present|teach|translate|code)\b",
    r"\b(?:going|moving|looking) forwards?\b|\bgoing ahead\b|\bhenceforth\b|\bin future\b|\bin the future\b"
    r"|\bin (?:all )?later \w+"
    r"|\bhereafter\b|\bfor ever(?:more)?\b|\bforever\b",
    r"\b(?:for|in|on|with|to) (?:(?:all|any|every|each|my|our|your)(?: of)?(?: my| our| the| your)? )?(?:future"
    r"|later|coming|upcoming|subsequent)\b(?! (?:use|reference)\b)(?= \w+s\b)",
    r"\b(?:in|across|for) (?:all|every|each|any)(?: of)?(?: my| our| the| your)? (?:\w+ )?(?:chats?"
    r"|conversations?|sessions?|repl(?:y|ies)|answers?|responses?|messages?)\b",
    r"\bonce and for all\b|\bfor good\b(?=\s*(?:$|[.,!;)]| and | please))"
    r"|(?<!nothing )(?<!not )(?<!anything )\bpermanent(?:ly)?\b"
    r"|(?<!uses )(?<!is )(?<!cache )\bby default\b(?<!so that)|\bmy (?:new )?default\b|\bas (?:a "
    r"|my )(?:general |standing )?(?:rule|default|standard|matter of course)\b",
    r"\b(?:until|unless) (?:i|we) (?:say|tell|told|ask|state|specify|mention|change|name|request|note|write|pick"
    r"|choose|give|explicitly|instruct)\b",
    r"\b(?:whatever|no matter) the (?!cost|price|time|hell|heck)\w+\b|\b(?:regardless|irrespective) of (?:the|what"
    r"|which|whether)\b",
    r"^(?:please |pls )?no [\w' -]{2,40} (?:w/?|with) (?:me|us)\b|\bonly (?:for|with) (?:me|us)\b(?=[ ,]*(?:ok|okay"
    r"|please|pls|thanks|thx|k|$|[.!?]))",
    r"\b(?:not here,? (?:n?or|and not) (?:any|else)where|here (?:and|or) (?:any|every)where else|nor anywhere else"
    r"|anywhere and everywhere)\b",
    r"\b(?:i'd|i would) (?:rather|prefer(?: it if)?|appreciate it if) (?:you|u) (?:didn't|don't|wouldn't"
    r"|did not)\b[^.?!]{0,60}\b(?:again|ever|any ?more)\b",
    r"\b(?:always has been|always have|always (?:will be|will)|has always been)\b(?=.*\b(?:please|me|us)\b)"
    r"|\bonly ever (?!\w+ed\b)\w+",
    r"\b(?:can|could|shall|let's|lets|may) (?:we )?(?:just )?(?:agree|settle|decide)(?: (?:that|you))\b"
    r"|\bconsider it (?:settled|agreed|decided|a given)\b",
    r"\b(?:standing|permanent|general) (?:request|rule|order|wish|instruction)\b[.!]*$",
    r"\b(?:is|are) always \w+[^.?!]{0,40}\bwhen(?:ever)? i (?:ask|say|write|request|talk|mention)\b",
    r"\b(?:not|isn't|aren't|never) (?:just|only|merely)(?: about| for| on| in)? (?:this|that|today|tonight|now"
    r"|here|once|the)\b|\btoday and (?:later|always|every)\b|\b(?:this time and|now and) (?:always|every time"
    r"|in future|later)\b",
    rf"{AT_REQUEST}(?:(?:i|we) )?(?:never|don't ever|don't|do not)\b[^.?!]{{0,60}}\b(?:again|ever)\b"
    rf"|\bnever (?:ever )?again\b|{AT_REQUEST}(?:don't|do not) (?:{_OUTPUT}|\w+ (?:me"
    rf"|us)\b)[^.?!]{{0,80}}\b(?:anymore|any more|any longer)\b"
    rf"|\bno more \w+s\b",
    r"\bwithout (?:me|my|us) (?:having|needing) to\b|\bso (?:that )?i (?:don't|won't) (?:have|need) to (?:ask|say"
    r"|tell|repeat|type|mention|explain)\b",
    r"\b(?:applies|holds?|goes|counts|valid|true) (?:to|for|in) (?:all|every|each|any|everything|everyone"
    r"|everybody)\b",
    r"[,.;:–-]\s*(?:period|full stop|end of story|end of discussion|no exceptions)\b[.!]*$|(?:^"
    r"|[,;:]\s*)no \w+[^,.]{0,40}\bever\b|,\s*(?:each and )?every (?:single )?time[.!]*$|\b(?:no|not|never"
    r"|nothing)\b[^?]*\bever[,\s]*(?:please|ok|okay|thanks)?[.!]*$|n't\b[^?]*\bever[,\s]*(?:please|ok|okay"
    r"|thanks)?[.!]*$|\bnot (?:now|today|this time),? (?:and )?not ever\b",
    r"\bin (?:the )?(?:\w+ )?(?:years|months|weeks) to come\b|\b(?:across the board|on principle|as of (?:next"
    r"|this|the|today|tomorrow|\w+day|now)|effective (?:immediately|today|now)|(?:with|for|to) me in general)\b",
    r"\bin all our\b|\b(?:all|every|any) (?:year|day|time|week) (?:round|long)\b|\bany year\b"
    r"|\bfor as long as i\b|\b(?:as|so) long as (?:we|you) (?:work|talk|chat)\b",
    *elsewhere("lasting"),
)
"""Holds beyond this conversation whatever else the sentence says, provided that it directs us or is about the user."""

STRONG = any_of(
    r"\bfrom (?:now|here|this (?:point|day|moment)) (?:on|onward|onwards|forward|forth|out)\b|\bfrom here on (?:out"
    r"|in)\b|\bhenceforth\b"
    r"|\bgoing forwards?\b|\bmoving forwards?\b",
    r"(?<!days )(?<!weeks )(?<!hours )(?<!years )(?<!minutes )(?<!months )(?<!mins )(?<!week )(?<!day )(?<!hour )"
    r"(?<!month )(?<!year )\bfrom now(?=,? (?:please|you"
    r"|assume|use|write|always|never|don't|only|call|give|treat|i want|i'd)\b)",
    *elsewhere("lasting"),
)
"""Lasting without any other sign that it directs us: nobody describes the world in these words, and in the other
languages the frames themselves are requests."""

ON_OCCASION = any_of(
    r"\b(?:everything|anything|whatever|all(?: that)?|(?:any|every|each) \w+)(?: that| which)? (?:you|u) (?:ever "
    r"|might |may )?(?:write|draft|make|give"
    r"|send|plan|suggest|recommend|explain|produce|create|show|cook|book|pick|tell|answer|do|build|generate|say"
    r"|propose|prepare"
    r"|compose|design|choose|find|offer|present|teach|translate|code|mock|estimate|calculate|quote)\b",
    r"\b(?:every|each|any|all) \w+ (?:who|that|which) (?:\w+ ){0,2}?(?:asks?|contacts?|calls?|writes?|comes?"
    r"|visits?|uses?|wants?|mentions?|reports?|needs?"
    r"|talks?|enquires?|inquires?)\b",
    r"\b(?:stick to|stay with|go with|follow|keep to|hold to) (?:that|this|it|the same)\b.{0,30}\b(?:for (?:any"
    r"|every)(?:body|one)|throughout"
    r"|everywhere|in all|for all|for any|with everyone|across)\b",
    r"^(?:all|every|any|each) \w+[^.?!,]{0,40}\b(?:with|for|to) (?:me|us)\b|(?:^|[,!.]\s*)(?:every"
    r"|each) \w+,? (?:please|pls|plz)[.!]*$",
    r"^(?:any|every|each|all|anything|everything|whatever)\b(?=.*\b(?:you|me|us|my|our"
    r"|i)\b)[^.?!]{0,80}(?<! i)(?<! we) (?:must|should|has to|have to|needs?(?: to)?)\b",
    r"^(?:\w+ and )?(?:for|with|on|in) \w+s (?:to|from|with|by|about|of|over|under|like|at"
    r"|in) [\w' ]{2,30}?,? (?:you|please"
    r"|don't|skip|use|leave|give|always|only|no)\b",
    r"\bwhen(?:ever)? (?:you|u) (?:ever )?(?:build|make|give|write|draft|help|create|send|book|plan|suggest|show"
    r"|tell|answer|do|prepare|teach|speak|talk|recommend)\b"
    r"(?![^.?!,]{0,40}\b(?:the|this|that|it|him|her)\b)[^.?!,]{0,30}\b(?:me|us|my|our|any)\b",
    r"\b(?:for|to|with|from) (?:every(?: single)? one|each(?: one)?|any(?: one)?|all) of us\b",
    r"\b(?:use|apply|put|write|do|keep|show|add|include) (?:that|this|it) (?:in|on|for|with|to|across) (?:any"
    r"|every)(?:thing|where|one|body)\b",
    r"\bwhen(?:ever)? (?:you (?:pick|suggest|recommend|plan|write|draft|answer|explain|talk|speak|compare|choose"
    r"|propose|cook)|talking|speaking|writing|referring|addressing|planning|suggesting|recommending|picking"
    r"|dealing|working|answering)\b[^.?!,]{0,40}\b(?:me|us|my|our)\b",
    r"\b(?:if i ever|if ever i)\b(?! (?:meet|win|get|had))",
    r"\bwhenever\b|(?<!the )\bnext times? (?:i|we|you|someone)\b|\bthe next times (?:i|we)\b|^(?:for|in|with|on"
    r"|to|at|across) (?:all|every|each|any)\b(?! of (?:you|us)\b)|\b(?:every|each|any)\s?time (?:i|we|you|someone"
    r"|somebody|anyone|a|an|the)\b|\b(?:at all times|no matter what|without exception)\b",
    r"\b(?:every|each|any|all|everything|anything|whatever)\b(?: [\w'-]+){0,8}? (?:you(?: [\w'-]+){1,2} (?:me|us"
    r"|to me|for me|to us|for us)|(?:of|from|with|by) you)\b",
    r"\b(?:every|each|any|all) \w+(?: \w+)? i (?:ask|paste|send|give|request|show)\b|\bwhen (?:i|we|any\w*"
    r"|some\w*) (?:just |only )?(?:ask|asks|say|says|paste|request|mention|send)\b|\bif any(?:one|body"
    r"| \w+) (?:asks|wants|requests)\b",
)
"""Speaks of all occasions. Only together with a direction to us is it a rule: the world is full of descriptions."""

MEANS = any_of(
    r"\bwhen i (?:just |only )?(?:say|write|type|ask for)\b[^.?!]{1,60}\b(?:i mean|it's|it is|that's|that means"
    r"|it means|means)\b",
    r"\bby [^.?!,]{1,30} i (?:always )?mean\b",
)
"""Defines a word of theirs."""

PASSING = any_of(
    r"\b(?:just|only|purely) (?:for )?(?:this|today|tonight|now|once|the moment)\b|\b(?:for|in|on"
    r"|with) this (?:\w+ ){1,2}?only\b|\bthis (?:\w+ )?only\b|\bonly (?:this|for this)\b",
    r"\b(?:during|in|throughout|within|over) (?:this|the current|the present|today's) (?:\w+ )?(?:session|chat"
    r"|conversation"
    r"|call|game|exercise|thread|round|match|scene)\b",
    r"\b(?:for|just) (?:today|tonight|once|the moment|the time being|the rest of (?:this|the|today)|this (?:one"
    r"|once|time|file|trip|task|chat|answer|message|conversation|session|order|recipe|project|meeting|week"
    r"|weekend|call|booking))\b|\bjust this once\b",
    r"\bin this (?:run|task|trip|pass|batch|sprint|ticket|thread|document|file|e?mail|chat|turn|round|commit|branch"
    r"|pr)\b|\buntil (?:we|i|you|it|this"
    r"|the|next|tomorrow|\w+day)(?:'re|'m)? (?!say|tell|told|change|ask|specify|mention)\w+\b|\bsoon\b|\bfor now\b"
    r"|\btemporarily\b|\bthis (?:time|once|one time)\b|\b(?:today|tonight|tomorrow"
    r"|this (?:morning"
    r"|afternoon|evening|week|weekend))\b|\bright now\b|\bin (?:a|\d+|ten|five|two|half) (?:min\w*|hours?|sec\w*"
    r"|days?)\b",
    *elsewhere("passing"),
)

NOT_PASSING = any_of(
    r"\bnot (?:now|today|tonight|this time)\b",
    r"\b(?:not|isn't|aren't|n't|never)\b[^.?!,]{0,20}?\b(?:just|only|merely)\b[^.?!,]{0,30}",
    r"\b(?:from|as of|starting) (?:today|tomorrow|right now|this \w+)\b",
    r"\b(?:today|tonight|now|this time) and\b[^.?!]{0,30}\b(?:later|always|every|future|on)",
)

RULE_FORM = any_of(
    r",\s*always\s*(?:[,.!]|$)",
    r"^(?:for|in|with) all (?:of )?(?:my|our) [^.?!,]{1,40} (?:is|are|stays?|remains?|goes|go)\b",
    r"\b(?:make sure|ensure|see to it|take care)(?: that)?(?: you| it| to| they)? (?:always|never)\b",
    r"\b(?:stop|quit) (?:suggest|recommend|offer|show|propos|giv|send|us|includ|ask|mention|quot|book|assum|pick"
    r"|writ)ing\b[^.?!]*\b(?:i|we)(?:'m|'re|'ve| am| are| don't| can't| cannot| have| hate| never)\b",
    rf"(?:^|[,;:.!–—-]\s+|\b(?:and|so|but|then) )(?:{OPENER},?\s+)*(?!{NOT_A_COMMAND}"
    rf"|{THIRD_PERSON})[a-z]+ [^,;:.?!]{{1,60}}"
    r" (?:every|each|every single) time(?:,? please)?[.!]*$",
    rf"(?:^|[,;:.!–—-]\s+|\b(?:so|but|then) )(?:{OPENER_BUT_AND},?\s+)*(?:always|never)\s+(?!{THIRD_PERSON}|a |nice"
    rf"|good|great|happy|glad|fun|lovely|a "
    rf"|the same|been|(?:ever )?(?:again|mind)\b)\w+",
    r"(?<!\bwe )(?<!\bi )\band (?:please )?(?:always|never) (?!\w+ed\b|\w+s\b|been|a |\w+ (?:it|them)\b(?! (?:to"
    r"|for|with) (?:me|us)\b))\w+",
    r"\b(?:i|we) (?:always|never|only ever)(?: ever)? (?:want|need|prefer|require|like)\b",
    r"\b(?:you|we|all \w+|every \w+|each \w+|any \w+|everything|it|my \w+|our \w+|\w+s) (?:should|must|shall|are to) "
    r"(?:please )?(?:always|never) (?!been|be\b)\w+",
    r"\b(?:please|you to|can you|could you|would you|will you) (?:please )?(?:always|never) (?!been|be\b)\w+",
    r"^(?:please )?only ever \w+",
    r"\b(?:if you|you'd|you would|agree[^.?!]{0,12} you|rule[^.?!]{0,12} you) (?:always|never)\b|\bfor (?:me"
    r"|us),? (?:always|every time|each time|each and every time)\b",
    r"\b(?:agents?|assistants?|bots?)(?: \w+)? (?:always|never)(?: ever)? (?!\w+ed\b|get|miss|fail|forget|seem)\w+",
    r",? (?<!as )(?<!like )always(?: please)?$",
)
"""`Always answer in French`, `I never want …`: generality and direction in one."""

EMPHASIS = re.compile(
    r"^(?:(?:standing|request|rule|order|that's|a|and|not|or|now|today|later|ever|never|always|period|please|each"
    r"|every|single|time|times|for|good"
    r"|permanently|full|stop|no|exceptions|any|day|again|just|only|but|ok)\b[\s,.!]*){1,9}$",
    re.IGNORECASE,
)
"""`Ever.`, `Not today, not ever.`: says nothing by itself, but makes the sentence before it lasting."""
