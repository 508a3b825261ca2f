"""OTLP attribute values as the text that ClickHouse stores."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


def texts(attributes: Iterable[KeyValue]) -> dict[str, str]:
    """Every attribute as text: arrays and key-value lists as JSON, bytes as base64, nothing dropped."""
    return {attribute.key: text(attribute.value) for attribute in attributes}


def text(value: AnyValue) -> str:
    if value.HasField("string_value"):
        return value.string_value
    plain = _plain(value)
    if isinstance(plain, str):
        return plain
    return "" if plain is None else json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    match kind:
        case None:
            return None
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case "double_value":
            # JSON has no word for these; as strings they stay what they were.
            return value.double_value if math.isfinite(value.double_value) else str(value.double_value)
        case "array_value":
            return [_plain(item) for item in value.array_value.values]
        case "kvlist_value":
            return {item.key: _plain(item.value) for item in value.kvlist_value.values}
        case _:
            return getattr(value, kind)
