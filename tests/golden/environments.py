"""Where clients run: copies of their scripts, and an environment for each, in a directory whose name tells nothing.

Stack traces hold the paths of the code that ran; they are part of what is recorded.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.golden import CLIENTS
from tests.golden.receiver import Receiver

NEWEST = "2026-11-22T00:00:00Z"
"""npm takes no package that is newer, as uv does by the header of each script."""
UV = str(Path(sys.executable).with_name("uv"))
RUN_SECONDS = 120.0


class Failed(Exception):
    """A client could not be recorded; the text says why."""


def known_clients() -> list[str]:
    """Python scripts with a header of their own, and Node packages."""
    scripts = {script.stem for script in CLIENTS.glob("*.py") if script.read_text().startswith("# /// script")}
    return sorted(scripts | {package.parent.name for package in CLIENTS.glob("*/package.json")})


async def run_client(client: str, directory: Path, receiver: Receiver) -> None:
    """Return once the client has told its story to the receiver. Raises `Failed`."""
    shutil.copytree(CLIENTS, directory / "clients", dirs_exist_ok=True)
    prepare = _python_command if (CLIENTS / f"{client}.py").exists() else _node_command
    command = await prepare(client, directory)
    home = directory / "home"
    shutil.rmtree(home, ignore_errors=True)  # no client remembers what it did before
    home.mkdir()
    await output(*command, environment=_variables(client, home, receiver))


async def _python_command(client: str, directory: Path) -> Sequence[str]:
    script = str(directory / "clients" / f"{client}.py")
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment = {
        **inherited,
        "HOME": str(directory),
        "PATH": os.defpath,  # an interpreter from someone's home directory would show up in stack traces
        "UV_CACHE_DIR": str(directory / "uv"),
        "UV_PYTHON_INSTALL_DIR": str(directory / "python"),
    }
    return await interpreter_of(script, environment), script


async def interpreter_of(script: str, environment: Mapping[str, str]) -> str:
    """The interpreter of an environment with what the script's header asks for. Raises `Failed`."""
    await output(UV, "sync", "--quiet", "--script", script, environment=environment)
    return await output(UV, "python", "find", "--script", script, environment=environment)


async def _node_command(client: str, directory: Path) -> Sequence[str]:
    package = directory / "clients" / client
    environment = {**os.environ, "HOME": str(directory)}
    install = ("npm", "install", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
    await output(*install, "--before", NEWEST, "--prefix", str(package), environment=environment)
    return shutil.which("node") or "node", str(package / "agent.mjs")


def _variables(client: str, home: Path, receiver: Receiver) -> Mapping[str, str]:
    """All that the client learns of this machine. What obeys proxies reaches nothing but the receiver."""
    nowhere = "http://127.0.0.1:9"
    return {
        "HOME": str(home),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "NO_PROXY": "127.0.0.1",
        "OTEL_SERVICE_NAME": client,
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.http,
        "OTLP_GRPC": f"http://{receiver.grpc}",
        "OPENAI_BASE_URL": f"{receiver.http}/v1",
        "OPENAI_API_KEY": "none",
        "ANTHROPIC_BASE_URL": receiver.http,
        "ANTHROPIC_API_KEY": "none",
        "GOOGLE_GEMINI_BASE_URL": receiver.http,
        "GOOGLE_API_KEY": "none",
    }


async def output(*command: str, environment: Mapping[str, str]) -> str:
    """What the command prints, once it has ended. Raises `Failed` if it fails or takes too long."""
    pipe: Any = asyncio.subprocess.PIPE
    place = environment["HOME"]  # not here: uv would take the interpreter of the project that it is called in
    try:
        process = await asyncio.create_subprocess_exec(*command, cwd=place, stdout=pipe, stderr=pipe, env=environment)
    except FileNotFoundError:
        raise Failed(f"{command[0]} is needed, and not installed") from None
    try:
        async with asyncio.timeout(RUN_SECONDS):
            output, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise Failed(f"{' '.join(command)} did not end within {RUN_SECONDS:g} s") from None
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{errors.decode()[-4000:]}")
    return output.decode().strip()
