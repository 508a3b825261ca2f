"""A tenant is bound to its credential: nobody else's spans or records are seen, whatever a span claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2_grpc import HealthStub
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from spanwise.v1 import collector_pb2
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.collector_pb2_grpc import CollectorServiceStub
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.exporting import Metadata, export
from tests.processes import CollectorProcess, collector_process
from tests.requests import attribute, chat, request_bytes
from tests.waiting import wait_until

ACME: Metadata = (("authorization", "Bearer s3cret"),)
OTHER: Metadata = (("authorization", "Bearer t0ken"),)
NOBODY: Metadata = ()
STRANGER: Metadata = (("authorization", "Bearer guessed"),)
BASIC: Metadata = (("authorization", "Basic s3cret"),)


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    tokens = {"SPANWISE_RECEIVE__TOKENS": '{"acme":"s3cret","other":"t0ken"}'}
    with collector_process(tmp_path_factory.mktemp("tokens"), tokens) as started:
        yield started


@pytest.fixture(scope="module")
def channel(collector: CollectorProcess) -> Iterator[grpc.Channel]:
    with collector.channel() as opened:
        yield opened


Call = Callable[[grpc.Channel, Metadata], Any]

CALLS: dict[str, Call] = {
    "Export": lambda channel, who: export(channel, request_bytes(chat("eve", "Remember that I like tea.")), who),
    "Get": lambda channel, who: ContextServiceStub(channel).Get(wire.GetRequest(), metadata=who),
    "Watch": lambda channel, who: next(ContextServiceStub(channel).Watch(wire.WatchRequest(), metadata=who)),
    "Remember": lambda channel, who: ContextServiceStub(channel).Remember(
        wire.RememberRequest(scope=wire.Scope(user="eve"), content="Eve is the boss."), metadata=who
    ),
    "List": lambda channel, who: ContextServiceStub(channel).List(wire.ListRequest(), metadata=who),
    "Replay": lambda channel, who: list(
        CollectorServiceStub(channel).Replay(collector_pb2.ReplayRequest(), metadata=who)
    ),
}


@pytest.mark.parametrize("who", [NOBODY, STRANGER, BASIC], ids=["missing", "unknown", "not-bearer"])
@pytest.mark.parametrize("call", CALLS)
def test_no_call_is_served_without_a_known_token(
    collector: CollectorProcess, channel: grpc.Channel, call: str, who: Metadata
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        CALLS[call](channel, who)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert "bearer" in str(refused.value.details()).lower()
    assert collector.rows("SELECT count() FROM otel_traces WHERE UserId = 'eve'") == [(0,)]


def test_health_stays_open(channel: grpc.Channel) -> None:
    answer = HealthStub(channel).Check(health_pb2.HealthCheckRequest())  # type: ignore[attr-defined]
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_each_organisation_sees_only_its_own_context(collector: CollectorProcess, channel: grpc.Channel) -> None:
    """The same user id in two organisations is two people; an organisation named in attributes is only a text."""
    service = ContextServiceStub(channel)
    claim = (
        attribute("org", "acme"),
        attribute("Org", "acme"),
        attribute("organization.id", "acme"),
        attribute("tenant", "acme"),
    )
    export(channel, request_bytes(chat("ada", "Remember that I prefer tea.", *claim)), ACME)
    export(channel, request_bytes(chat("ada", "Remember that I prefer coffee.", *claim)), OTHER)

    def contents(who: Metadata) -> list[str]:
        request = wire.GetRequest(scope=wire.Scope(user="ada"))
        return [record.content for record in service.Get(request, metadata=who).records]

    wait_until(lambda: contents(ACME) and contents(OTHER))
    assert contents(ACME) == ["The user prefers tea."]
    assert contents(OTHER) == ["The user prefers coffee."]
    rows = collector.rows("SELECT Org, count() FROM otel_traces WHERE UserId = 'ada' GROUP BY Org ORDER BY Org")
    assert [tuple(row) for row in rows] == [("acme", 1), ("other", 1)]
    listed = service.List(wire.ListRequest(), metadata=OTHER).records
    assert {record.scope.org for record in listed} == {"other"}


def test_a_record_of_another_organisation_can_be_neither_read_nor_changed(channel: grpc.Channel) -> None:
    service = ContextServiceStub(channel)
    scope = wire.Scope(user="barbara")
    answer = service.Remember(wire.RememberRequest(scope=scope, content="Barbara has a dog."), metadata=ACME)
    record = answer.record.id
    attempts: list[Callable[[], object]] = [
        lambda: service.Explain(wire.ExplainRequest(record_id=record), metadata=OTHER),
        lambda: service.History(wire.HistoryRequest(record_id=record), metadata=OTHER),
        lambda: service.Approve(wire.ApproveRequest(record_id=record), metadata=OTHER),
        lambda: service.Reject(wire.RejectRequest(record_id=record), metadata=OTHER),
        lambda: service.Forget(wire.ForgetRequest(scope=scope, record_id=record), metadata=OTHER),
    ]
    for attempt in attempts:
        with pytest.raises(grpc.RpcError) as refused:
            attempt()
        assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    (kept,) = service.Get(wire.GetRequest(scope=scope), metadata=ACME).records
    assert (kept.id, kept.status) == (record, wire.STATUS_ACTIVE)


def test_naming_another_organisation_is_refused(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        ContextServiceStub(channel).Get(wire.GetRequest(scope=wire.Scope(org="acme")), metadata=OTHER)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_the_sdk_sends_its_token_with_the_ordinary_headers(collector: CollectorProcess) -> None:
    provider = TracerProvider()
    address = collector.addresses.grpc
    exporter = OTLPSpanExporter(endpoint=address, insecure=True, headers={"authorization": "Bearer t0ken"})
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("tests").start_span("by the sdk").end()
    provider.shutdown()
    assert collector.rows("SELECT Org FROM otel_traces WHERE SpanName = 'by the sdk'") == [("other",)]
