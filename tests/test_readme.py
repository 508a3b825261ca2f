"""The README's promises about commands, settings and code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from spanwise.cli.main import app
from spanwise.collector.conversation import assemble
from spanwise.collector.settings import Settings, variables
from spanwise.processors import Processor, Signal
from spanwise.processors.opinion import OpinionSettings
from tests.spans import make_span, text

README = (Path(__file__).parents[1] / "README.md").read_text()
CODE = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_example_of_a_processor_works_as_it_stands() -> None:
    (example,) = [code for code in CODE if code.startswith("# politeness.py")]
    assert len(example.splitlines()) <= 12
    names: dict[str, Processor] = {}
    exec(compile(example, "politeness.py", "exec"), names)
    spans = [make_span(input_messages=(text("user", "Thank you!"), text("assistant", "thank you")))]
    found: list[Signal] = list(names["thanks"](assemble("acme", "t1", spans, [])))
    assert [(one.kind, one.evidence.quote) for one in found] == [("thanks", "Thank you!")]


@pytest.mark.parametrize("code", CODE)
def test_every_piece_of_code_is_python(code: str) -> None:
    compile(code, "README.md", "exec")


@pytest.mark.parametrize("variable", sorted(set(re.findall(r"SPANWISE_\w+", README)) - {"SPANWISE_"}))
def test_every_variable_that_it_names_is_read(variable: str) -> None:
    opinion = {f"SPANWISE_PLUGIN_OPINION_{name.upper()}" for name in OpinionSettings.model_fields}
    assert variable in {*variables(), *opinion}


WORDED = {
    "store": "chdb:///<home>/.local/share/spanwise",
    "receive.max_request_bytes": "64 MiB",
    "receive.tokens": "none",
    "receive.credentials": "none",
    "mcp.url": "none",
    "deliver.stores": "none",
    "storing.retention_days": "none",
}
"""Defaults that the README puts in other words; their values are checked in test_settings."""

DEFAULTS = re.findall(r"^\| `([\w.]+)` \| `SPANWISE_\w+` \| (.*?) \|$", README, re.MULTILINE)


@pytest.mark.parametrize(("setting", "default"), DEFAULTS)
def test_every_default_that_it_gives_is_the_default(setting: str, default: str) -> None:
    value: object = Settings.model_construct()
    for name in setting.split("."):
        value = getattr(value, name)
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    assert default.replace("`", "").startswith(WORDED.get(setting, shown))


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^    spanwise ([\w-]+(?: \w+)?)", README, re.MULTILINE))))
def test_every_command_that_it_shows_exists(command: str) -> None:
    found: Any = typer.main.get_command(app)
    for name in command.split():
        if not hasattr(found, "get_command"):  # the rest is an argument
            return
        found = found.get_command(None, name)
        assert found is not None
