"""The HTTP interface does as its description says, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
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
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    with collector_process(tmp_path_factory.mktemp("openapi"), TOKENS) as started:
        yield started


@pytest.fixture(scope="module")
def description(collector: CollectorProcess) -> Any:
    return schemathesis.openapi.from_url(f"http://{collector.addresses.http}/openapi.json")


# The stream of changes has no end; tests/context/test_http.py reads it.
SCHEMA = schemathesis.pytest.from_fixture("description").exclude(path="/v1/context/changes")


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_route_does_as_it_is_described(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": "Bearer s3cret"}, checks=CHECKS)
