"""What goes over the wire comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.collector.context import wire as translate
from spanwise.collector.errors import Rejected
from spanwise.collector.model import (
    ContextUpdate,
    Evidence,
    Intent,
    Mode,
    Operation,
    Origin,
    Record,
    RecordKind,
    Recurrence,
    Scope,
    Status,
)
from spanwise.v1 import context_pb2 as wire

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
POSITIONS = st.integers(1, 2**63)
SCOPES = st.builds(Scope, TEXT, TEXT, TEXT)
EVIDENCE = st.lists(
    st.builds(Evidence, TEXT, st.sampled_from(Origin), TEXT, TEXT, TEXT, st.just(0), TEXT, TEXT, TEXT), max_size=3
).map(tuple)
COMMON = {
    "id": TEXT,
    "kind": st.sampled_from(RecordKind),
    "scope": SCOPES,
    "content": TEXT,
    "status": st.sampled_from(Status),
    "intent": st.sampled_from(Intent),
    "mode": st.sampled_from(Mode),
    "confidence": st.floats(0, 1),
    "evidence": EVIDENCE,
    "producer": TEXT,
    "version": TEXT,
    "subject": TEXT,
    "superseded_by": TEXT,
    "policy": TEXT,
}
UPDATES = st.builds(
    ContextUpdate,
    operation=st.sampled_from(Operation),
    record_id=TEXT,
    reason=TEXT,
    at=st.none() | TIMES,
    position=st.just(0) | POSITIONS,
    granted=st.none() | st.sampled_from(Status),
    recurrence=st.builds(Recurrence, st.integers(1, 1_000), st.integers(1, 1_000)),
    valid_from=st.none() | TIMES,
    **COMMON,
)
RECORDS = st.builds(
    Record, created=TIMES, changed=TIMES, position=POSITIONS, valid_from=TIMES, valid_to=st.none() | TIMES, **COMMON
)


@given(UPDATES)
def test_updates(update: ContextUpdate) -> None:
    message = wire.ContextUpdate.FromString(translate.update_to_wire(update).SerializeToString())
    assert translate.update_from_wire(message) == update


@given(RECORDS)
def test_records(record: Record) -> None:
    message = wire.Record.FromString(translate.record_to_wire(record).SerializeToString())
    assert translate.record_from_wire(message) == record


@pytest.mark.parametrize("position", ["-1", "x", "²", "9" * 20])
def test_a_position_that_nobody_gave_out_is_rejected(position: str) -> None:
    with pytest.raises(Rejected, match="position"):
        translate.position_from_wire(position)


def test_a_value_that_the_contract_does_not_have_is_rejected() -> None:
    with pytest.raises(Rejected, match="operation"):
        translate.update_from_wire(wire.ContextUpdate())
