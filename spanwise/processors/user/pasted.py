"""What of a turn is somebody else's text: quotations, code, mails, documents and fiction that a user pastes or orders.

A user who shows us a text does not ask for what the text asks for. Everything here works with string searches and
patterns without nested repetition, so that its cost grows with the length of what is read and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

COVER = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for one character of somebody else's text."""

_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "'": "'", "「": "」", "『": "』"}
_LONGEST_QUOTE = 6_000

_FENCE = re.compile(r"^[ \t]*(```|~~~)", re.MULTILINE)
_FOREIGN_LINE = re.compile(
    r"(?!\A\[[\w -]{2,30}\] \w)"  # `[admin] new rule for all: …`
    r"^[ \t]*(?:>|//|/\*|\$ |<[\w!/?]|[{}\[\]]|\|"  # quoted mail, comments, shell, markup, JSON, tables
    r"|\[?\d{1,2}:\d{2}\]?[^\w\n]{1,3}\w+ ?:"  # [10:32] Ann: …
    r"|.*\b(?:TODO|FIXME)\b[:(]).*$",
    re.MULTILINE,
)
_MAIL_HEADER = re.compile(
    r"^(?:From|To|Cc|Subject|Date|Sent|Von|An|Betreff|De|À|Objet|Asunto|Para):[ \t]*\S", re.MULTILINE
)
_TAG = re.compile(r"<([A-Za-z][\w-]{0,40})\b[^<>\n]{0,200}>")
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
"""Of a document in Markdown; also of the section in which agents are given what we remember."""
_SALUTATION = re.compile(
    r"^(?:dear|hi|hello|sehr geehrte|liebe|ch(?:er|ère)s?|estimad[oa]s?|gentile|beste"
    r"|prezad[oa])\b[^\n]{0,60},[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_HERE_IT_IS = re.compile(
    r"\b(?:summari[sz]e|translate|proof-?read|rewrite|rephrase|paraphrase|shorten|review|explain|analy[sz]e"
    r"|classify|edit|"
    r"correct|polish|e-?mail|mail|letter|message|text|ticket|issue|page|article|post|review|doc(?:ument)?|readme"
    r"|policy|"
    r"notes|transcript|log|output|error|prompt|template|snippet|paragraph|contract|says|wrote|sent|got this|"
    r"übersetz\w*|zusammenfass\w*|fasse|tradui\w+|résum\w+|traduc\w+|resum\w+|tradurre|traduci|vertaal)\b"
    r"[^\n]{0,80}:[ \t]*(?:\n|$)",
    re.IGNORECASE,
)
_ADDRESSED_TO_MACHINES = re.compile(
    r"(?:^[ \t]*(?:SYSTEM|AI|ASSISTANT)|\b(?:to|for|dear|hey|attention|all|any) (?:all |any |the (?:\w+ )?)?"
    r"(?:AI|LLM|chatbot|computer|assistant|bot|language model)s?"
    r"(?: (?:assistants?|agents?|models?|reading this|and \w+))?|\b(?:assistants|chatbots|AIs"
    r"|LLMs)(?: and \w+)?)"
    r"[ \t]*[:,][^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_ABOUT_MACHINES = re.compile(
    r"\b(?:software|systems?|assistants?|agents?|chatbots?|bots?|AIs?|LLMs?|models?|machines?)(?: (?:that|which|who))?"
    r" (?:reads?|reading|parses?|parsing|process(?:es|ing)|summari[sz](?:es|ing)|index(?:es|ing)|screen(?:s|ing))\b"
    r"[^\n]*|\b\w+ing systems? (?:shall|must|should)\b[^\n]*",
    re.IGNORECASE,
)
"""`Software that reads this sheet shall …`: whoever speaks to us says `you`."""
_FRAMED = re.compile(r"^This is the expected criteria for your final answer:.*", re.MULTILINE | re.DOTALL)
"""What CrewAI writes below a task."""
_FICTION = re.compile(
    r"(?<!whenever you )(?<!every time you )(?<!when you )(?<!if you )"
    r"\b(?:(?:write|draft|compose|create|invent|make up|continue|translate|generate|help me (?:write|with)|"
    r"give me|schreib\w*|verfass\w*|übersetz\w*|écris|rédige|traduis|escribe|redacta|traduce|escreve|scrivi"
    r"|traduci|schrijf|vertaal)\s"
    r"(?:me |us |mir |uns |-moi )?(?:an? |the |this |these |that |my |our |some |another |one |"
    r"einen? |eine |den |die |das |une? |le |la |los |las |um |uma |unos? |un[ao] |het |een |het )"
    r"|(?:pretend|imagine|role-?play|act as|play the|you are playing|you are now|let'?s play|in (?:my|the"
    r"|this) (?:novel"
    r"|story|game|scene)|"
    r"stell dir vor|imagina|imagine que|fais comme|tu tem as de)\b)",
    re.IGNORECASE,
)
_CONTENT_OF_FICTION = re.compile(
    r"\b(?:that says|which says|saying|says|telling|tells|where|who|in which|about|that|titled|called"
    r"|with the text|dass|der|"
    r"que|qui|disant|diciendo|dicendo|dat)\b|:|->|,",
    re.IGNORECASE,
)
_SHEET = (
    r"(?:leaflet|flyer|invoice|receipt|order|po|sheet|form|letter|mail|e-?mail|notice|label|report|page|article|ad"
    r"|menu|review|offer|contract|sms|post|thread|ticket|paragraph|cv|handout|brochure|memo|sign|poster|bio)"
)
_ANNOUNCED = re.compile(
    r"\b(?:(?:says|saying|reads|reading|states|stating|with the (?:text|words|title)|in dem steht|qui dit|que diga"
    r"|que diz|che dice)\s*"
    r"|(?:here(?:['’]s| is| are) (?:the|an?|what|their|his|her)\b|attached\b|pasted\b|copied\b)[^\n:.?!]{0,60}"
    rf"|(?:this|their|his|her) (?:\w+ )?{_SHEET}\b[^\n:.?!]{{0,40}}):",
    re.IGNORECASE,
)
"""`Add a comment that says: …`."""
_AGAIN_THEMSELVES = re.compile(
    r"[.!?]\s|\n|(?:,|;| -)? (?:and|but|also|und|et|y|e|en)(?: please| also| bitte)?,? (?=(?:from now on|remember"
    r"|keep in mind|in future|"
    r"going forward|make a note|ab jetzt|merk|désormais|a partir|d'ora|vanaf)\b)",
    re.IGNORECASE,
)


_HANDED_OVER = re.compile(
    r"(?:^|[.!?\n,]\s*|\bplease |\band )(?:fix|proof-?read|translate|summari[sz]e|rewrite|rephrase|paraphrase"
    r"|correct|edit|improve|review|shorten|polish|explain|classify|analy[sz]e|describe|interpret|evaluate|check|"
    r"send|text|tell|reply|message|post|tweet|forward|e-?mail|übersetze?|korrigiere?|traduis|corrige|traduce"
    r"|traduci|traduz|vertaal)\b[^\n:.?!]{0,60}:",
    re.IGNORECASE,
)
"""`Translate: …`, `Send this to Bob: …`."""
_MADE_FROM = re.compile(
    r"\b(?:from|out of|based on|of) (?:this|these|the following)\b[^\n:.?!]{0,30}:[\s\S]*", re.IGNORECASE
)
"""`Make flashcards from this: …`."""
_ASKED_ABOUT = re.compile(
    r"\A\s*([^\n]{1,300}[?？]|(?:what|which|who|when|where|how|why|does|did|is|are)\b[^\n]{1,300}"
    rf"|(?:\w+ ){{1,3}}(?:this|these) (?:\w+ )?{_SHEET}s?\b[^\n]{{0,200}})[ \t]*\n",
    re.IGNORECASE,
)
"""`Is this flyer genuine?`, and the flyer on the lines below."""
_ASKS_TO_KEEP = re.compile(
    r"\b(?:remember|keep|save|store|note (?:that|down)|mind|memor\w*|forget|merk\w*|notier\w*|vergiss|retenir|retien\w*"
    r"|recuerda\w*|recordar|lembra\w*|ricorda\w*|onthoud\w*|always|never|from now on)\b",
    re.IGNORECASE,
)
_SPEAKS_ON = re.compile(
    r"^(?:also|and|oh|btw|by the way|one more thing|another thing|ps|thanks|thx|please|pls"
    r"|i|i'm|i've|i'd|i'll|we|my|our|you|can|could)\b",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(r"(?:^|\n)[ \t]*\n((?:(?: {4,}|\t+)\S[^\n]*(?:\n|$))+)")
"""Indented, as Markdown has it."""


def own_words(text: str) -> str:
    """`text`, as long as before, with `COVER` in place of each character that is not the user's own statement."""
    covered = bytearray(len(text))
    for start, end in _foreign(text):
        covered[start:end] = b"\x01" * (end - start)
    return "".join(COVER if hidden and char != "\n" else char for char, hidden in zip(text, covered, strict=True))


def _foreign(text: str) -> Iterator[tuple[int, int]]:
    yield from _fenced(text)
    yield from _quoted(text)
    yield from (match.span() for match in _FOREIGN_LINE.finditer(text))
    yield from (match.span() for match in _ADDRESSED_TO_MACHINES.finditer(text))
    yield from (match.span() for match in _FRAMED.finditer(text))
    yield from (match.span() for match in _MADE_FROM.finditer(text))
    yield from (match.span(1) for match in _CODE.finditer(text))
    yield from (match.span() for match in _ABOUT_MACHINES.finditer(text))
    yield from _marked_up(text)
    yield from _documents(text)
    yield from _told(text)
    yield from _asked_about(text)


def _fenced(text: str) -> Iterator[tuple[int, int]]:
    fences = [match.start() for match in _FENCE.finditer(text)]
    for number in range(0, len(fences), 2):
        after = fences[number + 1] + 3 if number + 1 < len(fences) else len(text)
        yield fences[number], after


def _marked_up(text: str) -> Iterator[tuple[int, int]]:
    """What stands between an opening tag and its closing one."""
    position = 0
    while tag := _TAG.search(text, position):
        closing = text.find(f"</{tag[1]}", tag.end())
        position = tag.end()
        if closing > 0:
            yield tag.start(), closing
            position = closing


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while position < len(text):
        closing = _QUOTES.get(text[position], "")
        end = _closed(text, position, closing) if closing and _opens(text, position) else -1
        if end > 0:
            yield position + 1, end
        position = max(position, end) + 1


def _opens(text: str, position: int) -> bool:
    """A quotation begins at a word, not inside one as an apostrophe does, nor behind a measure as inches do."""
    before = text[position - 1] if position else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace()


def _closed(text: str, opened: int, closing: str) -> int:
    limit = min(len(text), opened + _LONGEST_QUOTE)
    for position in range(opened + 1, limit):
        if text[position] in closing and not (text[position] in "'’" and text[position + 1 : position + 2].isalnum()):
            return position
    return -1


def _documents(text: str) -> Iterator[tuple[int, int]]:
    """What follows a mail's head, a salutation on its own line, or an announcement: taken to reach to the end."""
    starts = [
        match.start() for match in (_MAIL_HEADER.search(text), _HEADING.search(text), _later_salutation(text)) if match
    ]
    starts.extend(match.end() for match in (_HANDED_OVER.search(text), _ANNOUNCED.search(text)) if match)
    announced = _HERE_IT_IS.search(text)
    if announced and text[announced.end() :].strip():
        starts.append(announced.end())
    if starts:
        yield min(starts), len(text)


def _later_salutation(text: str) -> re.Match[str] | None:
    """A salutation that does not open the turn greets somebody else than us."""
    return next((match for match in _SALUTATION.finditer(text) if text[: match.start()].strip()), None)


def _told(text: str) -> Iterator[tuple[int, int]]:
    """The content of a text that the user orders: it ends where they speak for themselves again."""
    told = 0
    for order in _FICTION.finditer(text):
        content = _CONTENT_OF_FICTION.search(text, order.end(), order.end() + 300) if order.start() >= told else None
        if content is None:
            continue
        stop = _AGAIN_THEMSELVES.search(text, order.end())
        told = stop.start() if stop else len(text)
        if content.start() < told:
            yield content.start(), told


def _asked_about(text: str) -> Iterator[tuple[int, int]]:
    """What stands below the line that asks about it: it ends where the user speaks on."""
    question = _ASKED_ABOUT.match(text)
    if question and not _ASKS_TO_KEEP.search(question[1]):
        again = _SPEAKS_ON.search(text, question.end())
        yield question.end(), again.start() if again else len(text)
