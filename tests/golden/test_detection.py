"""The detectors of tools and models on what real clients exported, as it is and with something that went wrong in it.

A client's own words for a wrong turn are had by changing one word of its recording: the reason why its model stopped,
or the name of an argument. What is around it stays as the framework wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.collector.context.decisions import remember
from spanwise.collector.context.render import ID
from spanwise.collector.model import Scope
from spanwise.v1.context_pb2 import RememberRequest
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.exporting import export
from tests.golden import recorded
from tests.golden.stories import INSTRUCTIONS, STORIES, Story
from tests.processes import CollectorProcess, collector_process
from tests.waiting import wait_until

ENDED = ("stop", "STOP", "end_turn")
_ENDED_IN_JSON = re.compile(r'(finish_?reasons?\\*"\s*:\s*\[?\s*\\*")(?:stop|STOP|end_turn)\b', re.IGNORECASE)
_PARIS_IN_JSON = re.compile(r'(\bcity\\*"\s*:\s*\\*")Paris\b')
_CITY_IN_JSON = re.compile(r'\bcity(\\*"\s*:\s*\\*"Pari)')
SIGNALS = """
    SELECT Kind, count() FROM signals FINAL
    WHERE Org = {org:String}
      AND TraceId IN (SELECT TraceId FROM otel_traces WHERE Org = {org:String} AND ServiceName = {client:String})
    GROUP BY Kind
"""

CONVERSATIONS_TOLD = """
    SELECT uniqExact(Conversation) FROM (
        SELECT if(max(ConversationId) = '', TraceId, max(ConversationId)) AS Conversation
        FROM otel_traces WHERE Org = 'told' AND ServiceName = {client:String}
        GROUP BY TraceId HAVING max(position(SystemInstructions || InputMessages, {id:String})) > 0)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed in every text of a recording, and in the names of arguments where they are structured.

    Each is an organisation of its own: they are the same conversations.
    """

    org: str
    text: Callable[[str], str]
    key: Callable[[str], str] = str


AS_RECORDED = Change("as-recorded", str)


def ended(org: str, reason: str) -> Change:
    """Another reason why the model stopped."""
    return Change(org, lambda text: reason if text in ENDED else _ENDED_IN_JSON.sub(rf"\1{reason}", text))


CUT_OFF, DECLINED = ended("cut-off", "length"), ended("declined", "content_filter")
SAME_AGAIN = Change("same-again", lambda text: "Pari" if text == "Paris" else _PARIS_IN_JSON.sub(r"\1Pari", text))
"""The second call has the arguments of the first, which failed."""
WRONG_ARGUMENT = Change(
    "wrong-argument", lambda text: _CITY_IN_JSON.sub(r"town\1", text), lambda key: "town" if key == "city" else key
)
LESSON = "Temperatures are given in degrees Celsius."
TOLD_ID = remember(Scope(org="told"), LESSON, "application", "").record_id[:ID]
TOLD = Change("told", lambda text: text.replace(INSTRUCTIONS, f"{INSTRUCTIONS} {LESSON} [{TOLD_ID}]"))
"""The record's line of the prompt section, where each framework puts its system instructions."""
CHANGES = (AS_RECORDED, CUT_OFF, DECLINED, SAME_AGAIN, WRONG_ARGUMENT, TOLD)


def changed(client: str, change: Change) -> bytes:
    request = ExportTraceServiceRequest.FromString(recorded(client))
    for resource in request.resource_spans:
        for span in (span for scope in resource.scope_spans for span in scope.spans):
            _change(span, change)
    return request.SerializeToString()


def _change(span: Span, change: Change) -> None:
    for pair in (*span.attributes, *(pair for event in span.events for pair in event.attributes)):
        if "definitions" not in pair.key and "json_schema" not in pair.key and ".tools" not in pair.key:
            _change_value(pair.value, change)


def _change_value(value: AnyValue, change: Change) -> None:
    if value.HasField("string_value"):
        value.string_value = change.text(value.string_value)
    for one in value.array_value.values if value.HasField("array_value") else ():
        _change_value(one, change)
    pairs: list[KeyValue] = list(value.kvlist_value.values) if value.HasField("kvlist_value") else []
    for pair in pairs:
        pair.key = change.key(pair.key)
        _change_value(pair.value, change)


@pytest.fixture(scope="module")
def detected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A collector that was sent every recording, as it is and changed, and has read all of it."""
    tokens = json.dumps({change.org: change.org for change in CHANGES})
    with collector_process(tmp_path_factory.mktemp("detection"), {"SPANWISE_RECEIVE__TOKENS": tokens}) as collector:
        with collector.channel() as channel:
            credential = (("authorization", f"Bearer {TOLD.org}"),)
            ContextServiceStub(channel).Remember(RememberRequest(content=LESSON), metadata=credential)
            for story in STORIES:
                for change in CHANGES:
                    export(channel, changed(story.client, change), (("authorization", f"Bearer {change.org}"),))
        wait_until(lambda: _processed(collector))
        yield collector


def _processed(collector: CollectorProcess) -> bool:
    ((stored,),) = collector.rows("SELECT count() FROM otel_traces")
    ((read,),) = collector.rows("SELECT sum(Spans) FROM processed FINAL")
    return bool(stored == read > 0)


def seen(collector: CollectorProcess, client: str, change: Change) -> dict[str, int]:
    return {kind: int(number) for kind, number in collector.rows(SIGNALS, {"client": client, "org": change.org})}


stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.client)


@stories
def test_nothing_is_seen_but_what_happened(detected: CollectorProcess, story: Story) -> None:
    happened = {"memory.explicit": 1, "tool.error": 1} | ({"tool.recovered": 1} if story.recovered else {})
    assert seen(detected, story.client, AS_RECORDED) == happened


@stories
def test_an_answer_that_was_cut_off(detected: CollectorProcess, story: Story) -> None:
    ended = sum(reason in ENDED for reason in story.finish_reasons)
    assert seen(detected, story.client, CUT_OFF).get("truncation", 0) == ended


@stories
def test_an_answer_that_was_declined(detected: CollectorProcess, story: Story) -> None:
    ended = sum(reason in ENDED for reason in story.finish_reasons)
    assert seen(detected, story.client, DECLINED).get("refusal", 0) == ended


@stories
def test_the_same_call_again(detected: CollectorProcess, story: Story) -> None:
    found = seen(detected, story.client, SAME_AGAIN)
    assert (found.get("retry", 0), found.get("tool.recovered", 0)) == (int(story.recovered), 0)


@stories
def test_what_its_model_was_told(detected: CollectorProcess, story: Story) -> None:
    ((conversations,),) = detected.rows(CONVERSATIONS_TOLD, {"client": story.client, "id": TOLD_ID})
    assert bool(conversations) is (story.client != "claude_code"), "which does not export its instructions"
    assert seen(detected, story.client, TOLD).get("context.exposure", 0) == conversations


@stories
def test_an_argument_under_a_wrong_name(detected: CollectorProcess, story: Story) -> None:
    sql = "SELECT count() FROM otel_traces WHERE ServiceName = {client:String} AND ToolDefinitions != ''"
    ((defined,),) = detected.rows(sql, {"client": story.client})
    wrong = 2 if defined and story.recovered else 0  # both calls; a client without definitions or arguments cannot tell
    assert seen(detected, story.client, WRONG_ARGUMENT).get("tool.invalid_arguments", 0) == wrong
