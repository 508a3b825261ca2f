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
START, SPANS_A_SECOND = 1_790_035_200, 50  # Unix seconds of the first span, a midnight; a trace takes a minute
OLDER_BLOCKS = 60
WORDS = [md5(str(word).encode()).hexdigest()[: 2 + word % 9] for word in range(2048)]


def select(first: int, count: int) -> str:
    """Return a SELECT of spans `first` to `first + count`, all stored when the last of them ended."""
    stored = int(ended(first + count) * 1e6)
    return SPANS.format(first=first, count=count, start=START, rate=SPANS_A_SECOND, stored=stored, words=WORDS)


def ended(count: int) -> float:
    """Return the Unix seconds at which so many spans had ended."""
    return START + count / SPANS_A_SECOND


def blocks(total: int, newest: int = 100) -> Iterator[tuple[int, int]]:
    """Yield (first span, spans) of each part: of the older nine tenths as merged long ago, of the rest as stored."""
    old = total * 9 // 10
    for start, end, parts in ((0, old, OLDER_BLOCKS), (old, total, newest)):
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


def service(trace: int) -> str:
    """Return the service that sent the trace."""
    return f"agent-{conversation_number(trace) % 10}"


def user(trace: int) -> str:
    """Return the user whose turn it is."""
    return f"user-{conversation_number(trace) % 20_000}"
