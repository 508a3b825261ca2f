"""Who may import whom: the architecture, as a table."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import spanwise

ROOT = Path(spanwise.__file__).parent
C = "spanwise.collector"

ALLOWED: Mapping[str, tuple[str, ...]] = {
    f"{C}.model": (),
    f"{C}.allocator": (),
    f"{C}.errors": (),
    f"{C}.access": (f"{C}.model",),
    f"{C}.browsers": (),
    f"{C}.refusals": (f"{C}.access", f"{C}.errors"),
    f"{C}.metrics": (),
    f"{C}.unicode": (),
    f"{C}.directory": (),
    f"{C}.settings": (f"{C}.model", f"{C}.bus.kafka.settings", f"{C}.store.url", f"{C}.deliver.settings"),
    f"{C}.servers": (f"{C}.settings",),
    "spanwise.processors": (f"{C}.model",),
    f"{C}.conversation": (f"{C}.model",),
    f"{C}.bus": (f"{C}.errors",),
    f"{C}.otlp": (f"{C}.errors", f"{C}.unicode"),
    f"{C}.store": (f"{C}.model", f"{C}.errors", f"{C}.unicode", f"{C}.browsers"),
    f"{C}.context": (
        *(f"{C}.model", f"{C}.errors", f"{C}.access", f"{C}.refusals", f"{C}.unicode", f"{C}.store"),
        *("spanwise.processors", "spanwise.v1"),
    ),
    f"{C}.erasure": (
        *(f"{C}.model", f"{C}.errors", f"{C}.bus", f"{C}.store", f"{C}.context", f"{C}.otlp"),
        "spanwise.processors",
    ),
    f"{C}.deliver": (
        *(f"{C}.model", f"{C}.errors", f"{C}.store", f"{C}.context", f"{C}.bus", f"{C}.access", f"{C}.refusals"),
        "spanwise.v1",
    ),
    f"{C}.plugins": (
        *(f"{C}.model", f"{C}.metrics", f"{C}.unicode", f"{C}.conversation", f"{C}.store.traces"),
        "spanwise.processors",
    ),
    f"{C}.receive": (
        *(f"{C}.errors", f"{C}.access", f"{C}.refusals", f"{C}.browsers", f"{C}.metrics", f"{C}.bus", f"{C}.otlp"),
        "spanwise.v1",
    ),
    f"{C}.roles": (
        *(f"{C}.model", f"{C}.errors", f"{C}.metrics", f"{C}.bus", f"{C}.otlp", f"{C}.store", f"{C}.plugins"),
        *(f"{C}.context.log", f"{C}.context.knowledge", f"{C}.context.policy", f"{C}.context.records"),
        *(f"{C}.context.admission", f"{C}.context.exposure", f"{C}.erasure.erased"),
        "spanwise.processors",
    ),
    f"{C}.operations": (
        *(f"{C}.access", f"{C}.refusals", f"{C}.roles", f"{C}.context.policy_file"),
        "spanwise.v1",
    ),
    f"{C}.assembly": (C, "spanwise.processors", "spanwise.v1"),
    "spanwise.cli": (C, "spanwise.processors", "spanwise.v1"),
}
"""A part may import itself, and what stands here. Every module belongs to a part."""

KAFKA = ("bus", "connection", "consuming", "dead_letter_topic", "journal", "lag", "partition", "topics")
ONLY_IMPORTERS = {
    "clickhouse_connect": (f"{C}.store.clients", f"{C}.store.clickhouse"),
    "aiokafka": tuple(f"{C}.bus.kafka.{module}" for module in KAFKA),
    "chdb": (f"{C}.store.sessions", f"{C}.store.permitted", f"{C}.store.serve.engine", f"{C}.store.serve.greeting"),
    "asyncpg": (f"{C}.deliver.postgres.store",),
    "redis": (f"{C}.deliver.redis.store",),
    "pebble": (f"{C}.plugins.workers",),
    "uvicorn": (f"{C}.servers",),
    "fastapi": (f"{C}.receive.http_app", f"{C}.context.http.routes"),
    "mcp": (f"{C}.context.mcp", "spanwise.cli.mcp"),
}
"""Libraries that one place alone knows."""


def _modules() -> Iterator[str]:
    for file in sorted(ROOT.rglob("*.py")):
        parts = ("spanwise", *file.relative_to(ROOT).with_suffix("").parts)
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(module: str) -> set[str]:
    path = ROOT.joinpath(*module.split(".")[1:])
    source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text()
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _within(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


MODULES = [module for module in _modules() if not _within(module, ("spanwise.v1",))]


@pytest.mark.parametrize("module", [module for module in MODULES if module not in ("spanwise", C)])
def test_a_module_imports_only_what_its_part_may(module: str) -> None:
    parts = [part for part in ALLOWED if _within(module, (part,))]
    assert parts, f"{module} belongs to no part of the architecture"
    allowed = (max(parts, key=len), *ALLOWED[max(parts, key=len)])
    ours = {name for name in _imports(module) if _within(name, ("spanwise",))}
    assert not {name for name in ours if not _within(name, allowed)}


@pytest.mark.parametrize("library", ONLY_IMPORTERS)
def test_a_library_is_known_in_one_place(library: str) -> None:
    importers = {module for module in MODULES if any(_within(name, (library,)) for name in _imports(module))}
    assert importers == set(ONLY_IMPORTERS[library])


def test_only_the_command_line_knows_the_composition_root() -> None:
    importers = {module for module in MODULES if any(_within(name, (f"{C}.assembly",)) for name in _imports(module))}
    assert all(_within(module, ("spanwise.cli", f"{C}.assembly")) for module in importers)
    assert any(_within(module, ("spanwise.cli",)) for module in importers)
