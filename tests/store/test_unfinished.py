"""An engine that is killed in the middle of an insert: what is repeated then is stored, and nothing twice."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.processes import CollectorProcess, store_process

TABLE = """
CREATE TABLE t (n UInt8) ENGINE = MergeTree PARTITION BY n ORDER BY n
SETTINGS non_replicated_deduplication_window = 100
"""


def insert(server: CollectorProcess, number: int) -> None:
    """With a token of its own."""
    client = server.client()
    try:
        client.raw_insert("t", ["n"], str(number), {"insert_deduplication_token": f"token {number}"}, "TSV")
    finally:
        client.close()


def part_of(server: CollectorProcess, number: int) -> Path:
    ((path,),) = server.rows(f"SELECT path FROM system.parts WHERE table = 't' AND partition = '{number}' AND active")
    return Path(path)


def test_an_insert_whose_token_alone_was_written_can_be_repeated(tmp_path: Path) -> None:
    with store_process(tmp_path) as server:
        client = server.client()
        client.command(TABLE)
        client.close()
        for number in (1, 2, 3):
            insert(server, number)
        last = part_of(server, 3)
        server.kill()
        shutil.rmtree(last)  # as if it had been killed before it named the part
        server.start()
        for number in (1, 2, 3, 3):
            insert(server, number)
        assert server.rows("SELECT n FROM t ORDER BY n") == [(1,), (2,), (3,)]
        server.kill()
        server.start()
        insert(server, 3)
        assert server.rows("SELECT n FROM t ORDER BY n") == [(1,), (2,), (3,)]
