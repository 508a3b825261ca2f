"""The README's downstream store as a package of its own: found when it is installed, filled from history, followed."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import grpc

from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.packages import install
from tests.processes import CollectorProcess, collector_process
from tests.waiting import wait_until

README = (Path(__file__).parents[2] / "README.md").read_text()
PROJECT = """
[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"

[project]
name = "spanwise-sqlite"
version = "0.1.0"
dependencies = ["spanwise"]

[tool.setuptools]
py-modules = ["sqlite_store"]
"""
SECRET = "zorblax7731"


def package(directory: Path) -> Path:
    """What the README says, with what every package has."""
    directory.mkdir()
    (code,) = [text for text in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "# sqlite_store.py" in text]
    (entry,) = [text for text in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "sqlite_store:" in text]
    (directory / "sqlite_store.py").write_text(code)
    (directory / "pyproject.toml").write_text(PROJECT + entry)
    return directory


def remember(collector: CollectorProcess, user: str, content: str) -> None:
    with collector.channel() as channel:
        request = wire.RememberRequest(scope=wire.Scope(user=user), content=content)
        ContextServiceStub(channel).Remember(request)


def truth(channel: grpc.Channel) -> Mapping[str, str]:
    answer = ContextServiceStub(channel).List(wire.ListRequest(statuses=[wire.STATUS_ACTIVE], limit=1000))
    return {record.id: record.content for record in answer.records}


def held(file: Path) -> Mapping[str, str]:
    database = sqlite3.connect(file)
    try:
        rows: Sequence[tuple[str]] = database.execute("SELECT document FROM context").fetchall()
    finally:
        database.close()
    return {one["record_id"]: one["content"] for (text,) in rows for one in [json.loads(text)]}


def test_a_store_of_another_package_is_found_filled_and_followed(tmp_path: Path) -> None:
    installed = install(package(tmp_path / "source"), tmp_path / "installed")
    file = tmp_path / "context.db"
    stores = {"mine": {"url": f"sqlite://{file}"}}
    variables = {"PYTHONPATH": str(installed), "SPANWISE_DELIVER__STORES": json.dumps(stores)}
    with collector_process(tmp_path / "collector") as collector:
        remember(collector, "ada", "The user prefers metric units.")
        remember(collector, "eve", f"The user's favourite tea is {SECRET}.")
    with collector_process(tmp_path / "collector", variables) as collector, collector.channel() as channel:

        def equal() -> bool:
            return file.exists() and held(file) == truth(channel)

        wait_until(equal)
        assert len(held(file)) == 2
        remember(collector, "bob", "The user likes trains.")
        wait_until(equal)
        assert len(held(file)) == 3
        (listed,) = map(json.loads, collector.run("deliver", "list", "--json").stdout.splitlines())
        assert (listed["store"], listed["kind"], listed["behind"], listed["error"]) == ("mine", "sqlite", 0, "")

        assert SECRET.encode() in file.read_bytes()
        forgotten = collector.run("context", "forget", "--user", "eve", "--yes")
        assert forgotten.returncode == 0, forgotten.stderr
        wait_until(equal)
        assert SECRET.encode() not in file.read_bytes()

        database = sqlite3.connect(file)
        with database:
            database.execute("DELETE FROM context")
        database.close()
        assert "deliver refill mine" in collector.run("deliver", "verify", "mine").stderr
        assert collector.run("deliver", "refill", "mine").returncode == 0
        assert equal()
