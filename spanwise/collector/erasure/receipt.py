"""The proof that something was erased: what, where, when, by whom, and nothing of what it said."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spanwise.collector.errors import Rejected
from spanwise.processors import derive_id


@dataclass(frozen=True, slots=True)
class Receipt:
    id: str
    organisation: str
    what: str
    """`record`, `user`, `trace` or `organisation`; `target` is its id."""
    target: str
    at: str
    """ISO 8601, UTC."""
    by: str
    reason: str
    erased: Mapping[str, int]
    """How many of what: `spans`, `traces`, `signals`, `records`, `evidence` (of records that others gave as well),
    `told` (spans of other conversations that were told an erased record, which now have `[erased]` in its place)."""
    records: Sequence[str] = ()
    """The ids of the erased records. Each has a tombstone in the log and on the topic `context`."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Where it was, and what is there now."""

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, sort_keys=True)

    @property
    def digest(self) -> str:
        return derive_id(self.to_json())


def parse_receipt(text: str) -> Receipt:
    """Raises Rejected for what is no receipt."""
    try:
        fields: dict[str, Any] = json.loads(text)
        return Receipt(**{**fields, "records": tuple(fields["records"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Rejected(f"receipt: this is none that Spanwise gave out ({type(error).__name__})") from None
