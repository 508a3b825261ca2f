"""Every setting: its name, its default, what it must be.

Read from one optional TOML file and from `SPANWISE_*` variables (`SPANWISE_RECEIVE__LISTEN` is `listen` in
`[receive]`); a variable wins over the file. Unknown names are errors, and all is checked before any socket is opened.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

PREFIX = "SPANWISE_"
TEST_PREFIX = "SPANWISE_TEST_"
MIB = 1024 * 1024


class InvalidSettings(Exception):
    """Says for each wrong setting its name, its value and what would be right."""


class CannotListen(Exception):
    """An address is taken, or is not this machine's. Names the setting to change."""


def _bus_url(value: str) -> str:
    if value != "memory://":
        raise ValueError("the bus of this version is memory://")
    return value


def _store_url(value: str) -> str:
    url = urlsplit(value)
    if url.scheme != "chdb" or url.netloc or not url.path.strip("/"):
        raise ValueError("should be chdb:///absolute/path (three slashes): a directory for the embedded ClickHouse")
    return value


def _address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("should be host:port, such as 127.0.0.1:4317; port 0 takes a free one")
    return value


def is_loopback(address: str) -> bool:
    return address.rpartition(":")[0] in ("127.0.0.1", "localhost", "[::1]")


def _loopback(value: str) -> str:
    if not is_loopback(_address(value)):
        raise ValueError("should be on loopback, such as 127.0.0.1:8123: whoever can connect may read everything")
    return value


def default_store() -> str:
    """In the user's data directory, as the XDG base directory specification has it."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return f"chdb://{Path(home).absolute() / 'spanwise'}"


BusUrl = Annotated[str, AfterValidator(_bus_url)]
StoreUrl = Annotated[str, AfterValidator(_store_url)]
Address = Annotated[str, AfterValidator(_address)]
LoopbackAddress = Annotated[str, AfterValidator(_loopback)]
Seconds = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReceiveSettings(Section):
    """`[receive]`: who may send what."""

    listen: Address = "127.0.0.1:4317"
    """gRPC: OTLP and the context service."""
    max_request_bytes: Annotated[int, Field(ge=1024, le=1024 * MIB)] = 64 * MIB
    """After decompression."""
    tokens: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Organisation to bearer token. Empty: everybody is `org`."""
    shutdown_seconds: Seconds = 10.0
    """How long requests in flight may take to finish when the collector is stopped."""


class StoringSettings(Section):
    """`[storing]`: how many small requests become one insert."""

    spacing_seconds: Annotated[float, Field(ge=0, le=10)] = 0.1
    """Between the starts of two inserts. A request that comes after a pause waits for nothing."""
    batch_bytes: Annotated[int, Field(ge=1024)] = 16 * MIB
    """An insert starts at once when so much waits."""
    waiting_bytes: Annotated[int, Field(ge=1024)] = 256 * MIB
    """Beyond that, senders are told to try again later."""
    repeat_seconds: Seconds = 900.0
    """For how long a request is remembered, so that a client's repetition is not stored twice."""


class ProcessingSettings(Section):
    """`[processing]`: how traces are read."""

    plugin_seconds: Seconds = 10.0
    """A processor or learner that takes longer is stopped, and counted."""
    round_spans: Annotated[int, Field(ge=1)] = 5_000
    """About how many spans are read at once."""
    pause_per_span_seconds: Annotated[float, Field(ge=0)] = 0.001
    """A trace is read again when it paused for its length times this, or has doubled."""
    longest_wait_seconds: Seconds = 900.0
    """A trace that never pauses is read even so."""
    earlier_calls: Annotated[int, Field(ge=0, le=10_000)] = 50
    """How many model calls are read of the conversation's earlier traces."""


class ContextSettings(Section):
    """`[context]`: what may be learned and kept."""

    policy: Path | None = None
    """A policy file, TOML. None: the one that `spanwise context policy show` prints."""
    retention_seconds: Seconds = 3600.0
    """How often records are looked for that the policy keeps no longer."""


class QuerySettings(Section):
    """`[query]`: ClickHouse's HTTP interface of the embedded engine."""

    listen: LoopbackAddress = "127.0.0.1:8123"


class Settings(BaseSettings):
    """All settings; made by `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=False
    )

    bus: BusUrl = "memory://"
    store: StoreUrl = Field(default_factory=default_store)
    org: Annotated[str, Field(min_length=1, max_length=200)] = "default"
    """The organisation of requests where no tokens are configured."""
    receive: ReceiveSettings = ReceiveSettings()
    storing: StoringSettings = StoringSettings()
    processing: ProcessingSettings = ProcessingSettings()
    context: ContextSettings = ContextSettings()
    query: QuerySettings = QuerySettings()

    @property
    def store_path(self) -> Path:
        return Path(urlsplit(self.store).path)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the names are pydantic-settings')
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # Neither .env files nor secret directories: two places to look are enough.
        return (env_settings, init_settings)


def load_settings(file: Path | None = None) -> Settings:
    """The settings of `file` and of the environment. Raises `InvalidSettings`."""
    _refuse_unknown_variables(os.environ)
    try:
        return Settings(**_read(file))
    except SettingsError as error:  # a variable that should hold JSON does not
        raise InvalidSettings(f"{error}: {error.__cause__}") from None
    except ValidationError as error:
        raise InvalidSettings("\n".join(_complaint(problem) for problem in error.errors())) from None


def _read(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(f"{file}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(f"{file}: not TOML: {error}") from None


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    """pydantic-settings passes over variables that it does not know; a misspelt one should not be silent."""
    known = {variable.casefold() for variable in variables()}
    unknown = [
        name
        for name in sorted(environment)
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name.casefold() not in known
    ]
    if unknown:
        raise InvalidSettings("\n".join(f"{name}: there is no such setting" for name in unknown))


def variables() -> list[str]:
    """The names of the environment variables that are read."""
    names = []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            names += [f"{PREFIX}{name}__{key}".upper() for key in kind.model_fields]
        else:
            names.append(f"{PREFIX}{name}".upper())
    return names


def _complaint(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    value = "" if "token" in name else f" = {problem['input']!r}"
    return f"{name}{value}: {problem['msg'].removeprefix('Value error, ')}"
