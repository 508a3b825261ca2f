"""Requests that never reach the engine, in the words in which ClickHouse refuses them."""

from __future__ import annotations


class Refusal(Exception):
    """`code` and `name` are ClickHouse's: `system.errors` has them all."""

    def __init__(self, code: int, name: str, reason: str, *, status: int = 400) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {reason}. ({name})")
        self.status = status
