"""What people who look after agents ask of their spans, of `otel_traces` as it is here and as the Collector has it.

Every question has any number of variants, about traces, conversations, users and times that differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.agent_spans import SPANS_A_TRACE, TRACES_AT_ONCE, conversation_id, ended, service, trace_id, user

PLAIN = """Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, Duration, StatusCode,
    StatusMessage, ResourceAttributes, Events.Name, Links.TraceId"""
"""Columns that both tables have, and that hold the same in both."""


@dataclass(frozen=True, slots=True)
class Question:
    """`typed(n)` asks the n-th variant of our columns, `mapped(n)` of the Collector's: the rows are the same."""

    name: str
    typed: Callable[[int], str]
    mapped: Callable[[int], str]


def attribute(key: str) -> str:
    """How the Collector's table holds it."""
    return f"SpanAttributes['gen_ai.{key}']"


def tokens_by_model() -> Question:
    typed = """SELECT RequestModel AS model, sum(InputTokens), sum(OutputTokens) FROM otel_traces
        WHERE Operation = 'chat' GROUP BY model ORDER BY model"""
    mapped = f"""SELECT {attribute("request.model")} AS model, sum(toUInt64OrZero({attribute("usage.input_tokens")})),
        sum(toUInt64OrZero({attribute("usage.output_tokens")})) FROM otel_traces
        WHERE {attribute("operation.name")} = 'chat' GROUP BY model ORDER BY model"""
    return Question("tokens by model", lambda _: typed, lambda _: mapped)


def tool_failures_by_agent() -> Question:
    typed = """SELECT AgentName AS agent, countIf(StatusCode = 'Error') / count() FROM otel_traces
        WHERE Operation = 'execute_tool' GROUP BY agent ORDER BY agent"""
    mapped = f"""SELECT {attribute("agent.name")} AS agent, countIf(StatusCode = 'Error') / count() FROM otel_traces
        WHERE {attribute("operation.name")} = 'execute_tool' GROUP BY agent ORDER BY agent"""
    return Question("tool failure rate by agent", lambda _: typed, lambda _: mapped)


def messages_of_a_conversation(traces: Sequence[int]) -> Question:
    def typed(n: int) -> str:
        return f"""SELECT Timestamp, SpanName, InputMessages, OutputMessages FROM otel_traces
            WHERE ConversationId = '{conversation_id(traces[n])}' AND Operation = 'chat' ORDER BY Timestamp, SpanId"""

    def mapped(n: int) -> str:
        return f"""SELECT Timestamp, SpanName, {attribute("input.messages")}, {attribute("output.messages")}
            FROM otel_traces WHERE {attribute("conversation.id")} = '{conversation_id(traces[n])}'
            AND {attribute("operation.name")} = 'chat' ORDER BY Timestamp, SpanId"""

    return Question("one conversation's messages", typed, mapped)


def whole_trace(traces: Sequence[int]) -> Question:
    def typed(n: int) -> str:
        return f"""SELECT {PLAIN}, mapSort(FullSpanAttributes) FROM otel_traces
            WHERE TraceId = '{trace_id(traces[n])}' ORDER BY Timestamp, SpanId"""

    def mapped(n: int) -> str:  # the way of the exporter's README, and of Grafana
        return f"""WITH '{trace_id(traces[n])}' AS trace_id,
            (SELECT min(Start) FROM otel_traces_trace_id_ts WHERE TraceId = trace_id) AS start,
            (SELECT max(End) + 1 FROM otel_traces_trace_id_ts WHERE TraceId = trace_id) AS end
            SELECT {PLAIN}, mapSort(SpanAttributes) FROM otel_traces
            WHERE TraceId = trace_id AND Timestamp >= start AND Timestamp <= end ORDER BY Timestamp, SpanId"""

    return Question("one whole trace", typed, mapped)


def spans_of_a_user(traces: Sequence[int]) -> Question:
    def asked(n: int, who: str) -> str:
        return f"""SELECT TraceId, SpanId, Timestamp, SpanName, Duration, StatusCode FROM otel_traces
            WHERE TraceId IN (SELECT TraceId FROM otel_traces WHERE {who} = '{user(traces[n])}')
            ORDER BY Timestamp, SpanId"""

    return Question(
        "all spans of a user", lambda n: asked(n, "UserId"), lambda n: asked(n, "SpanAttributes['user.id']")
    )


def dashboard(total: int) -> Question:
    def asked(n: int) -> str:
        return f"""SELECT SpanName, count(), quantileExact(0.95)(Duration) FROM otel_traces
            WHERE ServiceName = '{service(n)}' AND Timestamp >= toDateTime64({ended(total) - 3600}, 9)
            GROUP BY SpanName ORDER BY SpanName"""

    return Question("a service's last hour: p95 by span name", asked, asked)


def errors(total: int) -> Question:
    def asked(n: int) -> str:
        return f"""SELECT {PLAIN} FROM otel_traces WHERE ServiceName = '{service(n)}' AND StatusCode = 'Error'
            AND Timestamp >= toDateTime64({ended(total) - 3600}, 9) ORDER BY Timestamp, SpanId LIMIT 100"""

    return Question("a service's last errors", asked, asked)


def newest_runs(total: int) -> Question:
    def asked(n: int) -> str:  # Grafana's search for traces
        return f"""SELECT TraceId, ServiceName, SpanName, Timestamp, Duration FROM otel_traces
            WHERE Timestamp >= toDateTime64({ended(total) - 600 - n}, 9) AND ParentSpanId = ''
            ORDER BY Timestamp DESC, Duration DESC LIMIT 1000"""

    return Question("runs of the last 10 minutes", asked, asked)


def spans_with_an_attribute(traces: Sequence[int]) -> Question:
    def asked(n: int) -> str:
        return f"""SELECT Timestamp, TraceId, SpanId, SpanName FROM otel_traces
            WHERE SpanAttributes['app.request.id'] = 'request-{traces[n]}' ORDER BY Timestamp, SpanId"""

    return Question("spans with an attribute", asked, asked)


def questions(total: int) -> Sequence[Question]:
    """Of a table with so many spans."""
    chosen = Random(7).sample(range(total // SPANS_A_TRACE - TRACES_AT_ONCE), 100)
    return (
        tokens_by_model(),
        tool_failures_by_agent(),
        messages_of_a_conversation(chosen),
        whole_trace(chosen),
        spans_of_a_user(chosen),
        dashboard(total),
        errors(total),
        newest_runs(total),
        spans_with_an_attribute(chosen),
    )
