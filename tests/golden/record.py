"""Record golden traces again: `python -m tests.golden.record [CLIENT...]`, which `make golden` calls for all."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence, Set
from pathlib import Path

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.golden import RECORDINGS
from tests.golden.environments import Failed, known_clients, run_client
from tests.golden.receiver import Receiver, receiving

DIRECTORY = Path("/srv/agent")
MAX_BYTES = 150_000
PRIVATE_PATHS = frozenset({"/home/", "/root/", "/tmp/", "/Users/"})
PRIVATE_ATTRIBUTES = frozenset(
    {"host.name", "host.id", "process.owner", "process.command_line", "process.command_args"}
)


async def record(client: str, directory: Path, receiver: Receiver) -> str:
    """Run the client and keep what it exported; returns what that was. Raises `Failed`, and keeps nothing then."""
    receiver.take()
    await run_client(client, directory, receiver)
    requests = receiver.take()
    recording = b"".join(requests)
    check(client, recording, PRIVATE_PATHS | paths_of_this_machine())
    (RECORDINGS / f"{client}.otlp").write_bytes(recording)
    return f"{len(requests)} requests, {len(recording):,} bytes"


def check(client: str, recording: bytes, private: Set[str] = PRIVATE_PATHS) -> None:
    """Raise `Failed` if there is nothing, too much, or something that is only of the machine that recorded."""
    if not 0 < len(recording) <= MAX_BYTES:
        raise Failed(f"{len(recording):,} bytes were exported; it should be 1 to {MAX_BYTES:,}")
    for path in private:
        if (position := recording.find(path.encode())) >= 0:
            raise Failed(f"the path {path} is in it: {recording[max(0, position - 80) : position + 80]!r}")
    for resource in parsed(recording).resource_spans:
        attributes = {one.key: one.value.string_value for one in resource.resource.attributes}
        if attributes.get("service.name") != client:
            raise Failed(f"service.name is {attributes.get('service.name')!r}; it should be {client!r}")
        if found := PRIVATE_ATTRIBUTES & attributes.keys():
            raise Failed(f"it has the resource attributes {sorted(found)}; switch that detector off")


def parsed(recording: bytes) -> ExportTraceServiceRequest:
    try:
        return ExportTraceServiceRequest.FromString(recording)
    except DecodeError as error:
        raise Failed(f"what was exported is no OTLP: {error}") from None


def paths_of_this_machine() -> set[str]:
    return {str(Path.home()), str(Path(__file__).parents[2]), tempfile.gettempdir()} - {"/"}


async def record_all(clients: Sequence[str], directory: Path) -> list[str]:
    """Record one client after the other, and say so; returns those that failed."""
    failed = []
    async with receiving() as receiver:
        for number, client in enumerate(clients, start=1):
            print(f"[{number}/{len(clients)}] {client}: ", end="", flush=True)
            try:
                print(await record(client, directory, receiver))
            except Failed as error:
                print(f"failed\n{error}")
                failed.append(client)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden.record", description=__doc__)
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help=f"default: all ({', '.join(known_clients())})")
    parser.add_argument(
        "--directory",
        type=Path,
        default=DIRECTORY,
        help="where the clients and their environments are put; the name gets into stack traces (default: %(default)s)",
    )
    options = parser.parse_args()
    if unknown := set(options.clients) - set(known_clients()):
        parser.error(f"no such client: {', '.join(sorted(unknown))}; there are {', '.join(known_clients())}")
    try:
        options.directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"{options.directory}: {error.strerror}; choose another place with --directory")
    failed = asyncio.run(record_all(options.clients or known_clients(), options.directory))
    if failed:
        print(f"Not recorded: {', '.join(failed)}. Their old recordings are unchanged.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
