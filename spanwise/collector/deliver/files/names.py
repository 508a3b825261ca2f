"""Names of folders: whatever a scope is called, the folder is inside, and no two scopes share one."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from spanwise.collector.model import Scope

PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|agents|users|skills")
"""By Windows, and by our layout."""


def safe_name(text: str) -> str:
    """The text itself if it is plain, otherwise what can be read of it and a digest.

    Only lower case: some file systems take "Ada" and "ada" for the same.
    """
    if PLAIN.fullmatch(text) and not RESERVED.fullmatch(text):
        return text
    return f"{slug(text, 40)}~{hashlib.sha256(text.encode()).hexdigest()[:20]}".removeprefix("-")


def slug(text: str, most: int) -> str:
    """Lower-case ASCII letters and digits with single hyphens between them; at most so many; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().encode("ascii", "ignore").decode()).strip("-")[:most].strip("-")


def folder_of(scope: Scope) -> PurePosixPath:
    """Relative to the store's directory."""
    folder = PurePosixPath(safe_name(scope.org))
    if scope.agent:
        folder = folder / "agents" / safe_name(scope.agent)
    if scope.user:
        folder = folder / "users" / safe_name(scope.user)
    return folder
