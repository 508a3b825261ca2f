"""Policies as files. What is wrong in one is told with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from spanwise.collector.context.policy import Policy
from spanwise.collector.errors import Rejected


class InvalidPolicy(Rejected):
    """Says where in the file what is wrong."""


def parse_policy(text: str) -> Policy:
    """The policy that a TOML text says. Raises InvalidPolicy."""
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidPolicy(f"not TOML: {error}") from None
    except ValidationError as error:
        raise InvalidPolicy("\n".join(_complaints(error.errors(), tomllib.loads(text)))) from None


def load_policy(file: Path | None) -> Policy:
    """The policy of `file`, or the one that comes with Spanwise. Raises InvalidPolicy."""
    if file is None:
        return default_policy()
    try:
        return parse_policy(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidPolicy(f"{file}: cannot be read: {error}") from None
    except InvalidPolicy as error:
        raise InvalidPolicy("\n".join(f"{file}: {line}" for line in str(error).splitlines())) from None


def default_policy() -> Policy:
    return parse_policy(default_text())


def default_text() -> str:
    return resources.files("spanwise.collector.context").joinpath("default_policy.toml").read_text("utf-8")


def _complaints(problems: Iterable[Any], document: Mapping[str, Any]) -> Iterable[str]:
    for problem in problems:
        place = ".".join(_step(step, problem["loc"][:number], document) for number, step in enumerate(problem["loc"]))
        if problem["type"] == "extra_forbidden":
            yield f"{place}: there is no such key"
        elif problem["type"] == "missing":
            yield f"{place}: is missing"
        else:
            yield f"{place} = {problem['input']!r}: {problem['msg'].removeprefix('Value error, ')}"


def _step(step: int | str, before: Sequence[int | str], document: Mapping[str, Any]) -> str:
    """A rule by its number, from 1, and its name."""
    if before != ("rule",):
        return str(step)
    name = document["rule"][step].get("name") if isinstance(document["rule"][step], dict) else None
    return f"{int(step) + 1} ({name})" if name else str(int(step) + 1)
