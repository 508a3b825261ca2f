"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from spanwise.collector.errors import Busy

DRAFT = ".spanwise-draft"
ROUNDS = 100


def write_whole(path: Path, data: bytes) -> None:
    """Return once the file is durable. Whoever reads it meanwhile has the old one."""
    rewrite(path, lambda _: data)


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Return once the file is what `change` makes of it, or gone if that is nothing. Durable.

    Somebody else may save it at the same time: it is read once more before it is replaced, and changed anew.
    """
    for _ in range(ROUNDS):
        before = read(path)
        after = change(before)
        if after == before:
            return
        if _replaced(path, before, after):
            return
    raise Busy(f"{path.name} is changed all the time by somebody else")


def read(path: Path) -> bytes:
    """Nothing if there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def remove(path: Path, root: Path) -> None:
    """The file, and the folders below `root` that are empty then."""
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == root or root not in folder.parents:
            return
        try:
            folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError:  # not empty
            return


def _replaced(path: Path, before: bytes, after: bytes) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}{DRAFT}")
    with draft.open("wb") as file:
        file.write(after)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, draft)
    if read(path) != before:
        draft.unlink()
        return False
    draft.replace(path)
    with contextlib.suppress(FileNotFoundError):
        _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
