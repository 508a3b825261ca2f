"""`empty.retrieval`: a search found nothing.

Read from the documents of a retrieval, and from the shape of the result of a tool that searches by its name. It does
not claim that there was something to find.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from spanwise.processors import Origin, Signal, Span, ToolCall, Trace, signal
from spanwise.processors.tools.calls import QUOTED, call_signal

KIND = "empty.retrieval"
VERSION = "1"

_SEARCHES = re.compile(r"search|retriev|quer|look_?up|find|recall|knowledge|(?:^|_)(?:list|rag)(?:_|$)", re.IGNORECASE)
_FOUND = (
    "results",
    "documents",
    "hits",
    "items",
    "matches",
    "records",
    "rows",
    "chunks",
    "passages",
    "entries",
    "data",
)
_COUNTS = ("total", "count", "total_count", "num_results", "total_results", "found")
_NOTHING = re.compile(
    r"^\W*(?:no (?:\w+ )?(?:results?|documents?|matches|records?|entries|hits|items)(?: (?:were )?found)?"
    r"|nothing(?: was)? found|0 results?|none found|not found)\b[^.\n]{0,80}[.!]?\W*$",
    re.IGNORECASE,
)
DOCUMENTS = ("gen_ai.retrieval.documents", "retrieval.documents")


def empty_retrievals(trace: Trace) -> Iterable[Signal]:
    """One signal for each search without a hit. Details: `tool` (or the retrieval's name), `query`."""
    for span in trace.spans:
        if span.operation == "retrieval" and _is_empty(_documents(span)):
            yield _retrieval(trace, span)
    for call in trace.tool_calls:
        if call.error or not _SEARCHES.search(call.name):
            continue
        if empty := _emptiness(call):
            details = {"query": call.arguments[:QUOTED]}
            yield call_signal(KIND, trace, call, quote=call.result, confidence=empty, version=VERSION, details=details)


def _documents(span: Span) -> str:
    return next((span.attributes[key] for key in DOCUMENTS if key in span.attributes), span.tool_result)


def _is_empty(text: str) -> bool:
    return text.strip() in ("[]", "{}", "null")


def _emptiness(call: ToolCall) -> float:
    """How sure the result makes us that nothing was found; 0 if it does not say so."""
    text = call.result.strip()
    if text in ("[]", "{}", "null", '""'):
        return 0.9
    if len(text) < 200 and _NOTHING.match(text):
        return 0.75
    return 0.9 if text.startswith("{") and len(text) < 2_000 and _says_none(text) else 0.0


def _says_none(text: str) -> bool:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and _without_hits(fields)


def _without_hits(fields: Mapping[str, Any]) -> bool:
    found = [fields[name] for name in _FOUND if name in fields]
    counts = [fields[name] for name in _COUNTS if name in fields]
    return bool(found or counts) and not any(found) and not any(counts)


def _retrieval(trace: Trace, span: Span) -> Signal:
    query = span.attributes.get("gen_ai.retrieval.query.text", "") or span.tool_arguments
    return signal(
        KIND,
        trace,
        quote=_documents(span),
        said_by=Origin.TOOL,
        span_id=span.span_id,
        at=span.start,
        confidence=0.95,
        detector=KIND,
        version=VERSION,
        details={"tool": span.tool_name or span.name, "query": query[:QUOTED]},
        occurrence=span.span_id,
    )
