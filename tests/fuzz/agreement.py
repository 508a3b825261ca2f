"""Does the scan say of some bytes what protobuf says, and what is made of them what the oracle makes?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector.otlp.admit import admit
from spanwise.collector.otlp.block import Request, span_rows
from spanwise.collector.otlp.malformed import Malformed
from spanwise.collector.otlp.scan import scan
from spanwise.collector.otlp.split import split
from tests.fuzz.messages import any_of
from tests.fuzz.mutations import mutated, nearby

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
NEIGHBOURS = 9
CUT = 0.01
"""The share of valid inputs that are also admitted, split and written as a block."""
EXPLAINED = 0.01
"""The share of refusals that are explained: that is a walk in Python."""
SAYS_WHERE = re.compile(r"at byte [\d,]+")


class Disagreement(AssertionError):
    """The input, in hexadecimal, and what was said of it."""


@dataclass(slots=True)
class Tally:
    inputs: int = 0
    valid: int = 0
    spans: int = 0
    blocks: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.inputs + other.inputs,
            self.valid + other.valid,
            self.spans + other.spans,
            self.blocks + other.blocks,
        )


def inputs(seed: str, count: int) -> Iterator[bytes]:
    """Mutated requests, each with some of its neighbours, which differ in a few bytes. The same for the same seed."""
    random = Random(seed)
    for number in range(count):
        if number % (NEIGHBOURS + 1) == 0:
            data = mutated(any_of(random), any_of(random), random)
            yield data
        else:
            yield nearby(data, random)


def check(seed: str, count: int) -> Tally:
    """Raises `Disagreement` at the first of so many inputs that is seen otherwise than by protobuf."""
    tally = Tally()
    random = Random(f"{seed}, and what is cut")
    for data in inputs(seed, count):
        tally.inputs += 1
        try:
            _check(data, tally, random)
        except Disagreement:
            raise
        except Exception as error:
            raise Disagreement(f"{data.hex()}: {type(error).__name__}: {error}") from error
    return tally


def _check(data: bytes, tally: Tally, random: Random) -> None:
    try:
        message = ExportTraceServiceRequest.FromString(data)
    except DecodeError as error:
        refused(data, str(error), explain=random.random() < EXPLAINED)
        return
    spans = sum(len(scope.spans) for resource in message.resource_spans for scope in resource.scope_spans)
    tally.valid += 1
    tally.spans += spans
    if (scanned := len(scan([data]))) != spans:
        raise Disagreement(f"{data.hex()}: {scanned} spans, and protobuf finds {spans}")
    if random.random() < CUT:
        _check_cuts(data, spans_of(message), random.randrange(40, 2_000))
        tally.blocks += 1


def refused(data: bytes, why: str, *, explain: bool) -> None:
    """The scan must refuse the input, and say where it is malformed."""
    try:
        scan([data], explain)
    except Malformed as malformed:
        if SAYS_WHERE.search(str(malformed)):
            return
        raise Disagreement(f"{data.hex()}: refused without a position: {malformed}") from None
    raise Disagreement(f"{data.hex()}: taken, and protobuf says: {why}")


def spans_of(message: Any) -> list[bytes]:
    """The spans of a request, in their order."""
    scopes = (scope for resource in message.resource_spans for scope in resource.scope_spans)
    return [span.SerializeToString(deterministic=True) for scope in scopes for span in scope.spans]


def parsed(data: bytes) -> list[bytes]:
    return spans_of(ExportTraceServiceRequest.FromString(data))


def _check_cuts(data: bytes, spans: Sequence[bytes], limit: int) -> None:
    """What is admitted and what is refused, and what a request is split into, are all of its spans, each once."""
    admission = admit(data)
    kept, left_out = parsed(admission.data), parsed(admission.refused)
    if admission.rejected == 0:
        left_out = []
    if len(kept) != admission.spans or Counter(kept + left_out) != Counter(spans):
        raise Disagreement(f"{data.hex()}: admitted {len(kept)} and left out {len(left_out)} of {len(spans)} spans")
    parts = split(data, limit)
    if any(len(part) > limit for part in parts.parts):
        raise Disagreement(f"{data.hex()}: split into parts larger than {limit} bytes")
    found = [span for part in parts.parts for span in parsed(part)]
    if len(found) != parts.spans or len(found) + len(parts.faults) != len(spans) or Counter(found) - Counter(spans):
        raise Disagreement(f"{data.hex()}: split at {limit} bytes into {len(found)} of {len(spans)} spans")
    if span_rows([Request(admission.data, "org", bytes(16))], NOW).rows != len(kept):
        raise Disagreement(f"{data.hex()}: another number of rows than the {len(kept)} spans admitted")


def admitted(seed: str, count: int) -> Sequence[Request]:
    """Of so many inputs what can be stored, for a comparison of rows with the oracle."""
    found = []
    for number, data in enumerate(inputs(seed, count)):
        try:
            admission = admit(data)
        except Malformed:
            continue
        if admission.spans:
            found.append(Request(admission.data, "org", number.to_bytes(16, "big")))
    return found
