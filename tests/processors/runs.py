"""Agent runs of which people have said what happened in them, as OTLP: for the detectors of tools and models.

Each run is a conversation of its own; `expect` names what must be seen, by kind and the name of the span that holds it.
What is not named must not be seen: most runs hold something that only looks like a failure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.requests import NO_ATTRIBUTES, attributes, span

KINDS = (
    *("tool.error", "tool.recovered", "tool.invalid_arguments", "tool.unknown", "retry", "loop", "redundant.call"),
    *("empty.retrieval", "truncation", "refusal", "rate.limit", "context.overflow", "explicit.feedback"),
)

CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
NIGHTS = {
    "type": "object",
    "properties": {"hotel": {"type": "string"}, "nights": {"type": "integer", "minimum": 1}},
    "required": ["hotel", "nights"],
}
PLAIN = [
    {"type": "function", "name": "weather", "parameters": CITY},
    {"type": "function", "name": "book", "parameters": NIGHTS},
]
NESTED = [{"type": "function", "function": {"name": "weather", "parameters": CITY}}]
ANTHROPIC = [{"name": "weather", "input_schema": CITY}]


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    spans: Sequence[Span]
    expect: frozenset[tuple[str, str]]


def run(name: str, *spans: Span, **expect: str | Sequence[str]) -> Run:
    """`expect` by kind (with `_` for the full stop): the name or names of spans."""
    kinds = {kind.replace(".", "_"): kind for kind in KINDS}
    wanted = {
        (kinds[key], one) for key, names in expect.items() for one in ([names] if isinstance(names, str) else names)
    }
    for number, made in enumerate(spans):
        made.start_time_unix_nano += number * 2_000_000
        made.end_time_unix_nano += number * 2_000_000
        made.trace_id = spans[0].trace_id
    return Run(name, spans, frozenset(wanted))


_CALLS = count(1)


def tool(
    label: str, name: str, arguments: Any, result: Any = "", error: str = "", also: Mapping[str, Any] = NO_ATTRIBUTES
) -> Span:
    """A tool's execution; `arguments` and `result` as JSON unless they are texts."""
    known = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.id": f"call-{next(_CALLS)}",
        "gen_ai.tool.call.arguments": _text(arguments),
        "gen_ai.tool.call.result": _text(result),
        **also,
    }
    return _failing(span(label, *attributes({key: value for key, value in known.items() if value != ""})), error)


def model(
    label: str,
    answer: str = "",
    *,
    finish: str = "stop",
    calls: Sequence[tuple[str, Any]] = (),
    tools: Any = None,
    error: str = "",
    parts: Sequence[Mapping[str, Any]] = (),
    also: Mapping[str, Any] = NO_ATTRIBUTES,
) -> Span:
    """A model call; `calls` are the tools that it asks for."""
    said = [{"type": "text", "content": answer}] if answer else []
    asked = [
        {"type": "tool_call", "id": f"asked-{next(_CALLS)}", "name": name, "arguments": given} for name, given in calls
    ]
    known = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "model-1",
        "gen_ai.usage.output_tokens": 64,
        "gen_ai.response.finish_reasons": [finish] if finish else "",
        "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [*said, *asked, *parts]}]),
        "gen_ai.tool.definitions": json.dumps(tools) if tools else "",
        **also,
    }
    return _failing(span(label, *attributes({key: value for key, value in known.items() if value != ""})), error)


def _failing(made: Span, error: str) -> Span:
    if error:
        made.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message=error))
    return made


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def below(parent: Span, child: Span) -> Span:
    child.parent_span_id = parent.span_id
    return child


def event(made: Span, name: str, **fields: Any) -> Span:
    given = {key.replace("__", "."): value for key, value in fields.items()}
    made.events.add(name=name, time_unix_nano=made.start_time_unix_nano, attributes=attributes(given))
    return made


def runs() -> Iterator[Run]:
    yield from _errors()
    yield from _definitions()
    yield from _repetitions()
    yield from _searches()
    yield from _answers()
    yield from _limits()
    yield from _verdicts()


def _errors() -> Iterator[Run]:
    genf, geneva = {"city": "Genf"}, {"city": "Geneva"}
    yield run("a failed status", tool("a", "weather", genf, error="no such city"), tool_error="a")
    yield run("an error type alone", tool("a", "weather", genf, also={"error.type": "timeout"}), tool_error="a")
    yield run(
        "an error in the result", tool("a", "weather", genf, {"isError": True, "content": "denied"}), tool_error="a"
    )
    yield run("a text about an error", tool("a", "logs", genf, "error: this line is from the log that was asked for"))
    yield run("an empty error", tool("a", "weather", genf, {"error": None, "degrees": 3}))
    yield run(
        "mended by another argument",
        tool("a", "weather", genf, error="no such city"),
        tool("b", "weather", geneva, "20 C"),
        tool_error="a", tool_recovered="b",
    )  # fmt: skip
    yield run(
        "another tool helps",
        tool("a", "weather", genf, error="no such city"),
        tool("b", "forecast", geneva, "20 C"),
        tool_error="a",
    )


def _definitions() -> Iterator[Run]:
    yield run(
        "a required argument is missing",
        model("m", tools=PLAIN),
        tool("a", "weather", {}, "20 C"),
        tool_invalid_arguments="a",
    )
    yield run(
        "a wrong type",
        model("m", tools=PLAIN),
        tool("a", "book", {"hotel": "Graslei", "nights": "two"}, "ok"),
        tool_invalid_arguments="a",
    )
    yield run(
        "below the minimum",
        model("m", tools=PLAIN),
        tool("a", "book", {"hotel": "Graslei", "nights": 0}, "ok"),
        tool_invalid_arguments="a",
    )
    yield run(
        "an argument nobody asked for",
        model("m", tools=NESTED),
        tool("a", "weather", {"city": "Ghent", "unit": "C"}, "9"),
        tool_invalid_arguments="a",
    )
    yield run(
        "the schema under another name",
        model("m", tools=ANTHROPIC),
        tool("a", "weather", {"town": "Ghent"}, "9"),
        tool_invalid_arguments="a",
    )
    yield run(
        "invalid and failed",
        model("m", tools=PLAIN),
        tool("a", "weather", {}, error="city is required"),
        tool_invalid_arguments="a",
        tool_error="a",
    )
    yield run("valid arguments", model("m", tools=PLAIN), tool("a", "book", {"hotel": "Graslei", "nights": 2}, "ok"))
    yield run("bare text instead of arguments", model("m", tools=PLAIN), tool("a", "weather", "Ghent", "9"))
    yield run("no definition", tool("a", "weather", {}, "9"))
    yield run(
        "a definition that is no schema",
        model("m", tools=[{"name": "weather", "parameters": {"type": 7}}]),
        tool("a", "weather", {}, "9"),
    )
    remote = [{"name": "weather", "parameters": {"$ref": "http://127.0.0.1:9/schema.json"}}]
    yield run("a schema that points elsewhere", model("m", tools=remote), tool("a", "weather", {}, "9"))
    yield run(
        "a tool that was not offered",
        model("m", calls=[("forecast", {"city": "Ghent"})], tools=PLAIN, finish="tool_calls"),
        tool_unknown="m",
    )
    yield run(
        "a misspelt tool", model("m", calls=[("wether", {})], tools=NESTED, finish="tool_calls"), tool_unknown="m"
    )
    yield run("an offered tool", model("m", calls=[("weather", {"city": "Ghent"})], tools=NESTED, finish="tool_calls"))
    yield run("a tool, nobody says which were offered", model("m", calls=[("forecast", {})], finish="tool_calls"))
    yield run(
        "a built-in tool", model("m", calls=[("web_search", {})], tools=[{"type": "web_search"}], finish="tool_calls")
    )


def _repetitions() -> Iterator[Run]:
    q, r = {"query": "trains"}, {"query": "buses"}
    yield run(
        "tried again, in another order of arguments",
        tool("a", "pay", {"to": "Bo", "sum": 3}, error="timeout"), tool("b", "pay", {"sum": 3, "to": "Bo"}, "paid"),
        tool_error="a", retry="a",
    )  # fmt: skip
    yield run(
        "tried three times in vain",
        *(tool(label, "pay", {"to": "Bo"}, error="down") for label in "abc"),
        tool_error=["a", "b", "c"], retry="a", loop="a",
    )  # fmt: skip
    yield run(
        "other arguments are no retry",
        tool("a", "pay", {"to": "Bo"}, error="no such payee"), tool("b", "pay", {"to": "Bob"}, "paid"),
        tool_error="a", tool_recovered="b",
    )  # fmt: skip
    yield run(
        "back and forth",
        *(tool(f"{path}{n}", f"read_{path}", {"path": path}, "same") for n in range(3) for path in "ab"),
        loop="a0", redundant_call=["a1", "b1", "a2", "b2"],
    )  # fmt: skip
    yield run(
        "arguments that were not exported",
        tool("a", "weather", "", error="no such city"),
        *(tool(label, "weather", "", "20 C") for label in "bc"),
        tool_error="a",
    )  # fmt: skip
    yield run("polling", *(tool(f"p{n}", "job_status", {"id": 7}, f"{n * 30} %") for n in range(4)))
    yield run(
        "twice is no loop",
        tool("a", "weather", q, "9"),
        tool("b", "clock", {}, "noon"),
        tool("c", "weather", q, "9"),
        redundant_call="c",
    )
    yield run("the answer changed", tool("a", "weather", q, "9"), tool("b", "weather", q, "10"))
    yield run(
        "other questions",
        tool("a", "weather", q, "9"),
        tool("b", "weather", r, "9"),
        tool("c", "weather", {"query": "ships"}, "9"),
    )


def _searches() -> Iterator[Run]:
    yield run("an empty list", tool("a", "search_flights", {"to": "Oslo"}, []), empty_retrieval="a")
    yield run(
        "no results among other fields", tool("a", "find_hotels", {}, {"results": [], "page": 1}), empty_retrieval="a"
    )
    yield run("a count of nought", tool("a", "lookup_customer", {}, {"total": 0}), empty_retrieval="a")
    yield run("in words", tool("a", "knowledge_base", {}, "No documents found for this question."), empty_retrieval="a")
    yield run(
        "a retrieval without documents",
        span("a", *attributes({"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": "[]"})),
        empty_retrieval="a",
    )
    yield run(
        "a retrieval with documents",
        span("a", *attributes({"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": '[{"id": "1"}]'})),
    )
    yield run("a search that found something", tool("a", "search_flights", {}, [{"id": 1}]))
    yield run("an empty answer of a tool that does not search", tool("a", "delete_row", {}, []))
    yield run(
        "a document that says so",
        tool("a", "search_docs", {}, "The manual: if no results were found, restart the index and try again. " * 5),
    )
    yield run(
        "a search that failed",
        tool("a", "search_flights", {}, {"error": "index is down", "results": []}),
        tool_error="a",
    )


def _answers() -> Iterator[Run]:
    for word in ("length", "max_tokens", "MAX_TOKENS"):
        yield run(f"cut off: {word}", model("m", "The first three steps are", finish=word), truncation="m")
    yield run("ended", model("m", "Done.", finish="end_turn"))
    yield run("a tool was called", model("m", calls=[("weather", {})], finish="tool_calls"))
    old: dict[str, Any] = {
        "gen_ai.output.messages": json.dumps(
            [{"role": "assistant", "parts": [{"type": "text", "content": "The"}], "finish_reason": "length"}]
        )
    }
    yield run("the message says so", model("m", finish="", also=old), truncation="m")
    for word in ("content_filter", "refusal", "SAFETY"):
        yield run(f"declined: {word}", model("m", finish=word), refusal="m")
    yield run("a part of that type", model("m", parts=[{"type": "refusal", "content": "I will not."}]), refusal="m")
    yield run("declined in words", model("m", "I'm sorry, but I can't help with that."), refusal="m")
    yield run(
        "sorry, and then an answer", model("m", "Sorry for the wait! The ferry leaves at 9:40 and has space for a car.")
    )
    yield run(
        "a long answer that declines a part",
        model("m", "I can't share their number, but here is what to do. " + "First call the desk. " * 40),
    )
    yield run(
        "a filter on the prompt", model("m", finish="", error="content_filter: The response was filtered"), refusal="m"
    )


def _limits() -> Iterator[Run]:
    yield run(
        "429", model("m", finish="", error="Too Many Requests", also={"http.response.status_code": 429}), rate_limit="m"
    )
    yield run(
        "by its type", model("m", finish="", error="slow down", also={"error.type": "RateLimitError"}), rate_limit="m"
    )
    outer = model("m", finish="", error="Error code: 429 - Rate limit reached for model-1")
    inner = span("http", *attributes({"http.request.method": "POST", "http.response.status_code": 429}))
    yield run("once for caller and callee", outer, below(outer, inner), rate_limit="http")
    yield run(
        "a tool's service", tool("a", "geocode", {}, error="429 too many requests"), tool_error="a", rate_limit="a"
    )
    yield run("a text about rate limits", model("m", "Our API has a rate limit of 10 requests a second."))
    yield run(
        "another failure", model("m", finish="", error="connection reset", also={"error.type": "ConnectionError"})
    )
    yield run("too long, by its code", model("m", finish="", error="context_length_exceeded"), context_overflow="m")
    yield run(
        "too long, in words",
        model("m", finish="", error="This model's maximum context length is 128000 tokens."),
        context_overflow="m",
    )
    yield run(
        "too long, Anthropic's words",
        model("m", finish="", error="prompt is too long: 210000 tokens > 200000 maximum"),
        context_overflow="m",
    )
    failed = event(
        model("m", finish=""), "exception", exception__type="ContextWindowExceededError", exception__message="too much"
    )
    yield run("an exception that was dealt with", failed, context_overflow="m")
    yield run(
        "tokens per minute are a rate",
        model("m", finish="", error="Rate limit: too many tokens per minute"),
        rate_limit="m",
    )
    yield run(
        "a field of a tool is too long", tool("a", "tweet", {"text": "…"}, error="message is too long"), tool_error="a"
    )


def _verdicts() -> Iterator[Run]:
    judged: dict[str, Any] = {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.4}
    yield run("an evaluation on the span", model("m", "9 C", also=judged), explicit_feedback="m")
    said: dict[str, Any] = {"gen_ai__evaluation__name": "user_thumbs", "gen_ai__evaluation__score__label": "down"}
    yield run(
        "an evaluation event", event(model("m", "9 C"), "gen_ai.evaluation.result", **said), explicit_feedback="m"
    )
    annotated: dict[str, Any] = {
        "annotations.0.annotation.name": "helpful",
        "annotations.0.annotation.score": 1,
        "annotations.0.annotator_kind": "HUMAN",
    }
    yield run("OpenInference's annotation", model("m", "9 C", also=annotated), explicit_feedback="m")
    yield run("no verdict", model("m", "9 C", also={"feedback_url": "https://example.org"}))
