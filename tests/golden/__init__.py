"""Golden traces: what real agent frameworks export, byte for byte, and what an analyst should find of it in the store.

Every client in `clients/` tells one story (`clients/story.json`): a user asks to be remembered, and then for the
weather in Paris; the tool fails on a misspelt city, and succeeds when the model calls it again. The frameworks, their
instrumentation and their exporters are real. Only the model is not: `fake_models` plays its part.

`recordings/<client>.otlp` holds the requests that the client exported, one after the other, which protobuf reads as
one `ExportTraceServiceRequest`. Nothing in them is edited. `test_analysts` sends them to a running collector.

    make golden                                 record all again; only ids and times should change
    python -m tests.golden.record CLIENT...     record some; see --help

Recording needs the package registries, and Node 20 for the clients in JavaScript. Clients run as copies in
/srv/agent, since stack traces hold paths, and are told nothing else of the machine. A recording with its paths is
refused.

To add a client, write `clients/<client>.py`, with the versions that it needs in its header, under another name than
the packages that it imports (or a folder with `package.json` and `agent.mjs`); record it; and say in `stories` what
an analyst should get.

Not here: Codex. Version 0.169 runs against a local model, but its traces, 500 spans of its own internals for each
turn, hold no prompt, argument or result; it exports those as logs only.
"""

from __future__ import annotations

from pathlib import Path

CLIENTS = Path(__file__).parent / "clients"
RECORDINGS = Path(__file__).parent / "recordings"


def recorded(client: str) -> bytes:
    """The requests that the client exported, as one."""
    return (RECORDINGS / f"{client}.otlp").read_bytes()
