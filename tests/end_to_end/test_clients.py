"""Real clients and a real collector: what they send is stored, and what it teaches comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2_grpc import HealthStub
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, Tracer

from spanwise.cli.demo_agent import AGENT, traced_run
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.processes import CollectorProcess
from tests.waiting import wait_until

FIRST = "Remember that I prefer metric units. How warm is it in Geneva?"
SECOND = "How warm is it in Geneva today?"
LEARNED = "The user prefers metric units."
LESSON = 'When calling the tool temperature, for city use "Geneva" rather than "Genf".'

CONTENT = {
    "gen_ai.system_instructions": '[{"type":"text","content":"Be brief."}]',
    "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
    "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}]',
    "gen_ai.tool.definitions": '[{"type":"function","name":"clock"}]',
    "gen_ai.tool.call.arguments": '{"zone":"UTC"}',
    "gen_ai.tool.call.result": "noon",
}
PLAIN: Mapping[str, Any] = {
    "user.id": "grace",
    "gen_ai.conversation.id": "c-1",
    "gen_ai.operation.name": "chat",
    "gen_ai.agent.name": "clerk",
    "gen_ai.agent.id": "clerk-7",
    "gen_ai.agent.version": "3.1",
    "gen_ai.provider.name": "acme.ai",
    "gen_ai.request.model": "large",
    "gen_ai.response.model": "large-2026",
    "gen_ai.usage.input_tokens": 1200,
    "gen_ai.usage.output_tokens": 34,
    "gen_ai.usage.cache_read.input_tokens": 1000,
    "gen_ai.usage.cache_creation.input_tokens": 50,
    "gen_ai.usage.reasoning.output_tokens": 12,
    "gen_ai.tool.name": "clock",
    "gen_ai.tool.call.id": "call-1",
    "error.type": "timeout",
    "gen_ai.response.finish_reasons": ("length", "stop"),
    "gen_ai.evaluation.name": "relevance",
    "gen_ai.evaluation.score.value": 0.75,
    "gen_ai.evaluation.score.label": "good",
    "ratio": 0.5,
    "cached": True,
    "tags": ("a", "b"),
    "empty": "",
}
TYPED = {
    "UserId": "grace",
    "ConversationId": "c-1",
    "Operation": "chat",
    "AgentName": "clerk",
    "AgentId": "clerk-7",
    "AgentVersion": "3.1",
    "Provider": "acme.ai",
    "RequestModel": "large",
    "ResponseModel": "large-2026",
    "InputTokens": 1200,
    "OutputTokens": 34,
    "CacheReadTokens": 1000,
    "CacheCreationTokens": 50,
    "ReasoningTokens": 12,
    "ToolName": "clock",
    "ToolCallId": "call-1",
    "ErrorType": "timeout",
    "FinishReason": "length",
    "EvaluationName": "relevance",
    "EvaluationScore": 0.75,
    "EvaluationLabel": "good",
    "SystemInstructions": CONTENT["gen_ai.system_instructions"],
    "InputMessages": CONTENT["gen_ai.input.messages"],
    "OutputMessages": CONTENT["gen_ai.output.messages"],
    "ToolDefinitions": CONTENT["gen_ai.tool.definitions"],
    "ToolArguments": CONTENT["gen_ai.tool.call.arguments"],
    "ToolResult": CONTENT["gen_ai.tool.call.result"],
}


def exporter(
    collector: CollectorProcess, compression: grpc.Compression = grpc.Compression.NoCompression
) -> SpanExporter:
    return OTLPSpanExporter(endpoint=collector.addresses.grpc, insecure=True, compression=compression)


@contextmanager
def tracing(processor: SpanProcessor, service: str) -> Iterator[tuple[Tracer, InMemorySpanExporter]]:
    """A tracer of the SDK, and what it recorded; everything is exported at the end."""
    provider = TracerProvider(resource=Resource.create({"service.name": service, "service.version": "1.2"}))
    recorded = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(recorded))
    provider.add_span_processor(processor)
    try:
        yield provider.get_tracer("tests.clients", "0.9"), recorded
    finally:
        provider.shutdown()


def stored(collector: CollectorProcess, service: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a service's spans, with all columns, in order of their start."""
    client = collector.client()
    try:
        answer = client.query(
            "SELECT *, FullSpanAttributes, toUnixTimestamp64Nano(Timestamp) AS Start,"
            " arrayMap(time -> toUnixTimestamp64Nano(time), Events.Timestamp) AS EventTimes"
            " FROM otel_traces WHERE ServiceName = {service:String} ORDER BY Timestamp",
            {"service": service},
        )
        return list(answer.named_results())
    finally:
        client.close()


def as_text(value: Any) -> str:
    """An attribute as the columns have it: texts as they are, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def texts(attributes: Mapping[str, Any] | None) -> dict[str, str]:
    return {key: as_text(value) for key, value in (attributes or {}).items()}


def collector_columns(span: ReadableSpan) -> dict[str, Any]:
    """What the OpenTelemetry Collector's exporter would write of the span."""
    assert span.context is not None
    assert span.start_time is not None
    assert span.end_time is not None
    assert span.instrumentation_scope is not None
    return {
        "Start": span.start_time,
        "Duration": span.end_time - span.start_time,
        "TraceId": f"{span.context.trace_id:032x}",
        "SpanId": f"{span.context.span_id:016x}",
        "ParentSpanId": f"{span.parent.span_id:016x}" if span.parent else "",
        "TraceState": "",
        "SpanName": span.name,
        "SpanKind": span.kind.name.capitalize(),
        "ServiceName": span.resource.attributes["service.name"],
        "ResourceAttributes": texts(span.resource.attributes),
        "ScopeName": span.instrumentation_scope.name,
        "ScopeVersion": span.instrumentation_scope.version,
        "FullSpanAttributes": texts(span.attributes),
        "StatusCode": span.status.status_code.name.capitalize(),
        "StatusMessage": span.status.description or "",
        "EventTimes": [event.timestamp for event in span.events],
        "Events.Name": [event.name for event in span.events],
        "Events.Attributes": [texts(event.attributes) for event in span.events],
        "Links.TraceId": [f"{link.context.trace_id:032x}" for link in span.links],
        "Links.SpanId": [f"{link.context.span_id:016x}" for link in span.links],
        "Links.Attributes": [texts(link.attributes) for link in span.links],
    }


def work(tracer: Tracer, agents: int) -> None:
    """A few traces with everything that a span can have."""
    for _ in range(agents):
        with tracer.start_as_current_span("turn", kind=SpanKind.SERVER) as turn:
            link = Link(turn.get_span_context(), {"why": "asked by"})
            with tracer.start_as_current_span("chat", kind=SpanKind.CLIENT, attributes={**PLAIN, **CONTENT}) as chat:
                chat.add_event("first token", {"after_ms": 12})
                chat.set_status(Status(StatusCode.ERROR, "too long"))
            with tracer.start_as_current_span("tool", links=[link]) as tool:
                tool.set_status(StatusCode.OK)


PROCESSORS: Mapping[str, Callable[[CollectorProcess], SpanProcessor]] = {
    "batch": lambda collector: BatchSpanProcessor(exporter(collector)),
    "batch-gzip": lambda collector: BatchSpanProcessor(exporter(collector, grpc.Compression.Gzip)),
    "simple": lambda collector: SimpleSpanProcessor(exporter(collector)),
}


@pytest.mark.parametrize("processor", PROCESSORS)
def test_every_span_of_the_sdk_is_stored_once_with_the_collectors_columns(
    collector: CollectorProcess, processor: str
) -> None:
    agents = 3 if processor == "simple" else 100  # a simple processor waits for each of its spans
    with tracing(PROCESSORS[processor](collector), processor) as (tracer, recorded):
        work(tracer, agents)
    rows = {row["SpanId"]: row for row in stored(collector, processor)}
    expected = [collector_columns(span) for span in recorded.get_finished_spans()]
    assert len(expected) == 3 * agents == len(stored(collector, processor))
    for columns in expected:
        row = rows[columns["SpanId"]]
        assert {name: row[name] for name in columns} == columns


def test_attributes_of_agents_are_in_columns_of_their_own(collector: CollectorProcess) -> None:
    with tracing(SimpleSpanProcessor(exporter(collector)), "typed") as (tracer, _):
        work(tracer, 1)
    (row,) = [row for row in stored(collector, "typed") if row["SpanName"] == "chat"]
    assert {name: row[name] for name in TYPED} == TYPED
    assert row["Org"] == "default"


def test_content_is_taken_out_of_the_map_and_the_full_map_is_given_back(collector: CollectorProcess) -> None:
    with tracing(SimpleSpanProcessor(exporter(collector)), "content") as (tracer, _):
        work(tracer, 1)
    (row,) = [row for row in stored(collector, "content") if row["SpanName"] == "chat"]
    assert row["SpanAttributes"] == texts(PLAIN)
    assert row["FullSpanAttributes"] == texts({**PLAIN, **CONTENT})


def test_an_agent_knows_in_its_next_run_what_it_was_told(collector: CollectorProcess) -> None:
    """The whole loop, with pydantic-ai: said, stored, learned, read from `Get`, acted upon."""
    user, address = "ada", collector.addresses.grpc
    first = traced_run(address, user, "monday", FIRST, "")
    assert "°F" in first.answer
    with collector.channel() as channel:
        service = ContextServiceStub(channel)
        request = wire.GetRequest(scope=wire.Scope(agent=AGENT, user=user), include_proposed=True)
        wait_until(lambda: len(service.Get(request).records) == 2)
        context = service.Get(request)
        records = {record.content: record for record in context.records}
        assert records[LEARNED].status == wire.STATUS_ACTIVE
        assert records[LEARNED].scope.user == user
        assert records[LEARNED].evidence[0].quote == "Remember that I prefer metric units."
        assert records[LESSON].status == wire.STATUS_PROPOSED
        assert (records[LESSON].scope.agent, records[LESSON].scope.user) == (AGENT, "")
    assert LEARNED in context.prompt_section
    assert LESSON not in context.prompt_section, "nobody has approved it yet"
    second = traced_run(address, user, "tuesday", SECOND, context.prompt_section)
    assert second.answer == "It is 21 °C in Geneva."


def test_every_span_of_pydantic_ai_is_stored_once(collector: CollectorProcess) -> None:
    traced_run(collector.addresses.grpc, "barbara", "wednesday", FIRST, "")
    rows = collector.rows(
        "SELECT Operation, ToolName, count() FROM otel_traces WHERE TraceId IN"
        " (SELECT TraceId FROM otel_traces WHERE UserId = 'barbara') GROUP BY ALL ORDER BY ALL"
    )
    assert [tuple(row) for row in rows] == [
        ("", "", 1),
        ("chat", "", 3),
        ("execute_tool", "temperature", 2),
        ("invoke_agent", "", 1),
    ]


def test_what_was_learned_can_be_explained_back_to_the_span(collector: CollectorProcess) -> None:
    traced_run(collector.addresses.grpc, "dorothy", "thursday", FIRST, "")
    with collector.channel() as channel:
        service = ContextServiceStub(channel)
        request = wire.GetRequest(scope=wire.Scope(user="dorothy"))
        (record,) = wait_until(lambda: service.Get(request).records)
        (evidence,) = service.Explain(wire.ExplainRequest(record_id=record.id)).evidence
    ((messages,),) = collector.rows(
        "SELECT InputMessages FROM otel_traces WHERE TraceId = {trace:String} AND SpanId = {span:String}",
        {"trace": evidence.trace_id, "span": evidence.span_id},
    )
    assert evidence.quote in messages


def test_an_update_arrives_on_watch_while_the_agent_goes_on(collector: CollectorProcess) -> None:
    began = datetime.now(UTC)
    with collector.channel() as channel:
        updates = ContextServiceStub(channel).Watch(wire.WatchRequest(scope=wire.Scope(user="edsger")), timeout=20)
        traced_run(collector.addresses.grpc, "edsger", "friday", FIRST, "")
        update = next(updates)
        updates.cancel()
    assert (update.content, update.scope.user, update.status) == (LEARNED, "edsger", wire.STATUS_ACTIVE)
    assert update.at.ToDatetime(UTC) >= began


def test_health_is_answered_for_the_server_and_for_each_service(collector: CollectorProcess) -> None:
    services = (
        "",
        "opentelemetry.proto.collector.trace.v1.TraceService",
        "spanwise.v1.ContextService",
        "spanwise.v1.CollectorService",
    )
    with collector.channel() as channel:
        for service in services:
            asked = health_pb2.HealthCheckRequest(service=service)
            answer = HealthStub(channel).Check(asked)  # type: ignore[attr-defined]
            assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_reflection_tells_services_and_their_methods(collector: CollectorProcess) -> None:
    with collector.channel() as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert {
            "opentelemetry.proto.collector.trace.v1.TraceService",
            "spanwise.v1.ContextService",
            "spanwise.v1.CollectorService",
            "grpc.health.v1.Health",
        } <= set(database.get_services())
        file = database.FindFileContainingSymbol("spanwise.v1.ContextService")
    methods = {method.name for service in file.service for method in service.method}
    assert {"Get", "Watch", "Remember", "Forget"} <= methods
