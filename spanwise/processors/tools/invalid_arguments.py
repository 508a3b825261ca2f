"""`tool.invalid_arguments`: a call whose arguments break the schema under which the model was offered the tool.

It does not claim that the call failed: many tools convert what they are given. A tool whose definition is not in the
trace, and arguments that are bare text, are not judged.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any

import jsonschema_rs

from spanwise.processors import Origin, Signal, ToolCall, Trace
from spanwise.processors.tools.calls import QUOTED, call_signal

KIND = "tool.invalid_arguments"
VERSION = "1"


def invalid_arguments(trace: Trace) -> Iterable[Signal]:
    """One signal for each call. The quote is what the schema says; details: `tool`, `path`, `rule`, `arguments`."""
    schemas = {tool.name: tool.parameters for span in trace.spans for tool in span.tool_definitions if tool.parameters}
    for call in trace.tool_calls if schemas else ():
        error = _error(schemas.get(call.name, ""), call)
        if error is not None:
            yield call_signal(
                KIND,
                trace,
                call,
                quote=error.message,
                said_by=Origin.ASSISTANT,  # the model chose the arguments
                confidence=0.97 if call.error else 0.8,
                version=VERSION,
                details={
                    "path": "/".join(map(str, error.instance_path)),
                    "rule": "/".join(map(str, error.schema_path)),
                    "arguments": call.arguments[:QUOTED],
                },
            )


def _error(schema: str, call: ToolCall) -> jsonschema_rs.ValidationError | None:
    given = _object(call.arguments)
    validator = _validator(schema) if schema and given is not None else None
    return next(iter(validator.iter_errors(given)), None) if validator else None


def _object(text: str) -> Mapping[str, Any] | None:
    """An empty text is a call without arguments."""
    try:
        given = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


# Schemas come from strangers: nothing is fetched for them, and their patterns cannot take for ever, since the library
# bounds backtracking. Rejected for this: the library in Python, whose patterns can hang the worker.
@functools.lru_cache(maxsize=256)
def _validator(schema: str) -> jsonschema_rs.Validator | None:
    """None for what is no schema."""
    try:
        return jsonschema_rs.validator_for(json.loads(schema), offline=True)
    except (ValueError, RecursionError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return None
