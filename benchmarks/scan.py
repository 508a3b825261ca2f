"""What the one scan costs: OTLP bytes to the tape, and to a finished Native block, against protobuf.

    python -m benchmarks.scan [--rounds 30] [--json]

CPU time, best of many rounds in which all sides take turns, since the machine is rarely ours alone. The batch is what
the store role joins into one insert, 16 MiB. `FromString` is protobuf's own parser in C, which reads no field and
writes nothing; the plain decoder is that of tests/otlp/oracle: `FromString`, every field read in Python, RowBinary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from benchmarks.bodies import KINDS, SPANS
from benchmarks.report import Figure, parser, report
from spanwise.collector.allocator import keep_freed_memory
from spanwise.collector.otlp.block import Request, span_rows
from spanwise.collector.otlp.scan import scan
from tests.otlp.oracle.rows import oracle_rows

BATCH_BYTES = 16 * 1024 * 1024
NOW = datetime.now(UTC)
SCAN_BOUNDS = {"lean": 1.5, "agent": 1.0}
BLOCK_BOUND, DECODER_BOUND = 0.4, 15.0
RECORDINGS = Path(__file__).parent.parent / "tests" / "golden" / "recordings"
DIALECTS = ("langchain_openinference", "traceloop_sdk_legacy", "vercel_ai", "strands_agents")


def best(sides: Mapping[str, Callable[[], object]], rounds: int) -> Mapping[str, float]:
    """The least CPU seconds of each side."""
    least = dict.fromkeys(sides, float("inf"))
    for _ in range(rounds):
        for name, side in sides.items():
            start = time.process_time()
            side()
            least[name] = min(least[name], time.process_time() - start)
    return least


def parse(batch: Sequence[bytes]) -> None:
    """One message at a time: a parser that kept all of them would be slower."""
    for data in batch:
        ExportTraceServiceRequest.FromString(data)


def measure(kind: str, rounds: int) -> Iterator[Figure]:
    """The figures of one kind of spans."""
    body = KINDS[kind]
    distinct = [body(seed) for seed in range(4)]
    count = BATCH_BYTES // len(distinct[0])
    batch = [distinct[number % len(distinct)] for number in range(count)]
    requests = [Request(data, "org", number.to_bytes(16, "big")) for number, data in enumerate(batch)]
    spans = count * SPANS
    spent = best(
        {
            "parser": lambda: parse(batch),
            "scan": lambda: scan(batch),
            "block": lambda: span_rows(requests, NOW),
        },
        rounds,
    )
    plain = best({"decoder": lambda: oracle_rows(requests[:4], NOW)}, 3)["decoder"] * count / 4
    rate = {name: spans / seconds for name, seconds in {**spent, "decoder": plain}.items()}
    unit, parsing = "spans/CPU s", "FromString"
    yield Figure(f"{kind}: protobuf's FromString", rate["parser"], unit)
    yield Figure(f"{kind}: scan", rate["scan"], unit, rate["scan"] / rate["parser"], parsing, SCAN_BOUNDS[kind])
    yield Figure(f"{kind}: block", rate["block"], unit, rate["block"] / rate["parser"], parsing, BLOCK_BOUND)
    yield Figure(f"{kind}: block", rate["block"], unit, rate["block"] / rate["decoder"], "plain decoder", DECODER_BOUND)


def measure_dialects(clients: Sequence[str], rounds: int) -> Iterator[Figure]:
    """What other dialects cost, whose messages are made in Python: recordings of real clients, for information."""
    for client in clients:
        requests = [Request((RECORDINGS / f"{client}.otlp").read_bytes(), "org", bytes(16))] * 20
        seconds = best({"block": lambda requests=requests: span_rows(requests, NOW)}, rounds)["block"]  # type: ignore[misc]
        yield Figure(f"{client}: block", span_rows(requests, NOW).rows / seconds, "spans/CPU s")


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", type=int, default=30)
    chosen = arguments.parse_args()
    keep_freed_memory()  # as a collector does

    def figures() -> Iterator[Figure]:
        for kind in KINDS:
            yield from measure(kind, chosen.rounds)
        yield from measure_dialects(DIALECTS, max(3, chosen.rounds // 10))

    report("The scan", figures(), as_json=chosen.json)


if __name__ == "__main__":
    main()
