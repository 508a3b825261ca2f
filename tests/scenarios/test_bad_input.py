"""Bad input: a clear error or a stored span, and in either case the collector goes on, for everybody."""

from __future__ import annotations

import base64
import itertools
import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.exporting import export
from tests.processes import CollectorProcess
from tests.requests import attribute, chat, request_bytes, span
from tests.waiting import wait_until

MIB = 1024 * 1024
NUMBERS = itertools.count(1)
FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def channel(collector: CollectorProcess) -> Iterator[grpc.Channel]:
    with collector.channel() as opened:
        yield opened


class Neighbour:
    """Another client on the same collector, which sends what it should."""

    def __init__(self, collector: CollectorProcess) -> None:
        self._collector = collector
        self._users: list[str] = []

    def send(self) -> None:
        user = f"neighbour-{next(NUMBERS)}"
        with self._collector.channel() as channel:
            response = export(channel, request_bytes(chat(user, f"Remember that I am {user}.")))
        assert not response.HasField("partial_success")
        self._users.append(user)

    def assert_served(self) -> None:
        """All that it sent is stored, once, and what it teaches is learned."""
        users = {"users": self._users}
        rows = self._collector.rows("SELECT UserId FROM otel_traces WHERE UserId IN {users:Array(String)}", users)
        assert sorted(user for (user,) in rows) == sorted(self._users)
        learned = "SELECT UserId FROM context WHERE UserId IN {users:Array(String)}"
        wait_until(lambda: {user for (user,) in self._collector.rows(learned, users)} == set(self._users), 30)


@pytest.fixture(autouse=True)
def neighbour(collector: CollectorProcess) -> Iterator[None]:
    """Sends before, during and after each test; nothing that the test sends may be felt there."""
    pid = collector.pid
    other = Neighbour(collector)
    other.send()
    meanwhile = threading.Thread(target=other.send)
    meanwhile.start()
    yield
    meanwhile.join()
    assert collector.alive(), collector.log.read_text()
    other.send()
    other.assert_served()
    assert collector.pid == pid


def refusal(channel: grpc.Channel, data: bytes) -> str:
    """Why `data` are refused as a whole."""
    with pytest.raises(grpc.RpcError) as refused:
        export(channel, data)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT, refused.value
    return str(refused.value.details())


def complaint(channel: grpc.Channel, bad: Span) -> str:
    """Why `bad` is left out, while a span beside it in the same request is stored."""
    good = span("beside")
    response = export(channel, request_bytes(bad, good))
    assert response.partial_success.rejected_spans == 1
    return response.partial_success.error_message


Row = Sequence[Any]


@pytest.fixture
def stored(collector: CollectorProcess, channel: grpc.Channel) -> Callable[..., Row]:
    """Sends a span, and gives the columns of its one row."""

    def send(sent: Span, *columns: str) -> Row:
        response = export(channel, request_bytes(sent))
        assert not response.HasField("partial_success"), response
        (row,) = collector.rows(
            f"SELECT {', '.join(columns)} FROM otel_traces"
            " WHERE TraceId = {trace:String} AND SpanId = {span:String}",
            {"trace": sent.trace_id.hex(), "span": sent.span_id.hex()},
        )
        return row

    return send


# Bytes that are no request.


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9, 0.999])
def test_truncated_bytes_are_refused_and_the_message_says_where(channel: grpc.Channel, share: float) -> None:
    whole = request_bytes(*(chat(f"user {number}", "Hello") for number in range(20)))
    message = refusal(channel, whole[: max(int(len(whole) * share), 1)])
    assert message.startswith("not an OTLP ExportTraceServiceRequest: ")
    assert " at byte " in message


@seed(4317)
@FUZZED
@given(data=st.binary(max_size=2000))
@example(data=b"\x00")
@example(data=b"\xff" * 100)
@example(data=b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
def test_random_bytes_are_refused_or_stored(channel: grpc.Channel, data: bytes) -> None:
    try:
        export(channel, data)
    except grpc.RpcError as error:
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT  # noqa: PT017 (both outcomes are right)
        assert error.details()  # noqa: PT017


@seed(4317)
@FUZZED
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_requests_with_a_few_wrong_bytes_are_refused_or_stored(
    channel: grpc.Channel, places: Sequence[tuple[float, int]]
) -> None:
    data = bytearray(everything())
    for place, byte in places:
        data[int(place * len(data))] = byte
    try:
        export(channel, bytes(data))
    except grpc.RpcError as error:
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT  # noqa: PT017 (both outcomes are right)
        assert error.details()  # noqa: PT017


def everything() -> bytes:
    """A request with every field that a span has, of which always the same bytes are made."""
    spoken = chat("fuzzed", "Remember that I like tea.", attribute("gen_ai.response.finish_reasons", '["stop"]'))
    spoken.trace_id, spoken.span_id, spoken.parent_span_id = b"t" * 16, b"s" * 8, b"p" * 8
    spoken.start_time_unix_nano, spoken.end_time_unix_nano = 10**18, 10**18 + 1
    spoken.trace_state, spoken.kind = "a=b", Span.SPAN_KIND_CLIENT
    spoken.attributes.append(KeyValue(key="list", value=listed(AnyValue(int_value=1), AnyValue(double_value=0.5))))
    spoken.events.add(name="exception", time_unix_nano=10**18).attributes.append(attribute("exception.type", "E"))
    spoken.links.add(trace_id=b"t" * 16, span_id=b"l" * 8)
    spoken.status.message = "bad"
    return request_bytes(spoken)


def test_invalid_utf8_is_refused_and_the_message_names_the_field(channel: grpc.Channel) -> None:
    data = request_bytes(span("n" * 8)).replace(b"n" * 8, b"nnn\xff\xfennn")
    message = refusal(channel, data)
    assert "resource_spans[0].scope_spans[0].spans[0].name" in message
    assert "invalid UTF-8" in message


def test_a_request_beyond_the_limit_is_refused_for_good(channel: grpc.Channel) -> None:
    data = request_bytes(span("large", attribute("blob", "x" * (65 * MIB))))
    with pytest.raises(grpc.RpcError) as refused:
        export(channel, data)
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "grpc-status-details-bin" not in [item.key for item in refused.value.trailing_metadata()], (
        "it would be sent again"
    )


def test_a_small_request_that_decompresses_beyond_the_limit_is_refused(collector: CollectorProcess) -> None:
    data = request_bytes(span("bomb", attribute("blob", "x" * (65 * MIB))))
    with (
        grpc.insecure_channel(collector.addresses.grpc, compression=grpc.Compression.Gzip) as channel,
        pytest.raises(grpc.RpcError) as refused,
    ):
        export(channel, data)
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_an_empty_request_succeeds(channel: grpc.Channel) -> None:
    for data in (b"", request_bytes()):
        assert not export(channel, data).HasField("partial_success")


# Spans that cannot be stored.


def with_field(field: str, value: Any) -> Span:
    bad = span("misfit")
    setattr(bad, field, value)
    return bad


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("trace_id", b"", "trace_id has 0 bytes instead of 16"),
        ("trace_id", b"short", "trace_id has 5 bytes instead of 16"),
        ("trace_id", b"l" * 32, "trace_id has 32 bytes instead of 16"),
        ("trace_id", bytes(16), "trace_id is all zeros"),
        ("span_id", b"", "span_id has 0 bytes instead of 8"),
        ("span_id", b"l" * 16, "span_id has 16 bytes instead of 8"),
        ("span_id", bytes(8), "span_id is all zeros"),
        ("parent_span_id", b"l" * 7, "parent_span_id has 7 bytes instead of 8"),
        ("start_time_unix_nano", 2**64 - 1, "start_time_unix_nano is after the year 2262"),
    ],
)
def test_a_span_that_cannot_be_stored_is_named_and_its_neighbours_are_stored(
    collector: CollectorProcess, channel: grpc.Channel, field: str, value: Any, why: str
) -> None:
    good = span("beside")
    response = export(channel, request_bytes(with_field(field, value), good))
    assert response.partial_success.rejected_spans == 1
    assert "'misfit'" in response.partial_success.error_message
    assert why in response.partial_success.error_message
    where = {"trace": good.trace_id.hex()}
    assert collector.rows("SELECT count() FROM otel_traces WHERE TraceId = {trace:String}", where) == [(1,)]


def test_a_late_event_is_named(channel: grpc.Channel) -> None:
    bad = span("misfit")
    bad.events.add(name="late", time_unix_nano=2**64 - 1)
    assert "an event's time_unix_nano is after the year 2262" in complaint(channel, bad)


def test_a_thousand_bad_spans_have_a_short_answer(channel: grpc.Channel) -> None:
    response = export(channel, request_bytes(*(with_field("trace_id", b"") for _ in range(1000))))
    assert response.partial_success.rejected_spans == 1000
    assert len(response.partial_success.error_message) < 1000
    assert "and 995 more" in response.partial_success.error_message


# Spans that are odd, and stored.


def test_a_10_mb_attribute_is_stored(stored: Callable[..., Row]) -> None:
    large = span("large", attribute("blob", "x" * 10_000_000))
    assert stored(large, "length(SpanAttributes['blob'])") == (10_000_000,)


def test_a_10_mb_prompt_is_stored_and_learned_from(collector: CollectorProcess, channel: grpc.Channel) -> None:
    messages = [
        {"role": "system", "parts": [{"type": "text", "content": "word " * 2_000_000}]},
        {"role": "user", "parts": [{"type": "text", "content": "Remember that I own a bookshop."}]},
    ]
    sent = span("chat", attribute("user.id", "long-winded"), attribute("gen_ai.input.messages", json.dumps(messages)))
    export(channel, request_bytes(sent))
    learned = "SELECT Content FROM context WHERE UserId = 'long-winded'"
    assert wait_until(lambda: collector.rows(learned), 30) == [("The user owns a bookshop.",)]


@pytest.mark.timeout(300)
def test_a_trace_of_100_000_spans_in_one_request_is_stored_and_learned_from(
    collector: CollectorProcess, channel: grpc.Channel
) -> None:
    spoken = chat("hundred thousand", "Remember that I like long traces.")
    spans = [span("step", attribute("number", str(number)), trace_id=spoken.trace_id) for number in range(99_999)]
    response = export(channel, request_bytes(spoken, *spans))
    assert not response.HasField("partial_success")
    where = {"trace": spoken.trace_id.hex()}
    counted = collector.rows("SELECT count(), uniqExact(SpanId) FROM otel_traces WHERE TraceId = {trace:String}", where)
    assert counted == [(100_000, 100_000)]
    learned = "SELECT Content FROM context WHERE UserId = 'hundred thousand'"
    assert wait_until(lambda: collector.rows(learned), 60) == [("The user likes long traces.",)]


def listed(*values: AnyValue) -> AnyValue:
    return AnyValue(array_value=ArrayValue(values=values))


def mapped(**values: AnyValue) -> AnyValue:
    pairs = [KeyValue(key=key, value=value) for key, value in values.items()]
    return AnyValue(kvlist_value=KeyValueList(values=pairs))


def nested(levels: int) -> bytes:
    """A request in which a value is a list in a list, so often; written by hand, since protobuf would not."""

    def field(number: int, content: bytes) -> bytes:
        length, encoded = len(content), b""
        while length >= 0x80:
            encoded, length = encoded + bytes([length & 0x7F | 0x80]), length >> 7
        return bytes([number << 3 | 2]) + encoded + bytes([length]) + content

    value = AnyValue(string_value="bottom").SerializeToString()
    for _ in range(levels):
        value = field(5, field(1, value))  # AnyValue.array_value, ArrayValue.values
    attribute = field(1, b"deep") + field(2, value)
    sent = span("nested").SerializeToString() + field(9, attribute)
    return field(1, field(2, field(2, sent)))


def test_values_nested_as_deeply_as_protobuf_allows_are_stored(
    collector: CollectorProcess, channel: grpc.Channel
) -> None:
    """100 messages in one another: the request, its resource, scope, span, attribute and value, and 47 lists."""
    export(channel, nested(47))
    ((value,),) = collector.rows("SELECT SpanAttributes['deep'] FROM otel_traces WHERE SpanName = 'nested'")
    assert value == "[" * 47 + '"bottom"' + "]" * 47


@pytest.mark.parametrize("levels", [48, 60, 5_000])
def test_values_nested_more_deeply_are_refused_with_the_reason(channel: grpc.Channel, levels: int) -> None:
    assert "nested more than 100 deep at byte " in refusal(channel, nested(levels))


DEEP = 100_000
JSON_TEXTS = {
    "not JSON": '[{"role":"user",',
    "deep": "[" * DEEP + "]" * DEEP,
    "deep messages": '[{"role":"user","parts":' + "[" * DEEP + "]" * DEEP + "}]",
    "deep content": '[{"role":"user","parts":[{"type":"text","content":' + "[" * DEEP + "]" * DEEP + "}]}]",
    "other types": '[1, "two", null, {"role": 3, "parts": {"type": 4}}, {"parts": [5, {"type": [], "content": {}}]}]',
    "half a character": json.dumps(
        [{"role": "user", "parts": [{"type": "text", "content": "Remember that I like \ud83d very much."}]}]
    ),
    "null character": json.dumps(
        [{"role": "user", "parts": [{"type": "text", "content": "Remember that I like \x00 very much."}]}]
    ),
    "huge number": "[" + "9" * 10_000 + "]",
    "not a number": '[{"role":"user","parts":[{"type":"text","content":NaN}]}]',
}
JSON_ATTRIBUTES = (
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
    "gen_ai.response.finish_reasons",
)


@pytest.mark.parametrize("value", JSON_TEXTS.values(), ids=JSON_TEXTS.keys())
def test_texts_that_should_be_json_may_be_anything(stored: Callable[..., Row], value: str) -> None:
    for key in JSON_ATTRIBUTES:
        sent = span("odd", attribute("user.id", "odd"), attribute(key, value))
        assert stored(sent, f"FullSpanAttributes['{key}']") == (value,)


@pytest.mark.parametrize("value", JSON_TEXTS.values(), ids=JSON_TEXTS.keys())
def test_failed_and_mended_tool_calls_may_have_any_arguments(
    channel: grpc.Channel, collector: CollectorProcess, value: str
) -> None:
    failed = tool_call({"city": "Genf"}, attribute("error.type", value[:1000]))
    trace_id = failed.trace_id
    odd = span("tool", attribute("gen_ai.tool.call.arguments", value), *tool_attributes("2"), trace_id=trace_id)
    mended = tool_call({"city": "Geneva", "units": value[:30]}, trace_id=trace_id)
    export(channel, request_bytes(failed, odd, mended))
    seen = "SELECT count() FROM signals WHERE Kind = 'tool.error' AND TraceId = {trace:String}"
    wait_until(lambda: collector.rows(seen, {"trace": trace_id.hex()})[0][0] >= 1)


def tool_call(arguments: dict[str, str], *attributes: KeyValue, trace_id: bytes = b"") -> Span:
    given_arguments = attribute("gen_ai.tool.call.arguments", json.dumps(arguments))
    return span("tool", given_arguments, *attributes, *tool_attributes("1"), trace_id=trace_id or os.urandom(16))


def tool_attributes(call: str) -> Sequence[KeyValue]:
    operation = attribute("gen_ai.operation.name", "execute_tool")
    return (
        operation,
        attribute("gen_ai.tool.name", "weather"),
        attribute("gen_ai.tool.call.id", call + os.urandom(4).hex()),
    )


@pytest.mark.parametrize("value", ["", "many", "-1", "1e400", "nan", "18446744073709551615", "9" * 5000, "1_000"])
def test_token_counts_and_scores_may_be_any_text(stored: Callable[..., Row], value: str) -> None:
    keys = ("gen_ai.usage.input_tokens", "gen_ai.evaluation.score.value")
    sent = span("odd numbers", *(attribute(key, value) for key in keys))
    assert stored(sent, *(f"SpanAttributes['{key}']" for key in keys)) == (value, value)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 2**64 - 1), (2**63 - 1, 2**64 - 1), (10**18, 10**18 - 1)])
def test_times_at_the_limits_and_ends_before_starts_are_stored(
    stored: Callable[..., Row], start: int, end: int
) -> None:
    sent = span("odd times")
    sent.start_time_unix_nano, sent.end_time_unix_nano = start, end
    assert stored(sent, "toUnixTimestamp64Nano(Timestamp)", "Duration") == (start, max(end - start, 0))


def test_values_of_every_type_are_stored_losslessly(stored: Callable[..., Row]) -> None:
    numbers = (float("nan"), float("inf"), float("-inf"), 1e308, -0.0)
    raw = bytes(range(256))
    values = {
        "numbers": listed(*(AnyValue(double_value=number) for number in numbers)),
        "nan": AnyValue(double_value=float("nan")),
        "bytes": AnyValue(bytes_value=raw),
        "lists": listed(AnyValue(), AnyValue(bytes_value=raw), listed(), mapped(a=AnyValue(bool_value=False))),
        "nothing": AnyValue(),
        "integer": AnyValue(int_value=-(2**63)),
    }
    sent = span("types", *(KeyValue(key=key, value=value) for key, value in values.items()))
    (attributes,) = stored(sent, "SpanAttributes")
    encoded = base64.b64encode(raw).decode()
    assert json.loads(attributes["numbers"]) == ["nan", "inf", "-inf", 1e308, -0.0]
    assert (attributes["nan"], attributes["bytes"], attributes["nothing"]) == ("nan", encoded, "")
    assert json.loads(attributes["lists"]) == [None, encoded, [], {"a": False}]
    assert attributes["integer"] == str(-(2**63))


def test_of_a_key_that_comes_twice_one_value_is_stored(stored: Callable[..., Row]) -> None:
    sent = span("twice", attribute("key", "first"), attribute("key", "second"), attribute("", "no name"))
    (attributes,) = stored(sent, "SpanAttributes")
    assert attributes["key"] in ("first", "second")
    assert attributes[""] == "no name"


def test_a_span_with_50_000_events_and_links_is_stored(stored: Callable[..., Row]) -> None:
    sent = span("eventful")
    for number in range(50_000):
        sent.events.add(name="tick", time_unix_nano=number).attributes.append(attribute("number", str(number)))
        sent.links.add(trace_id=os.urandom(16), span_id=os.urandom(8))
    columns = ("length(Events.Name)", "Events.Attributes[50000]['number']", "length(Links.TraceId)")
    assert stored(sent, *columns) == (50_000, "49999", 50_000)


def test_names_may_be_any_text(stored: Callable[..., Row]) -> None:
    for name in ("", "\x00", "a\tb\nc\\d'e\"f", "😀" * 1000, "n" * MIB, "\u202e\ufeff"):
        columns = ("SpanName", "mapKeys(SpanAttributes)", "mapValues(SpanAttributes)")
        assert stored(span(name, attribute(name, name)), *columns) == (name, [name], [name])


def test_kinds_and_statuses_that_do_not_exist_yet_are_stored(stored: Callable[..., Row]) -> None:
    sent = span("of the future")
    sent.kind = 99  # type: ignore[assignment]
    sent.status.code = 99  # type: ignore[assignment]
    assert stored(sent, "SpanKind", "StatusCode") == ("Unspecified", "Unset")


# Many senders.


def test_fifty_senders_of_one_span_a_second_make_about_ten_inserts_a_second(collector: CollectorProcess) -> None:
    senders, seconds = 50, 4
    inserts = collector.metric("spanwise_insert_seconds_count")
    name = f"small {os.urandom(4).hex()}"
    chance = random.Random(4317)
    begin = time.monotonic()
    delays = [chance.random() for _ in range(senders)]

    def send(delay: float) -> None:
        with collector.channel() as channel:
            for second in range(seconds):
                time.sleep(max(begin + second + delay - time.monotonic(), 0))
                export(channel, request_bytes(span(name)))

    with ThreadPoolExecutor(senders) as threads:
        list(threads.map(send, delays))
    took = time.monotonic() - begin
    made = collector.metric("spanwise_insert_seconds_count") - inserts
    assert collector.rows("SELECT count() FROM otel_traces WHERE SpanName = {name:String}", {"name": name}) == [
        (senders * seconds,)
    ]
    print(f"{made:.0f} inserts in {took:.1f} s")
    assert made <= 10 * took + 2
