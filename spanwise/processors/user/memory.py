"""`memory.explicit`: the user asks for something to be kept or applied from now on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spanwise.processors import Origin, Signal, Trace, Turn, signal
from spanwise.processors.opinion import confirmed
from spanwise.processors.user.asking import Request, request_in
from spanwise.processors.user.forget import without_forgetting
from spanwise.processors.user.grammar.lasting import EMPHASIS
from spanwise.processors.user.meaning.likely import audience, likelihood
from spanwise.processors.user.sentences import Sentence, once_for_each_text, sentences
from spanwise.processors.user.wording import third_person, without_request

KIND = "memory.explicit"
_DETECTOR = "memory"
_VERSION = "1"

_LONG_ENOUGH_TO_COPY = 25
"""Characters of a sentence that nobody repeats by chance."""
_LONGEST_EMPHASISED = 600
"""Characters of a sentence to which `Ever.` may belong."""
_REFERS_BACK = re.compile(
    r"\b(?:this|that|it|these|those|them|dies|das|dran|cela|ça|esto|eso|isso|isto|questo|dit)\b(?! (?:i|my|we|our"
    r"|you|the)\b)",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"^(?:and |so )*(?:that|this|it|that's|it's|same|applies|goes|valid)\b", re.IGNORECASE)
_LEANS = re.compile(
    r"^(?:so|therefore|hence|that's why|because of (?:this|that))\b|\blike (?:this|that)\b"
    r"|\b(?:this|that|these|those) (?:number|path|rule|way|format|style|name|date|limit|address|account|code"
    r"|one)s?\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^(?:so|check|use|apply|do|no|not|any|every|all|each|same|it|that|this|these|those|therefore|then|plan)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What one turn asks to be remembered: `turn_text[start:end]`, and what it comes to."""

    start: int
    end: int
    parts: tuple[str, ...]
    """The sentences that say it."""
    request: Request | None
    """What the grammar makes of it; None where only its meaning tells."""
    likelihood: float
    scope: str
    """For whom it holds."""


def explicit_memories(trace: Trace) -> Iterable[Signal]:
    """One signal for each thing that the user asks to be kept, the first time they say it in the conversation.

    Its details: `about`, one sentence in the third person; `scope`, `user`, `org` or `agent`; `turn` and `offset`,
    where in the conversation it was said.
    """
    return confirmed(_explicit_memories(trace))


def _explicit_memories(trace: Trace) -> Iterator[Signal]:
    seen: set[str] = set()
    for number, turn in enumerate(trace.turns):
        if turn.origin is not Origin.USER:
            continue
        for memory in memories(turn.text):
            quote = turn.text[memory.start : memory.end]
            if quote not in seen and not _was_shown(quote, trace.turns):
                seen.add(quote)
                yield _signal(trace, turn, number, memory)


@once_for_each_text
def memories(text: str) -> tuple[Memory, ...]:
    """What a turn asks to be remembered, in order; a sentence that only elaborates on another one joins it."""
    said = _emphasised(sentences(text))
    found: list[Memory] = []
    for number, sentence in enumerate(said):
        kept = without_forgetting(sentence)
        likely = likelihood(KIND, kept, said)
        if not likely:
            continue
        memory = _with_antecedent(kept, said[:number], _memory(kept, said, likely))
        if found and (memory.start <= found[-1].end or _elaborates(sentence, found[-1], said[:number])):
            memory = _joined(found.pop(), memory)
        found.append(memory)
    return tuple(found)


def _emphasised(said: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """`said`, where `Don't call me. Ever.` is one sentence."""
    whole: list[Sentence] = []
    for sentence in said:
        emphasised = whole and not whole[-1].asks and len(whole[-1].own) < _LONGEST_EMPHASISED
        if emphasised and EMPHASIS.match(sentence.own):
            last = whole.pop()
            text, own = (f"{a.rstrip('.! ')}, {b}" for a, b in ((last.text, sentence.text), (last.own, sentence.own)))
            sentence = Sentence(last.start, sentence.end, text, own)  # noqa: PLW2901
        whole.append(sentence)
    return tuple(whole)


def _memory(sentence: Sentence, said: Sequence[Sentence], likely: float) -> Memory:
    scope = audience(sentence, said)
    return Memory(sentence.start, sentence.end, (sentence.text,), request_in(sentence), likely, scope)


def _with_antecedent(sentence: Sentence, before: Sequence[Sentence], memory: Memory) -> Memory:
    """`I have coeliac disease. Please remember this.`: what `this` stands for is in the sentence before."""
    adjoins = before and not before[-1].asks and sentence.start - before[-1].end <= 2
    if not adjoins or not _needs_antecedent(sentence, memory.request):
        return memory
    earlier = before[-1]
    says_more = len(without_request(sentence.text).split()) >= 5
    return replace(memory, start=earlier.start, parts=(earlier.text, sentence.text) if says_more else (earlier.text,))


def _needs_antecedent(sentence: Sentence, request: Request | None) -> bool:
    if _LEANS.search(sentence.own) or (request is Request.LASTING and _POINTS_BACK.match(sentence.own)):
        return True
    short = len(without_request(sentence.text).split()) <= 12
    return short and request in (Request.KEEP, None) and bool(_REFERS_BACK.search(sentence.own))


def _elaborates(sentence: Sentence, last: Memory, before: Sequence[Sentence]) -> bool:
    adjoins = bool(before) and before[-1].end == last.end
    opening = " ".join(sentence.own.split()[:5])
    return adjoins and bool(_CONTINUES.match(sentence.own) or _REFERS_BACK.search(opening))


def _joined(first: Memory, second: Memory) -> Memory:
    parts = (*first.parts, *(part for part in second.parts if part not in first.parts))
    surer = max(first, second, key=lambda memory: memory.likelihood)
    return replace(surer, start=min(first.start, second.start), end=max(first.end, second.end), parts=parts)


def _was_shown(quote: str, turns: Sequence[Turn]) -> bool:
    """True if the words stand in a prompt or a tool's result: the user copies them, they do not say them."""
    words = " ".join(quote.split())
    if len(words) < _LONG_ENOUGH_TO_COPY:
        return False
    return any(
        words in " ".join(turn.text.split()) for turn in turns if turn.origin not in (Origin.USER, Origin.ASSISTANT)
    )


def _signal(trace: Trace, turn: Turn, number: int, memory: Memory) -> Signal:
    quote = turn.text[memory.start : memory.end]
    details = {
        "about": third_person(*memory.parts),
        "scope": memory.scope,
        "turn": str(number),
        "offset": str(memory.start),
    }
    return signal(
        KIND,
        trace,
        quote=quote,
        said_by=turn.origin,
        span_id=turn.span_id,
        at=turn.at,
        trace_id=turn.trace_id,
        confidence=round(memory.likelihood, 3),
        detector=_DETECTOR,
        version=_VERSION,
        details=details,
    )
