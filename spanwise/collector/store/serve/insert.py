"""Where an INSERT statement ends and its rows begin. Rows may be anything and gigabytes, so they are not looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    rb"(?P<space>\s+|--[^\n]*|/\*.*?\*/)|(?P<quoted>'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\"(?:[^\"\\]|\\.)*\")|(?P<word>\w+)|.",
    re.DOTALL,
)
WITHOUT_DATA = frozenset({b"SELECT", b"WITH", b"FROM", b"WATCH"})
NAMES_FOLLOW = frozenset({b"INTO", b"TABLE", b"FUNCTION", b"."})
"""What comes after these is a name, whatever it looks like."""
GAP = re.compile(rb"[ \t\f]*;?[ \t\f]*\r?\n?")
"""Between the name of the format and the rows, as ClickHouse's parser has it."""


@dataclass(frozen=True, slots=True)
class Insert:
    """`INSERT INTO t (a, b)`, without the format; the rows begin at `data` of the text that it was found in."""

    sql: str
    format: str
    data: int

    @property
    def statement(self) -> str:
        """As it can be parsed without its rows."""
        return f"{self.sql} FORMAT {self.format}"


def find_insert(text: bytes) -> Insert | None:
    """The insertion of rows that `text` begins with; None if it is another statement."""
    depth, before, words = 0, b"", 0
    for token in TOKEN.finditer(text):
        if token["space"]:
            continue
        word = token.group().upper()
        if not words and word != b"INSERT":
            return None
        words += 1
        depth += (word == b"(") - (word == b")")
        if depth == 0 and token["word"] and before not in NAMES_FOLLOW:
            if word in WITHOUT_DATA:
                return None
            if word == b"VALUES":
                return Insert(_text(text[: token.start()]), "Values", token.end())
            if word == b"FORMAT":
                return _formatted(text, token.start(), token.end())
        before = word
    return None


def _formatted(text: bytes, start: int, end: int) -> Insert | None:
    name = re.compile(rb"\s+(\w+)").match(text, end)
    if name is None:
        return None
    gap = GAP.match(text, name.end())
    return Insert(_text(text[:start]), name[1].decode(), gap.end() if gap else name.end())


def _text(sql: bytes) -> str:
    return sql.decode("utf-8", "replace").strip()
