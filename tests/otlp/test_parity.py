"""The compiled block says of every request what the plain decoder says, column by column, as ClickHouse reads both."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwise.collector.otlp.block import Request
from spanwise.collector.store import Store
from tests.otlp.parity import check_parity
from tests.otlp.traces import requests

RECORDINGS = {
    path.stem: path.read_bytes() for path in (Path(__file__).parent.parent / "golden" / "recordings").glob("*.otlp")
}


@settings(suppress_health_check=list(HealthCheck), max_examples=150, deadline=None)
@given(st.lists(st.tuples(requests(), st.sampled_from(["a", "b"])), max_size=3))
async def test_of_any_requests(store: Store, sent: Sequence[tuple[Any, str]]) -> None:
    await check_parity(store, [Request(one.SerializeToString(), org, os.urandom(16)) for one, org in sent])


@pytest.mark.parametrize("client", sorted(RECORDINGS))
async def test_of_what_real_clients_send(store: Store, client: str) -> None:
    await check_parity(store, [Request(RECORDINGS[client], "org", os.urandom(16))])
