"""How somebody is to be called, and in which language to talk."""

from __future__ import annotations

from spanwise.processors.user.grammar.speech import AT_REQUEST, any_of, elsewhere
from spanwise.processors.user.pasted import COVER

_NAME = (
    r"(?!(?:a|an|the|me|you|my|your|it|up|to|back|at|on|in|by|for|when|if|that|this|later|now|today|tomorrow"
    r"|tonight|again|after|before|as|about|what|whatever|something|anything|asap|once|and|or|so|please|because)\b"
    r"|\d)\S"
)

_LANGUAGE = (
    r"(?:(?:american|british|brazilian|simplified|traditional|plain|simple|mexican|swiss|canadian) )?(?:english"
    r"|french|german|spanish|italian|portuguese|dutch|swedish|norwegian|danish|finnish|polish|russian|ukrainian"
    r"|czech|"
    r"greek|turkish|arabic|hebrew|hindi|urdu|bengali|tamil|chinese|mandarin|cantonese|japanese|korean|vietnamese"
    r"|thai|tagalog|filipino|swahili|indonesian|malay|romanian|hungarian|bulgarian|croatian|serbian|latin|welsh"
    r"|irish|catalan|basque|farsi|persian)\b"
)

ADDRESSED = any_of(
    rf"\bmy (?:preferred|chosen|nick)[ -]?name is {_NAME}",
    rf"(?:{AT_REQUEST}|\b(?:to|i want to|start|starting|stop|rather|will|gonna|going to) )(?:(?:don't|do not"
    rf"|never)(?: ever)? )?(?:call|calling|address|addressing|name|rename) (?:me|yourself|you)(?: by(?: the name)?"
    rf"| as| to| with)? {_NAME}",
    rf"\b(?:refer|speak|talk) to (?:me|yourself) as {_NAME}",
    rf"\b(?:i'd|i would|i|i'd rather)(?: \w+)? to be (?:called|known as|addressed as|referred to as)(?: by)? {_NAME}",
    rf"\bcan i call you {_NAME}(?!.*\?)",
    rf"\bi (?:go|am going) by (?!train|car|bus|bike|plane|foot|boat|the (?!name)){_NAME}",
    rf"\bname i go by is {_NAME}",
    r"\bgoing by (?:he|she|they)/",
    rf"\b(?:change|set|update|make|want) (?:my|your) (?:\w+ )?name (?:setting )?(?:to(?: be)?|changed to|as"
    rf"|be) {_NAME}",
    rf"\b(?:my|your)(?: new)? name (?:will be|is now|is going to be|shall be|should be|needs to be) {_NAME}",
    rf"\byour (?:new )?name is (?:now )?(?!what|who|it){_NAME}",
    rf"\b(?:my name is|my name's|name's) {_NAME}\S*(?: not \w+|,? and (?:please )?(?:use|call|address))",
    rf"\bi (?:hereby |now |will )*(?:rename|name|dub|christen) you {_NAME}|\bhave your name changed to {_NAME}",
    rf"\b(?:changing|switching|changed|switched|change|switch|moving)(?: my \w+)?(?: over)? to {_LANGUAGE}(?! (?:to"
    rf"|for|food)\b)",
    rf"\bi(?:'ll| will| am going to|'m going to)(?: now| only)* (?:be )?(?:speak|speaking|write|writing|us|using"
    rf"|talk|talking)(?: in)?"
    rf"(?: only)? {_LANGUAGE}|\b(?:language|speak|talk)\b[^.?!]{{0,30}}\b(?:will|shall"
    rf"|should)(?: now)? be(?: in)? {_LANGUAGE}"
    rf"|\buse you (?:using|in) {_LANGUAGE}",
    r"\bmy pronouns are\b|\buse (?:he|she|they)/(?:him|her|them)\b",
    rf"\b(?:call(?:ing)?) you {_NAME}",
    rf"{COVER}[\s,;.–-]*(?:my name's|my name is|i go by) {_NAME}",
    rf"(?:{AT_REQUEST}|\b(?:to|start|switch) )(?:speak|speaking|talk|talking|chat|reply|respond"
    rf"|answer)(?: to (?:me|you)| with me| me)?(?: only)?(?: in| to)? {_LANGUAGE}(?!\s*(?:to|for|food))",
    rf"\b(?:change|switch|set|adjust|alter|replace|make"
    rf"|update)\b[^.?!]{{0,40}}\blanguage\b[^.?!]{{0,40}}\b{_LANGUAGE}",
    rf"\blanguage (?:set|changed|switched) to {_LANGUAGE}",
    rf"\b(?:talk|speak|respond|answer|reply) to me in {_LANGUAGE}",
    rf"\b(?:responses?|answers?|replies|hear from you|talk(?:ing)? to you|address me) (?:only )?in {_LANGUAGE}",
    *elsewhere("name"),
)
"""Says how the user, or the agent, is to be called, or in which language they talk."""

NOT_ADDRESSED = any_of(
    r"\bcall me (?:a |an )?(?:cab|taxi|uber|crazy|old|stupid|paranoid|maybe|when|back|at|on|later|an idiot"
    r"|old-fashioned|a \w+)\b",
    r"\b(?:what|how|which|who|did|does|do)\b[^.?!]{0,30}\b(?:call|address|speak|say|name)\b",
    r"\bif (?:i|you) call",
)
