"""The committed code of `proto/` is what its generator writes today."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
GENERATOR = REPOSITORY / "tools" / "generate_proto.sh"


def test_generated_code_is_current(tmp_path: Path) -> None:
    subprocess.run([GENERATOR, tmp_path], check=True, env={**os.environ, "PYTHON": sys.executable}, capture_output=True)
    fresh, committed = _code(tmp_path), _code(REPOSITORY)
    assert fresh.keys() == committed.keys()
    stale = [name for name, text in fresh.items() if committed[name] != text]
    assert not stale, "run tools/generate_proto.sh and commit what it writes"


def _code(root: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (root / "spanwise" / "v1").glob("*_pb2*")}
