"""Buffers, numbers and kinds of values, in C where that was compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spanwise.collector.otlp.native import Buffer, Kind, Numbers
else:
    try:
        from spanwise.collector.otlp.native import Buffer, Kind, Numbers
    except ImportError:
        from spanwise.collector.otlp.interpreted import Buffer, Kind, Numbers

__all__ = ["Buffer", "Kind", "Numbers"]
