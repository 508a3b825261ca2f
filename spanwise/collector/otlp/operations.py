"""What each span does, in the words of the GenAI conventions, and what kind of span that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spanwise.collector.otlp.columns import typed
from spanwise.collector.otlp.columns.writer import Writer, put_words
from spanwise.collector.otlp.conventions import KINDS, OPERATION, OPERATION_NAMES, Kind
from spanwise.collector.otlp.making import Maker
from spanwise.collector.otlp.memory import Buffer, Numbers
from spanwise.collector.otlp.plan import ALL_KINDS, KIND_BITS, plan_for
from spanwise.collector.otlp.selection import numbers, select
from spanwise.collector.otlp.tape import Tape


@dataclass(frozen=True, slots=True)
class Operations:
    texts: Sequence[str]
    """The operations that occur."""
    codes: Numbers
    """For each span the position of its operation in `texts`."""
    kinds: Numbers
    """For each span the bit of its kind."""

    def put(self, writer: Writer) -> None:
        """Write the column."""
        put_words(writer, [text.encode() for text in self.texts], self.codes)


def operations(tape: Tape, names: tuple[str, ...]) -> Operations:
    """The operations of all spans; `names` are those of the tape."""
    plan = plan_for(names, frozenset({OPERATION}))
    if not plan.columns:
        return _operations([""], Numbers(len(tape)))
    everything = typed.look_up(Numbers(len(tape)), numbers([ALL_KINDS]))
    selection = select(tape, plan, everything)
    Maker(tape).answer(selection, plan.columns)
    writer = Writer(Buffer(), tape)
    words, codes = typed.words(writer, selection, 0)
    found, codes = typed.pairs(typed.sources(writer, selection, 0), codes)
    sent = words.texts()
    return _operations([_name(names[key], sent[word]) if key >= 0 else "" for key, word in found], codes)


def _operations(texts: Sequence[str], codes: Numbers) -> Operations:
    kinds = numbers([KIND_BITS[KINDS.get(text, Kind.OTHER)] for text in texts])
    return Operations(texts, codes, typed.look_up(codes, kinds))


def _name(key: str, value: str) -> str:
    return OPERATION_NAMES.get(key, {}).get(value, value)
