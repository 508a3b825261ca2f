"""Labelled conversations: reading them, and writing them as the spans that an agent would have sent.

Two forms of JSON lines: conversations (`messages`, `expect`, `must_not`, `doubt`), and single utterances (`text`,
`durable`), which count as conversations of one message.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.requests import attributes, request, span

OURS = Path(__file__).resolve().parent / "data"
"""Labelled data of our own."""
AGENT = "labelled"
SPANS_EACH = 400
"""In one request."""
_TOOL = "tool_call_response"


@dataclass(frozen=True)
class Case:
    """One labelled conversation; `data` is the line of the file."""

    id: str
    data: Mapping[str, Any]

    @cached_property
    def messages(self) -> Sequence[Mapping[str, str]]:
        return self.data.get("messages") or [{"role": "user", "content": self.data["text"]}]

    @cached_property
    def expected(self) -> Mapping[tuple[str, int], Mapping[str, Any]]:
        """What should be seen, by kind and message."""
        if "text" in self.data:
            return {("memory.explicit", 0): {}} if self.data["durable"] else {}
        return {(one["kind"], one["message"]): one for one in self.data["expect"]}

    @property
    def is_utterance(self) -> bool:
        return "text" in self.data

    @property
    def domain(self) -> str:
        return str(self.data.get("domain") or self.data.get("intent", ""))

    @property
    def language(self) -> str:
        return str(self.data.get("lang", "en"))

    @property
    def doubtful(self) -> bool:
        return "doubt" in self.data

    @property
    def must_not(self) -> Sequence[str]:
        return list(self.data.get("must_not", ()))

    @property
    def has_injection(self) -> bool:
        return "injection" in self.data.get("tags", ())


def read(path: Path) -> list[Case]:
    """Raises ValueError, with file and line, for what is of neither form."""
    cases = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            data = json.loads(line)
            if not ("messages" in data and "expect" in data) and not ("text" in data and "durable" in data):
                raise ValueError(f"{path}:{number} has neither messages and expect, nor text and durable")
            cases.append(Case(f"{path.stem}:{data.get('id', number)}", data))
    return cases


def trace_id(case: Case) -> bytes:
    return blake2b(case.id.encode(), digest_size=16).digest()


def span_id(message: int) -> bytes:
    return (message + 1).to_bytes(8, "big")


def spans(case: Case) -> Iterator[Span]:
    """A model call for each thing that the user says, with the conversation so far and what was answered."""
    began = time.time_ns() - 10**9 * (len(case.messages) + 1)
    for number, message in enumerate(case.messages):
        if message["role"] == "user":
            answer = case.messages[number + 1 : number + 2]
            said = [one for one in answer if one["role"] == "assistant"]
            start = began + number * 10**9
            yield span(
                "chat",
                *attributes(
                    {
                        "gen_ai.operation.name": "chat",
                        "gen_ai.agent.name": AGENT,
                        "gen_ai.conversation.id": case.id,
                        "user.id": case.id,
                        "gen_ai.input.messages": json.dumps([_written(one) for one in case.messages[: number + 1]]),
                        "gen_ai.output.messages": json.dumps([_written(one) for one in said]),
                    }
                ),
                trace_id=trace_id(case),
                span_id=span_id(number),
                start=start,
                end=start + 10**8,
            )


def requests(cases: Iterable[Case]) -> Iterator[tuple[bytes, int]]:
    """OTLP requests, each with its number of spans."""
    waiting: list[Span] = []
    for case in cases:
        waiting += spans(case)
        if len(waiting) >= SPANS_EACH:
            yield request(*waiting).SerializeToString(), len(waiting)
            waiting = []
    if waiting:
        yield request(*waiting).SerializeToString(), len(waiting)


def _written(message: Mapping[str, str]) -> Mapping[str, Any]:
    if message["role"] == "tool":
        part = {"type": _TOOL, "id": message.get("name", ""), "response": message["content"]}
    else:
        part = {"type": "text", "content": message["content"]}
    return {"role": message["role"], "parts": [part]}
