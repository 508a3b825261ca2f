"""What mutations begin with: small requests, of real clients and with every field that OTLP has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

RECORDINGS = Path(__file__).parent.parent / "golden" / "recordings"
LARGEST = 1_500
"""Bytes of a request to begin with: many small ones find more than a few large ones."""
TEXTS = ("", "a", "chat", "gen_ai.operation.name", "service.name", "ä€😀", "input.value", "[]", '[{"parts":[]}]')
NUMBERS = (0, 1, 2, 127, 128, 2**31 - 1)

_SCALARS: Mapping[int, Callable[[Random], Any]] = {
    FieldDescriptor.TYPE_STRING: lambda random: random.choice(TEXTS),
    FieldDescriptor.TYPE_BYTES: lambda random: random.randbytes(random.choice((0, 7, 8, 16, 16, 17))),
    FieldDescriptor.TYPE_BOOL: lambda random: random.random() < 0.5,
    FieldDescriptor.TYPE_DOUBLE: lambda random: random.choice((0.0, 0.1, -1.5e300, float("inf"), float("nan"))),
    FieldDescriptor.TYPE_ENUM: lambda random: random.randrange(7),
}


@cache
def recorded() -> Sequence[bytes]:
    """The spans of the recorded clients, each as a request of its own."""
    found = []
    for path in sorted(RECORDINGS.glob("*.otlp")):
        for resource in ExportTraceServiceRequest.FromString(path.read_bytes()).resource_spans:
            for scope in resource.scope_spans:
                found += [_alone(resource, scope, span) for span in scope.spans]
    return [data for data in found if len(data) <= LARGEST]


def _alone(resource: Any, scope: Any, span: Any) -> bytes:
    request = ExportTraceServiceRequest()
    one = request.resource_spans.add(resource=resource.resource, schema_url=resource.schema_url)
    one.scope_spans.add(scope=scope.scope, schema_url=scope.schema_url).spans.append(span)
    return request.SerializeToString()


def invented(random: Random) -> bytes:
    """A request with any of the fields that its messages have, and the messages in it."""
    while True:
        data = _message(ExportTraceServiceRequest.DESCRIPTOR, random, 0).SerializeToString()
        if len(data) <= LARGEST:
            return data


def _message(descriptor: Descriptor, random: Random, depth: int) -> Message:
    message = GetMessageClass(descriptor)()
    for field in descriptor.fields:
        if random.random() < (0.9 if depth < 3 else 0.5) and depth < 12:
            _fill(message, field, random, depth)
    return message


def _fill(message: Message, field: FieldDescriptor, random: Random, depth: int) -> None:
    values = [_value(field, random, depth) for _ in range(random.randrange(1, 3) if field.is_repeated else 1)]
    if field.is_repeated:
        getattr(message, field.name).extend(values)
    elif field.message_type is not None:
        getattr(message, field.name).CopyFrom(values[0])
    else:
        setattr(message, field.name, values[0])


def _value(field: FieldDescriptor, random: Random, depth: int) -> Any:
    if field.message_type is not None:
        return _message(field.message_type, random, depth + 1)
    return _SCALARS.get(field.type, _number)(random)


def _number(random: Random) -> int:
    return random.choice(NUMBERS)


def any_of(random: Random) -> bytes:
    return random.choice(recorded()) if random.random() < 0.5 else random.choice(_some_invented())


@cache
def _some_invented() -> Sequence[bytes]:
    random = Random("messages")
    return [invented(random) for _ in range(500)]
