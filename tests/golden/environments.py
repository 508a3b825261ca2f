"""Where clients run: copies of their scripts, and an environment for each, in a directory whose name tells nothing.

Stack traces hold the paths of the code that ran; they are part of what is recorded.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.golden.receiver import Receiver

CLIENTS = Path(__file__).parent / "clients"
NOT_CLIENTS = ("story",)
UV = str(Path(sys.executable).with_name("uv"))
RUN_SECONDS = 120.0


class Failed(Exception):
    """A client could not be recorded; the text says why."""


def known_clients() -> list[str]:
    return sorted(script.stem for script in CLIENTS.glob("*.py") if script.stem not in NOT_CLIENTS)


async def run_client(client: str, directory: Path, receiver: Receiver) -> None:
    """Return once the client has told its story to the receiver. Raises `Failed`."""
    shutil.copytree(CLIENTS, directory / "clients", dirs_exist_ok=True)
    script = directory / "clients" / f"{client}.py"
    python = await _environment(script, directory)
    await _output(python, str(script), environment=_variables(client, directory, receiver))


async def _environment(script: Path, directory: Path) -> str:
    """The interpreter of the environment that the script's own header asks for."""
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment = {
        **inherited,
        "HOME": str(directory),
        "PATH": os.defpath,  # an interpreter from someone's home directory would show up in stack traces
        "UV_CACHE_DIR": str(directory / "uv"),
        "UV_PYTHON_INSTALL_DIR": str(directory / "python"),
    }
    await _output(UV, "sync", "--quiet", "--script", str(script), environment=environment)
    return await _output(UV, "python", "find", "--script", str(script), environment=environment)


def _variables(client: str, directory: Path, receiver: Receiver) -> Mapping[str, str]:
    """All that the client learns of this machine. Nothing but the receiver can be reached."""
    nowhere = "http://127.0.0.1:9"
    return {
        "HOME": str(directory),
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
        "GOOGLE_GEMINI_BASE_URL": receiver.http,
        "GOOGLE_API_KEY": "none",
    }


async def _output(*command: str, environment: Mapping[str, str]) -> str:
    pipe: Any = asyncio.subprocess.PIPE
    place = environment["HOME"]  # not here: uv would take the interpreter of the project that it is called in
    process = await asyncio.create_subprocess_exec(*command, cwd=place, stdout=pipe, stderr=pipe, env=environment)
    try:
        async with asyncio.timeout(RUN_SECONDS):
            output, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        raise Failed(f"{' '.join(command)} did not end within {RUN_SECONDS:g} s") from None
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{errors.decode()[-4000:]}")
    return output.decode().strip()
