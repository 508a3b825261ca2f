"""What an engine leaves half done that is killed: the token of an insert whose rows are not there.

The engine writes the token down before it gives the part its name. Killed in between, it would take the repetition of
the insert for done, and the rows would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

LOG = re.compile(r"deduplication_log_(\d+)\.txt")
PART = re.compile(r"(?P<partition>[^_]+)_(?P<first>\d+)_(?P<last>\d+)_\d+(?:_\d+)?")
ADDED = re.compile(r"1\t(?P<part>[^\t]+)\t(?P<token>[^\t]+)")


def take_back_unfinished(directory: Path) -> None:
    """Let each such insert be repeated. Only while no engine has the directory."""
    for logs in directory.glob("store/*/*/deduplication_logs"):
        _take_back(logs)


def _take_back(logs: Path) -> None:
    # Only the last token can be without its rows: tokens and names of a table's parts are written in turn.
    for log, line in _newest_first(logs):
        if (added := ADDED.fullmatch(line)) and not _has(logs.parent, added["part"]):
            with log.open("a") as file:
                file.write(f"2\t{added['part']}\t{added['token']}\n")  # dropped
        return


def _newest_first(logs: Path) -> Iterator[tuple[Path, str]]:
    """The last record of each log that has any."""
    numbered = [(int(match[1]), path) for path in logs.iterdir() if (match := LOG.fullmatch(path.name))]
    for _, path in sorted(numbered, reverse=True):
        if lines := path.read_text().splitlines():
            yield path, lines[-1]


def _has(table: Path, name: str) -> bool:
    """Whether the part is there, or one into which it was merged."""
    wanted = PART.fullmatch(name)
    found = (PART.fullmatch(path.name) for path in table.iterdir())
    return wanted is None or any(
        one
        and one["partition"] == wanted["partition"]
        and int(one["first"]) <= int(wanted["first"])
        and int(wanted["last"]) <= int(one["last"])
        for one in found
    )
