"""Columns of ClickHouse's Native format, written straight from a tape: `spans`, `maps` and `typed`, with `writer` below."""
