"""OTLP attribute values as the text that ClickHouse stores."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Sequence

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


def pairs(attributes: Iterable[KeyValue]) -> Sequence[tuple[str, str]]:
    """Every attribute as text, in order, also those whose key stands twice."""
    return [(attribute.key, text(attribute.value)) for attribute in attributes]


def text(value: AnyValue) -> str:
    """A string as it is, bytes as base64, arrays and key-value lists as compact JSON; no value is the empty text."""
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case "double_value":
            return repr(value.double_value)
        case None:
            return ""
        case _:
            return _json(value)


def json_object(attributes: Iterable[KeyValue]) -> str:
    """A JSON object of every pair in order, also those whose key stands twice."""
    members = (f"{_string(attribute.key)}:{_json(attribute.value)}" for attribute in attributes)
    return f"{{{','.join(members)}}}"


def _json(value: AnyValue) -> str:
    match value.WhichOneof("value"):
        case "array_value":
            return f"[{','.join(map(_json, value.array_value.values))}]"
        case "kvlist_value":
            return json_object(value.kvlist_value.values)
        case None:
            return "null"
        case kind:
            return _scalar(getattr(value, kind))


def _scalar(value: str | bool | int | float | bytes) -> str:
    if isinstance(value, bytes):
        return _string(base64.b64encode(value).decode())
    if isinstance(value, float) and not math.isfinite(value):
        return _string(repr(value))  # JSON has no word for these; as strings they stay what they were
    return json.dumps(value, ensure_ascii=False)


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
