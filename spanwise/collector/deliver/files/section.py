"""Our section of a file that belongs to people: what is outside the markers is theirs, byte for byte."""

from __future__ import annotations

BEGIN = b"<!-- spanwise:begin (written by Spanwise; changes between these lines are lost) -->\n"
END = b"<!-- spanwise:end -->\n"
_BEGIN, _END = b"<!-- spanwise:begin", b"<!-- spanwise:end -->"


def with_section(file: bytes, text: str) -> bytes:
    """The file with `text` as its section; without a section if the text is empty. A new one comes last."""
    section = BEGIN + text.encode() + END if text else b""
    place = _place(file)
    if place is None:
        gap = b"\n" if section and file and not file.endswith(b"\n") else b""
        return file + gap + section
    begin, end = place
    return file[:begin] + section + file[end:]


def section_of(file: bytes) -> str:
    """The text of the section; empty if there is none."""
    place = _place(file)
    if place is None:
        return ""
    return file[slice(*place)].partition(b"\n")[2].rpartition(_END)[0].decode("utf-8", "replace")


def _place(file: bytes) -> tuple[int, int] | None:
    """Where it begins and ends. A marker that lost its partner, since somebody removed that, is text like any other."""
    begin = file.rfind(_BEGIN, 0, max(file.rfind(_END), 0))
    if begin < 0:
        return None
    behind = file.index(_END, begin) + len(_END)
    return begin, behind + (file[behind : behind + 1] == b"\n")
