"""Each recipe closes the loop: a user asks for something to be remembered, and the next run's instructions have it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response

from spanwise.collector.servers import serving_http
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.golden import fake_models
from tests.golden.environments import Failed, interpreter_of, output
from tests.processes import COMMAND, CollectorProcess, collector_process
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
FRAMEWORKS = Path(__file__).with_name("frameworks")
CACHE = Path(os.environ.get("UV_CACHE_DIR", Path.home() / ".cache" / "uv"))
CODEX = "@openai/codex@0.169.0"

IMPORTS = {
    "pydantic_ai": "from pydantic_ai import",
    "langchain": "from langchain.agents import",
    "openai_agents": "from agents import Agent, RunContextWrapper",
    "google_adk": "from google.adk.agents import",
}
"""By which line of theirs the README's recipes are found."""

OPERATORS, ADAS = "token-of-acme-0123456789abcdef", "token-of-ada-0123456789abcdef"
ASKED = "Remember that I prefer metric units."
LEARNED = "The user prefers metric units."


class Model:
    """The fake model's address, and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[dict[str, Any]] = []

    def instructions(self) -> str:
        """Of the newest question: everything but what the user said."""
        newest = self.asked[-1]
        turns = newest.get("messages") or newest.get("input") or newest["contents"]
        said = [turn for turn in turns if isinstance(turn, dict) and turn.get("role") in ("system", "developer")]
        return json.dumps([said, newest.get("instructions"), newest.get("systemInstruction")])


@pytest_asyncio.fixture
async def model() -> AsyncIterator[Model]:
    async with _answering() as started:
        yield started


@asynccontextmanager
async def _answering() -> AsyncIterator[Model]:
    model = Model("")

    async def keep(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        if body := await request.body():
            model.asked.append(json.loads(body))
        return await answer(request)

    app = Starlette(routes=fake_models.ROUTES, middleware=[Middleware(BaseHTTPMiddleware, dispatch=keep)])
    async with serving_http(app, "127.0.0.1:0", "a free port") as address:
        model.address = f"http://{address}"
        yield model


def code(beginning: str) -> str:
    """The README's piece of code that has such a line."""
    (found,) = [text for text in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if beginning in text]
    return str(found)


@pytest.fixture
def place(tmp_path: Path, collector: CollectorProcess) -> Path:
    """A directory with the helper that the recipes share."""
    helper = code("# spanwise_context.py").replace("127.0.0.1:4318", collector.addresses.http)
    (tmp_path / "spanwise_context.py").write_text(helper)
    return tmp_path


def variables(place: Path, collector: CollectorProcess, model: Model, **more: str) -> dict[str, str]:
    nowhere = "http://127.0.0.1:9"  # what obeys proxies reaches nothing but this machine
    return {
        "HOME": str(place),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(place),
        "LANG": "C.UTF-8",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), nowhere),
        "NO_PROXY": "127.0.0.1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{collector.addresses.grpc}",
        "OTEL_SERVICE_NAME": "helper",
        "OPENAI_BASE_URL": f"{model.address}/v1",
        "OPENAI_API_KEY": "none",
        "GOOGLE_GEMINI_BASE_URL": model.address,
        "GOOGLE_API_KEY": "none",
        **more,
    }


@pytest.mark.parametrize("framework", IMPORTS)
async def test_what_a_user_asks_to_remember_is_in_the_next_instructions(
    framework: str, place: Path, collector: CollectorProcess, model: Model
) -> None:
    (place / "recipe.py").write_text(code(IMPORTS[framework]))
    python, script = await _program(framework, place)
    who = {"USER_ID": f"user of {framework}"}
    told = variables(place, collector, model, QUESTION=ASKED, **who)
    await output(python, script, environment=told)
    assert LEARNED not in model.instructions()
    with collector.channel() as channel:
        service = ContextServiceStub(channel)
        request = wire.GetRequest(scope=wire.Scope(agent="helper", user=who["USER_ID"]))
        wait_until(lambda: LEARNED in service.Get(request).prompt_section)
    await output(python, script, environment={**told, "QUESTION": "Hello again."})
    assert LEARNED in model.instructions()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A collector that lets nobody in without a credential; one of them is Ada's."""
    credentials = [{"token": ADAS, "org": "acme", "user": "ada"}]
    settings = {
        "SPANWISE_RECEIVE__TOKENS": json.dumps({"acme": OPERATORS}),
        "SPANWISE_RECEIVE__CREDENTIALS": json.dumps(credentials),
    }
    with collector_process(tmp_path_factory.mktemp("guarded"), settings) as started:
        yield started


async def test_with_a_users_token_an_agent_has_what_is_that_users_alone(
    tmp_path: Path, guarded: CollectorProcess, model: Model
) -> None:
    recipe = code("from agents.mcp import").replace("127.0.0.1:4318", guarded.addresses.http)
    (tmp_path / "recipe.py").write_text(recipe)
    python, script = await _program("openai_agents", tmp_path)
    spans = {"OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer {OPERATORS}"}
    told = variables(tmp_path, guarded, model, QUESTION=ASKED, USER_ID="ada", TOKEN=ADAS, **spans)
    operator = (("authorization", f"Bearer {OPERATORS}"),)
    with guarded.channel() as channel:
        service = ContextServiceStub(channel)
        bobs = wire.RememberRequest(scope=wire.Scope(user="bob"), content="The user prefers tabs.")
        service.Remember(bobs, metadata=operator)
        await output(python, script, environment=told)
        assert LEARNED not in model.instructions()
        request = wire.GetRequest(scope=wire.Scope(agent="helper", user="ada"))
        wait_until(lambda: LEARNED in service.Get(request, metadata=operator).prompt_section)
    await output(python, script, environment={**told, "QUESTION": "Hello again."})
    assert LEARNED in model.instructions()
    assert "tabs" not in json.dumps(model.asked)
    assert "read_context" in json.dumps(model.asked[-1]["tools"])
    with pytest.raises(Failed, match="401"):
        await output(python, script, environment={**told, "TOKEN": "somebody-else's-0123456789"})


async def test_a_coding_agent_reads_its_agents_file_and_has_the_tools(
    place: Path, collector: CollectorProcess, model: Model
) -> None:
    codex = await _codex(place)
    with collector.channel() as channel:
        scope = wire.Scope(user="ada", agent="codex")
        ContextServiceStub(channel).Remember(wire.RememberRequest(scope=scope, content="The user prefers tabs."))
    home = place / ".codex"
    home.mkdir()
    (home / "config.toml").write_text(CONFIGURATION.format(model=model.address))
    told = {**collector.variables, **variables(place, collector, model)}
    told["PATH"] = f"{Path(COMMAND).parent}:{told['PATH']}"
    written, connected = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)[0].splitlines()
    await output("sh", "-c", written.replace("~/.codex", str(home)), environment=told)
    # Codex hands on no variables that it was not told of, and this collector is not where `spanwise` would look.
    here = f"{codex} mcp add --env SPANWISE_STORE={told['SPANWISE_STORE']}"
    await output("sh", "-c", connected.replace("codex mcp add", here, 1), environment=told)
    configured = (home / "config.toml").read_text()
    awaited = configured.replace("[mcp_servers.spanwise]", "[mcp_servers.spanwise]\nrequired = true")
    (home / "config.toml").write_text(awaited)  # the run does not begin before the server is there
    run = f"{codex} exec --skip-git-repo-check --sandbox read-only 'Which indentation?'"
    await output("sh", "-c", run, environment=told)
    assert "- The user prefers tabs." in json.dumps(model.asked[-1]["input"])
    assert "read_context" in json.dumps(model.asked[-1]["tools"])


async def _program(framework: str, place: Path) -> tuple[str, str]:
    """The interpreter that has the framework, and the script that runs a recipe under its instrumentation."""
    script = FRAMEWORKS / f"with_{framework}.py"
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment = {**inherited, "UV_CACHE_DIR": str(CACHE), "HOME": str(place)}
    python = await _had(interpreter_of(str(script), environment))  # by this path it is found again
    return python, str(shutil.copy(script, place))


async def _codex(place: Path) -> str:
    """The command that runs Codex; npm has put it into the build directory, where it is kept from run to run."""
    directory = ROOT / "build" / "codex"
    program = directory / "node_modules" / "@openai" / "codex" / "bin" / "codex.js"
    if not program.exists():
        install = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        environment = {**os.environ, "HOME": str(place)}
        await _had(output(*install, "--prefix", str(directory), CODEX, environment=environment))
    return f"{shutil.which('node')} {program}"


CONFIGURATION = """
model = "gpt-4o-mini"
model_provider = "fake"
[model_providers.fake]
name = "fake"
base_url = "{model}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
"""


async def _had(preparing: Awaitable[str]) -> str:
    """What preparing an environment gives. Skips where it cannot be had, but not in continuous integration."""
    try:
        return await preparing
    except Failed as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
