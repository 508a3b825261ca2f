"""No input makes the compiled modules read or write outside of what is theirs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.fuzz import sanitized


@pytest.mark.timeout(900)
def test_mutated_requests_under_the_sanitizers() -> None:
    if shutil.which("gcc") is None:
        assert not os.environ.get("CI"), "CI needs gcc, with its sanitizers"
        pytest.skip("there is no gcc here")
    sanitized.build()
    command = [sys.executable, "-m", "tests.fuzz", "--inputs", "20000", "--seed", "short"]
    ran = subprocess.run(command, env=sanitized.environment(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"build/sanitized/.*/scan\..*so", ran.stderr.replace("\n", "")), "what was fuzzed is compiled"
    assert "20,000 inputs" in ran.stdout
