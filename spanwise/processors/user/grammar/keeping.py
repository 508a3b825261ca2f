"""A request that something be remembered, in so many words."""

from __future__ import annotations

from spanwise.processors.user.grammar.speech import AT_REQUEST, OPENER, any_of, elsewhere

_WHAT_WAS = (
    r"(?:when|how|the (?:time|day|good|last|old)|that (?:time|day|one time|night|movie|song)|who|where|what|which"
    r"|if|whether|last|me to|back)\b"
)

_OWN_DATA = (
    r"(?:number|address|name|nickname|birthday|anniversary|size|sizes|preferences?|diet|allerg(?:y|ies)"
    r"|intolerances?|details|plate|"
    r"e-?mail|timezone|time zone|pronouns|language|settings?|limits?|budget|model|setup|stack|version|code"
    r"|account|id|card|choice)"
)

_STORE = r"(?:memory|profile|notes?|records?|file|files|preferences|long[- ]term memory|database|mind|defaults?)"

KEEP = any_of(
    rf"{AT_REQUEST}(?:keep|make|have) (?:a |an )?(?:permanent |lasting )?record of (?:that|this|it|the fact|my"
    rf"|our)\b",
    rf"{AT_REQUEST}(?:save|store|record|note|keep|register|log) (?:down )?the fact that\b",
    r"(?:^|[,;.!]\s*)(?:(?:add|save|store|put|write) (?:this |that |it )?)?(?:(?:in|to|into) )?(?:your "
    r"|the )?(?:memory|memories)\s*:",
    rf"{AT_REQUEST}(?:always |do |never forget to )?(?:remember|memori[sz]e|internali[sz]e"
    rf"|retain)\b(?!\s+(?:your\b(?! name)|to\b(?! (?:always"
    rf"|never|use|call|address|answer|reply|respond))|{_WHAT_WAS}))",
    rf"{AT_REQUEST}(?:always )?(?:keep|bear|have)\b[^.?!]{{0,60}}?\b(?:in|at) (?:the (?:back|front|forefront"
    rf"|top) of )?(?:your |the )?(?:mind|memory|head)\b",
    rf"{AT_REQUEST}(?:make|take|add|leave|keep|have|put)(?: yourself)? (?:a |an )?(?:\w+ )?note\b(?! to self| (?:in"
    rf"|on) (?:the|this|that) (?!(?:system|profile|memory|file)\b)| for (?:my|the) next)",
    rf"{AT_REQUEST}(?:don't|do not|never)(?: you)?(?: ever)? forget(?:,)? (?:that|i|i'm|i've|my|we|we're|our"
    rf"|about my)\b",
    rf"{AT_REQUEST}(?:please )?note(?: down)?,? (?:down |for the future |for later |for next time "
    rf"|that (?=.*\b(?:i|i'm|i've|my|me|we|our|us|you)\b))+",
    rf"{AT_REQUEST}note(?: down)?,? (?:i|i'm|i've|my|we|our)\b",
    rf"{AT_REQUEST}(?:save|store|record|note|keep|log|register|put|write|jot|add|file|set|mark|hold on to"
    rf"|update)\b[^.?!;]{{0,80}}\b"
    rf"(?:(?:in|into|to|on|under|onto)(?: \w+)? (?:your|my|our|the) (?:\w+ )?{_STORE}\b(?! (?:list|folder|table"
    rf"|class|model|schema|page|component|field|view|tab|section|picture|photo)\b)"
    rf"|on (?:file|record)\b|somewhere\b|permanently\b|for good\b|"
    rf"as (?:a |an |my |our |the |your )(?:\w+ )?(?:default|preference|standard|rule|usual|standing)|for (?:later"
    rf"|next time|the next time|future|the future)\b)",
    rf"{AT_REQUEST}(?:save|store|record|remember|note|keep|write down|jot down|hold on to) (?:down )?(?:my"
    rf"|our) (?:\w+ ){{0,3}}?{_OWN_DATA}\b",
    rf"{AT_REQUEST}(?:factor|take|keep) (?:that|this|it) in(?:to account|to consideration"
    rf"|to memory)?\b(?=.*\b(?:future|always|every|whenever|all|later)\b)",
    r"\b(?:for|just for) (?:your|the) (?:records?|files?|notes?|memory)\b",
    r"\bfor (?:future|later|next time'?s?) (?:reference|use|chats|sessions)\b|\bfor the future\b(?=\s*[:,-])",
    r"(?:^|[,;.!]\s*)(?:note|info|fact|memo|something) (?:for|to) (?:later|the future|you|remember|keep)\b",
    r"(?:^|[,;.!]\s*)(?:please )?(?:remember|rule|memo|note|new rule|house rule|standing (?:rule|order"
    r"|instruction)|permanent (?:note|rule))\s*:",
    r"\b(?:make|set|treat|consider|take) (?:that|this|it|these|those|\w+(?: \w+){0,3}) (?:as |be )?(?:a |an |my "
    r"|our |the |your )(?:new |personal |general |standing |permanent |house |team )*(?:default|rule|habit"
    r"|standard|policy|preference)\b",
    r"\b(?:this|that|it|here)(?: is|'s| are) (?:a |my |our |the )?(?:new |general |standing |house "
    r"|permanent )+(?:rule|default|policy|preference)\b",
    r"\b(?:new|standing|permanent|general|house|ground) (?:house |team |rule |)?(?:rule|instruction|order|policy"
    r"|preference)s?\b(?: \w+){0,8}?\s*(?::|\s-\s)",
    r"\bcommit (?:\w+ ){1,4}to memory\b",
    r"\b(?:mind|consider|appreciate you|thanks for) (?:storing|saving|keeping|noting|remembering|recording"
    r"|writing down) (?:my|our|that|this|it|down)\b",
    r"\bupdate (?:what you (?:have|know)|(?:your|my) (?:records?|profile|notes|memory|file))\b",
    r"\b(?:until|unless) i (?:say|tell you|ask|specify|state|mention) (?:otherwise|differently|so|something else"
    r"|anything else)\b",
    rf"{AT_REQUEST}(?:write|put|jot|note|take|mark|pop|pencil|get) (?:(?:this|that|it|these|those|them"
    rf"|the following) down|down (?:that|for me that)|down,? (?:i|i'm|my|we|our|for)|down\s*:)\b",
    rf"{AT_REQUEST}(?:keep|hold|get|have) (?:hold of )?(?:this|that|it|these|those|them)(?: (?:one|bit))?"
    r"(?: (?:all|down))? (?:stored|saved|noted|remembered|recorded|handy|logged|filed|on (?:file|record))\b"
    rf"|{AT_REQUEST}keep hold of (?:this|that|it|these|my|our)\b",
    r"\b(?:should|must|needs? to|ought to|has to|have to) be (?:\w+ )?(?:on (?:file|record)|in (?:your|my) (?:\w+ )?"
    r"(?:notes?|memory|profile|records?|file))\b",
    rf"{AT_REQUEST}(?:put|mark|set|sign|list|flag) (?:me|us) (?:down )?as\b(?! (?:an? )?(?:attending|present"
    r"|maybe|yes|no|guest|going|coming|absent|late|interested|available|busy|out|spam|read|done|paid)\b)",
    r"(?:^|[,;:.–—-]\s*)(?:please )?(?:save|store|keep|note|remember|record|log|memori[sz]e) (?:this|that|it|these"
    r"|those"
    r"|them),? (?:(?:would|could|will|can) (?:you|u)|please|k|ok|okay|yeah|right)\b",
    rf"(?:^|[,;:.–—-]\s*)(?:{OPENER},? )*(?:just )?(?:so (?:that )?(?:it's|its|it is|that's|this is|we're|we are) "
    r"(?:clear|noted|settled|straight)|so you know|so you're aware)(?: (?:for (?:next time|the next time|later"
    r"|the future"
    r"|future \w+)|from now on|going forward|now)),?",
    r"\b(?:you'll|you will|you may|you might|you'd) (?:want|need|do well|like) to (?:know|remember|note"
    r"|keep in mind)\b",
    rf"{AT_REQUEST}(?:hang on to|hold on to|hold onto|file away|tuck away|make (?:that|this|it) part of"
    rf"|put (?:that|this|it) (?:on|in|under)|add (?:that|this|it) (?:to|for)) (?:this|that|it|what you know|file"
    rf"|record|(?:your|my) (?:\w+ )?(?:profile|notes|memory|file|records?)|who|any|every|all)\w*\b",
    r"\b(?:if|hope|wish|want|trust) you(?:'d| would| could| can| will)? (?:remembered|noted|saved|kept"
    r"|memori[sz]ed|take note|made a note|took note)\b",
    rf"{AT_REQUEST}(?:be aware|be advised|be mindful|understand|know|get used to|get it into your head|take (?:it"
    rf"|this|that) (?:as|for) (?:given|granted|read))(?: of)?(?: the fact)?(?: that)?,? (?:i|i'm|i've|my|we|we're"
    rf"|our)\b",
    rf"{AT_REQUEST}take (?:this|that|it|these) (?:as|for) (?:a )?(?:given|granted|read|fact)\b",
    r"\b(?:no need to|(?:you|i|we) (?:don't|do not|won't|never|needn't|shouldn't) (?:have to|need to)|stop"
    r"|without (?:me|my|us) (?:having to|needing to)) (?:ask|asking|say|tell|repeat|type|mention|explain|guess"
    r"|check|confirm)(?:ing)?(?: \w+){0,3}? (?:again|each|every|any ?more|over and over|twice)\b",
    rf"{AT_REQUEST}(?:store|save|note|keep|remember|record) (?:it|this|that) so (?:that )?(?:i|we|you) (?:don't"
    rf"|won't|needn't|never|do not|can|will)\b",
    r"\b(?:don't|do not|never)(?: ever)? (?:lose sight|lose track|let go) of (?:that|this|it|the fact|my)\b",
    r"\b(?:please |kindly )(?:always )?(?:go by|stick to|stick with|hold to|keep to|stay with) (?:that|this"
    r"|it)\b[.!]*$",
    r"\b(?:just )?so (?:that )?(?:you have (?:it|that|this)|you're aware|you are aware|it's (?:on file|noted"
    r"|written down))\b",
    r"\b(?:thing|something|fact|point|detail) (?:to|you should|you need to|you must) (?:keep|remember|know|note"
    r"|save|retain)\b(?: (?:about me|for later|for the future))?\s*[:,–-]",
    r"\b(?:set|have|here's|here is|add|establish|introduce|create|lay down|give you) (?:a|an|one|another|this|the"
    r"|you a|us a) (?:\w+ )?(?:ground|house|standing|general|golden|permanent|lasting) (?:rule|instruction|order"
    r"|request|preference)",
    r"\b(?:i (?:want|need|'d like|would like)|i'd like|should be|needs to be|must be|let it be|has to be"
    r"|please have|have) (?:\w+ ){0,3}?(?:noted|on (?:file|record)|recorded|saved|stored|registered)\b(?= (?:that"
    r"|in|on|as|for|down|:)|\s*[:,])|\b(?:let it be|make it|be it) (?:known|noted|remembered)\b",
    r"\b(?:our|my|the team's|the company's|company|team|house|family|firm|office|department|practice|clinic|studio"
    r"|shop"
    r"|school|household|lab|group|club|agency|store) (?:\w+ )?(?:rule|policy|convention|style"
    r"|house style|standard|practice)\b(?: here| for \w+(?: \w+)?| on \w+(?: \w+)?)?(?::|,? (?:which )?is(?: that"
    r"| to|:)?)(?! (?:that|it|there|this|what|about) )",
    r"\bthat(?:'s| is)(?: now)? (?:(?:the|our|my|its|a) )?(?:(?:new|standard|team|house|company) )*(?:policy|rule"
    r"|default|standard|procedure|behaviou?r|convention|how (?:we|i) (?:work|do|like|want|roll|write))\b",
    r"\b(?:fyi|jsyk|just so you know|so you know|you should know|you ought to know|you need to know"
    r"|for what it's worth|as you should know)\b[,:]?\s+(?:that )?(?:i'm|i am|i have|i've|i don't|i can't|i only"
    r"|i never|i always|my|we|we're|our)\b",
    rf"{AT_REQUEST}(?:keep|store|save|note|log|record|retain) (?:this|that|it|these|those|them)(?: (?:down"
    rf"|somewhere|permanently|forever|too|please|for (?:me|later|next time|future)|as well))*\s*(?:$|[.,;:!])",
    *elsewhere("keep"),
)
"""Asks, in so many words, for something to be remembered."""

KEEP_THAT = any_of(
    r"^\W*(?:(?:please|pls|and|also|oh|so|hey|hi|ok|bitte|por favor|per favore)\W+)*"
    r"(?:(?:remember|(?:keep|bear) in mind|don'?t forget|recuerda|lembre-se|ricorda),? (?:that|que|che)"
    r"|(?:merk dir|denk daran|souviens-toi|onthoud),? (?:dass|que|dat))\b",
)
"""A sentence that is this request and nothing else: `Remember that …`."""
NOT_KEEP = any_of(
    r"\b(?:no|not any|without any) (?:need|reason|point) (?:to|in|for you to) (?:\w+ )?(?:remember|sav|stor|keep"
    r"|not|record|memor)",
    r"\b(?:don't|do not|dont|needn't|need not|never|no need|not|shouldn't)(?: (?:have|need|want you|want"
    r"|bother))?(?: to| you to)? (?:actually |really |even |permanently )?(?:remember|save|store|keep|memori[sz]e"
    r"|record|write|note|add|put)\b",
    r"\b(?:to|in|on|into) my (?:\w+ )?(?:notes?|list|calendar|diary|journal|notebook|drafts?|planner)\b"
    r"|\bas an? (?:list|table|recipe|letter|e?mail|poem"
    r"|summary|bullet|draft)\b|\bfor later (?!on\b|use\b|please\b|reference\b|chats?\b|sessions?\b|conversations?\b"
    r"|and\b|that\b|i\b|my\b|we\b)\w+",
    r"\bknow (?:that )?(?:i'm|i am|we're|we are) (?:\w+ )?(?:upset|angry|happy|grateful|sorry|disappointed|annoyed"
    r"|frustrated|thankful|worried|sad|glad|waiting)\b",
    r"\bnothing (?:here )?to (?:remember|save|store|keep|note)\b",
    r"\b(?:do|did|does|don't|didn't) you(?: still| even| actually)? (?:remember|recall|keep|note|save|store|have)\b",
    r"\b(?:can|could) you(?: still| even| actually)? (?:remember|recall|memori[sz]e)(?: (?:what|which|who|where"
    r"|when|how|if|whether|the|my last|our last|our|things|anything|everything|stuff|something)\b|\?|$)",
    r"\bif you (?:remember|recall|keep)\b|\b(?:as|what|which|where) you(?:'ll| may| might| will)? remember\b",
    r"\b(?:i|we|they|he|she|people|can't|cannot|couldn't|can|trying to|try to|hard to|easy to|help me|helps me"
    r"|have to|to help) (?:still |always |never |don't |can't |cannot |couldn't |must |should |to |just "
    r"|vaguely )*(?:remember|memori[sz]e|keep in mind|recall)\b",
    r"\b(?:remind (?:me|us)|set (?:a|an|the) (?:reminder|alarm|timer)|don't let (?:me|us) forget|wake me)\b",
    r"\b(?:reminder|alarm(?! code| system| company)|timer|to-?do|shopping list|grocery list|calendar|playlist"
    r"|wish ?list)\b(?! (?:should|must|always|are|is)\b)",
    *elsewhere("not_keep"),
)
"""Looks like `KEEP`, but reminds, recollects or declines."""

REMINDER = any_of(
    r"\b(?:remind (?:me|us)|set (?:a|an|the|my) (?:\w+ )?(?:reminder|alarm|timer)|wake me)\b(?! of this)",
)
"""To be done at its time, not to be kept."""
