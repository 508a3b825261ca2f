"""How the C library hands out memory in this process."""

from __future__ import annotations

import ctypes
import os
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # mallopt(3)
KEPT_BYTES = 256 * 1024 * 1024
LARGEST_KEPT = 32 * 1024 * 1024  # the most that mallopt takes


def keep_freed_memory() -> bool:
    """Let freed memory be used again, up to 256 MiB for each of the library's arenas. False where it is not glibc.

    Every block of spans needs the same tables of some megabytes. By default they are taken from the system and given
    back each time, which empties and fills the page tables for a third of the block's time (`benchmarks.scan`).
    """
    if not sys.platform.startswith("linux") or "glibc" not in (os.confstr("CS_GNU_LIBC_VERSION") or ""):
        return False
    library = ctypes.CDLL(None)
    return bool(library.mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT) and library.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES))
