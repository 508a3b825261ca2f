"""Any number of spans as agents emit them, made inside ClickHouse, so that a large table is filled in a minute.

Trace and conversation are numbers here; a trace's spans, and a conversation's traces, lie apart as they do in life:
with spans of others between them, so that they are in several parts and in many granules.
"""

import re
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

from clickhouse_connect.driver.client import Client

SPANS = Path(__file__).with_suffix(".sql").read_text()
NAMES = ", ".join(re.findall(r"AS ([A-Z]\w+)", SPANS))
SPANS_A_TRACE, TRACES_AT_ONCE, TURNS, BETWEEN_TURNS = 15, 200, 5, 1000  # as agent_spans.sql has them
START, DAYS = 1_790_000_000, 2.5  # Unix seconds of the first span; days from the first to the last
PROSE = " ".join(md5(str(word % 397).encode()).hexdigest()[: 2 + word % 9] for word in range(1500))


def select(first: int, count: int, total: int) -> str:
    """Return a SELECT of spans `first` to `first + count` of `total`, all stored when the last of them ended."""
    step = DAYS * 86400 / total
    stored = int((START + (first + count) * step) * 1e6)
    return SPANS.format(first=first, count=count, start=START, step=step, stored=stored, prose=PROSE)


def blocks(total: int) -> Iterator[tuple[int, int]]:
    """Yield (first span, spans) of each part: the older nine tenths as merged long ago, the newest as just stored."""
    old = total * 9 // 10
    for start, end, parts in ((0, old, 60), (old, total, 100)):
        size = (end - start) // parts
        yield from ((start + part * size, size) for part in range(parts))


def fill(client: Client, target: str, spans: str, count: int) -> None:
    """Insert the spans of a SELECT, which names its columns as the table does, as one part."""
    client.command(
        f"INSERT INTO {target} ({NAMES}) SELECT {NAMES} FROM ({spans}) SETTINGS max_threads = 1, "
        f"max_block_size = {count}, max_insert_block_size = {count}, min_insert_block_size_rows = {count}, "
        "min_insert_block_size_bytes = 0, insert_deduplicate = 0"
    )


def trace_id(trace: int) -> str:
    """Return the id that `select` gives to the trace of this number."""
    return md5(str(trace).encode()).hexdigest()


def conversation_id(trace: int) -> str:
    """Return the id of the conversation that `select` puts the trace of this number into."""
    return f"conv_{md5(f'c{conversation_number(trace)}'.encode()).hexdigest()}"


def org(trace: int) -> str:
    """Return the organisation whose trace it is."""
    return f"org-{conversation_number(trace) % 3}"


def conversation_number(trace: int) -> int:
    """Return the number of the conversation that `select` puts this trace into."""
    return trace // (TURNS * BETWEEN_TURNS) * BETWEEN_TURNS + trace % BETWEEN_TURNS
