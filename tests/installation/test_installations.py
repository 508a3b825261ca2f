"""What users install: a wheel, whose modules are compiled, and the sources where there is no compiler.

Both are installed into virtual environments of their own, from the package index, and run as a user runs them.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

import pytest

from tests.exporting import export
from tests.golden import recorded
from tests.processes import CollectorProcess

ROOT = Path(__file__).parent.parent.parent
UV = Path(sys.executable).with_name("uv")
CLIENTS = ("pydantic_ai_slim", "vercel_ai", "strands_agents")
ROWS = "SELECT * EXCEPT (StoredAt, RequestHash) FROM otel_traces ORDER BY SpanId"

pytestmark = pytest.mark.timeout(900)


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """What the command says. Skips where the index cannot be reached, but not in continuous integration."""
    variables = {**os.environ, **(environment or {})}
    ran = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if ran.returncode and "dns error" in ran.stderr and not os.environ.get("CI"):
        pytest.skip("the package index cannot be reached")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def installed(directory: Path, source: Path, environment: Mapping[str, str] | None = None) -> Path:
    """The folder of the commands of a new virtual environment that has the distribution."""
    run(UV, "venv", "--quiet", "--python", sys.executable, directory)
    python = directory / "bin" / "python"
    constraints = ("--constraint", ROOT / "requirements.lock")
    run(UV, "pip", "install", "--quiet", "--python", python, *constraints, source, environment=environment)
    return directory / "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "setup.py", "--quiet", "bdist_wheel", "--dist-dir", directory)
    (built,) = directory.glob("spanwise-*.whl")
    return built


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    return installed(tmp_path_factory.mktemp("compiled") / "venv", wheel)


@pytest.fixture(scope="module")
def interpreted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("interpreted")
    sources = directory / "sources"
    made = shutil.ignore_patterns("*.so", "*.c", "__pycache__")
    shutil.copytree(ROOT / "spanwise", sources / "spanwise", ignore=made)
    for name in ("setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, sources)
    return installed(directory / "venv", sources, {"CC": "no-such-compiler", "CXX": "no-such-compiler"})


def compiled_modules() -> Sequence[str]:
    """Those that setup.py names."""
    with patch("setuptools.setup"), patch("Cython.Build.cythonize", return_value=[]):
        setup = runpy.run_path(str(ROOT / "setup.py"))
    return [".".join((setup["OTLP"] / module).with_suffix("").parts) for module in setup["MODULES"]]


def files(commands: Path, modules: Sequence[str]) -> Mapping[str, str]:
    """Where that installation has its modules; empty where it has none of that name."""
    program = (
        "import sys, json, importlib.util as u;"
        "found = {name: u.find_spec(name) for name in sys.argv[1:]};"
        "print(json.dumps({name: spec.origin if spec else '' for name, spec in found.items()}))"
    )
    answer = run(commands / "python", "-I", "-W", "ignore", "-c", program, *modules)
    found: Mapping[str, str] = json.loads(answer)
    return found


def stored(directory: Path, commands: Path) -> tuple[Sequence[Sequence[Any]], str]:
    """The rows that the installation's collector makes of recorded requests, and what it printed."""
    directory.mkdir()
    collector = CollectorProcess(directory, executable=str(commands / "spanwise"))
    collector.start()
    try:
        with collector.channel() as channel:
            for client in CLIENTS:
                export(channel, recorded(client))
        return collector.rows(ROWS), collector.log.read_text()
    finally:
        collector.stop()


def test_a_wheel_has_every_compiled_module(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    modules = compiled_modules()
    assert len(modules) > 10
    for module in modules:
        path = module.replace(".", "/")
        assert any(name.startswith(f"{path}.") and name.endswith(".so") for name in names), module


def test_an_installed_wheel_runs_what_was_compiled(compiled: Path) -> None:
    for module, file in files(compiled, compiled_modules()).items():
        assert file.endswith(".so"), module
        assert Path(file).is_relative_to(compiled.parent), module


def test_without_a_compiler_the_sources_are_installed(interpreted: Path) -> None:
    for module, file in files(interpreted, compiled_modules()).items():
        assert file.endswith(".py") or module.endswith(".native"), module
        assert not file or Path(file).is_relative_to(interpreted.parent), module


def test_both_store_the_same_rows_and_the_slow_one_says_so(compiled: Path, interpreted: Path, tmp_path: Path) -> None:
    rows, said = stored(tmp_path / "compiled", compiled)
    assert len(rows) > 10
    assert "without its compiled modules" not in said
    slow_rows, slow_said = stored(tmp_path / "interpreted", interpreted)
    assert slow_rows == rows
    assert "Spanwise runs without its compiled modules" in slow_said
