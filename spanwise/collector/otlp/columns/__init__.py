"""Columns of ClickHouse's Native format, written straight from a tape."""
