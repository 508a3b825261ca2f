"""The HTTP interface does as its description says, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.processes import CollectorProcess, collector_process

TOKENS = {"SPANWISE_RECEIVE__TOKENS": '{"acme":"s3cret"}'}
EXAMPLES = 25
"""Of requests to each route."""
ENDLESS = "/v1/context/changes"
"""The stream of changes; tests/context/test_http.py reads it."""
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    with collector_process(tmp_path_factory.mktemp("openapi"), TOKENS) as started:
        yield started


def test_every_route_does_as_it_is_described(collector: CollectorProcess) -> None:
    described: Any = schemathesis.openapi.from_url(f"http://{collector.addresses.http}/openapi.json")
    operations = [operation.ok() for operation in described.get_all_operations()]
    assert len(operations) > 10
    for operation in operations:
        if operation.path != ENDLESS:
            _try(operation)


def _try(operation: Any) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    def conforms(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": "Bearer s3cret"}, checks=CHECKS)

    conforms()
