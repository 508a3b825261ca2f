"""The short form of `python -m tests.fuzz`, and the proof that it finds what it looks for."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from spanwise.collector.store import Store
from tests.fuzz import agreement
from tests.fuzz.agreement import Disagreement, admitted, check
from tests.otlp.parity import check_parity


def test_the_scan_agrees_with_protobuf_about_any_bytes() -> None:
    tally = check("short", 200_000)
    assert tally.inputs == 200_000
    assert 0.1 < tally.valid / tally.inputs < 0.8
    assert tally.blocks > 300


async def test_rows_of_mutated_requests_are_the_oracles(store: Store) -> None:
    requests = admitted(f"rows {os.urandom(4).hex()}", 4_000)
    assert len(requests) > 200
    await check_parity(store, requests)


def test_a_scan_that_takes_everything_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "scan", lambda _requests, _explain=True: [])
    with pytest.raises(Disagreement):
        check("short", 5_000)


def test_a_split_that_loses_spans_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "split", lambda _data, _limit: SimpleNamespace(parts=[], spans=0, faults=[]))
    with pytest.raises(Disagreement, match="split at"):
        check("short", 5_000)
