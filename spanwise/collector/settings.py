"""Every setting: its name, its default, what it must be.

Read from one optional TOML file and from `SPANWISE_*` variables (`SPANWISE_RECEIVE__LISTEN` is `listen` in
`[receive]`); a variable wins over the file. Unknown names are errors, and all is checked before any socket is opened.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from spanwise.collector.bus.kafka.settings import KafkaSettings
from spanwise.collector.deliver.settings import DeliverSettings, StoreSettings
from spanwise.collector.model import Status
from spanwise.collector.store.url import EmbeddedStore, ServedStore, parse_store_url

PREFIX = "SPANWISE_"
TEST_PREFIX = "SPANWISE_TEST_"
PLUGIN_PREFIX = "SPANWISE_PLUGIN_"
"""Of variables that processors and learners read themselves, in the worker process."""
MIB = 1024 * 1024
BROKERS = r"kafka://[^\s/,:@]+:\d+(,[^\s/,:@]+:\d+)*"
SECRET = ("token", "credentials", "password", "serve_store", "users", "readers", "deliver.stores")
"""In names of settings whose values are not repeated in complaints."""


TOPIC_STORE = "topic-context"


class InvalidSettings(Exception):
    """Says for each wrong setting its name, its value and what would be right."""


class CannotListen(Exception):
    """An address is taken, or is not this machine's. Names the setting to change."""


def _bus_url(value: str) -> str:
    if value != "memory://" and not re.fullmatch(BROKERS, value):
        raise ValueError("should be memory://, or kafka://host:port,host:port with one or more of the brokers")
    return value


def _store(value: object) -> object:
    return parse_store_url(value) if isinstance(value, str) else value


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


def default_store() -> EmbeddedStore:
    """In the user's data directory, as the XDG base directory specification has it."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return EmbeddedStore(Path(home).absolute() / "spanwise")


BusUrl = Annotated[str, AfterValidator(_bus_url)]
StoreUrl = Annotated[EmbeddedStore | ServedStore, BeforeValidator(_store)]
Address = Annotated[str, AfterValidator(_address)]
LoopbackAddress = Annotated[str, AfterValidator(_loopback)]
Seconds = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CredentialSettings(Section):
    """`[[receive.credentials]]`: whom a token stands for. Without user and agent, for the whole organisation."""

    token: Annotated[SecretStr, Field(min_length=1)]
    org: Annotated[str, Field(min_length=1, max_length=200)]
    user: str = ""
    """The only user whose context it reads and changes. It can neither send spans nor decide about records."""
    agent: str = ""
    """The same for an agent."""

    @property
    def bound(self) -> bool:
        return bool(self.user or self.agent)


class ReceiveSettings(Section):
    """`[receive]`: who may send what."""

    listen: Address = "127.0.0.1:4317"
    """gRPC: OTLP and the context service."""
    http_listen: Address = "127.0.0.1:4318"
    """HTTP: the context service and MCP."""
    max_request_bytes: Annotated[int, Field(ge=1024, le=1024 * MIB)] = 64 * MIB
    """After decompression."""
    tokens: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Organisation to bearer token. With no credentials either, everybody is `org`."""
    credentials: Sequence[CredentialSettings] = ()
    """More tokens, such as those of single users."""
    shutdown_seconds: Seconds = 10.0
    """How long requests in flight may take to finish when the collector is stopped."""

    @property
    def every_credential(self) -> Sequence[CredentialSettings]:
        """`tokens` and `credentials`."""
        whole = [CredentialSettings.model_construct(token=token, org=org) for org, token in self.tokens.items()]
        return [*whole, *self.credentials]

    @model_validator(mode="after")
    def _different_tokens(self) -> ReceiveSettings:
        tokens = [one.token.get_secret_value() for one in self.every_credential]
        if len(set(tokens)) < len(tokens):
            raise ValueError("tokens and credentials: one token stands for several; give each its own")
        return self


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
    retention_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """After so many days spans and signals are deleted. Unset: never."""


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


class McpSettings(Section):
    """`[mcp]`: where `spanwise mcp` finds a collector."""

    url: Annotated[str, Field(pattern=r"^(https?://[^\s@?]+/mcp)?$")] = ""
    """Such as http://127.0.0.1:4318/mcp. Empty: of the collector that runs on the data directory."""
    token: SecretStr = SecretStr("")
    """Empty: the configured one of the organisation, if there is any."""


class QuerySettings(Section):
    """`[query]`: ClickHouse's HTTP interface of the embedded engine, and the collector's metrics."""

    listen: LoopbackAddress = "127.0.0.1:8123"
    """With a served store, which answers queries itself: where the metrics are; a free port unless it is set."""


class ClickHouseSettings(Section):
    """`[clickhouse]`: how a served store is used. `store` says where it is."""

    cluster: Annotated[str, Field(pattern=r"^[\w.{}-]*$")] = ""
    """Tables are made on this cluster, replicated. Empty: on the one server, not replicated."""
    connect_seconds: Annotated[int, Field(ge=1)] = 5
    answer_seconds: Annotated[int, Field(ge=1)] = 120
    """For one insert or query. Beyond that the store counts as unreachable, and the work is tried again."""
    compression: Literal["lz4", "none"] = "none"
    """Of inserts on their way. `lz4` where the store is not on this machine and the network counts."""
    ca_file: Path | None = None
    """Certificates that are trusted with `clickhouses://`; otherwise those that the system trusts."""


class ServeStoreSettings(Section):
    """`[serve_store]`: the embedded engine as a server, by `spanwise serve-store`."""

    listen: Address = "127.0.0.1:8123"
    users: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Name to password, of those who may read and write. Nobody: `default`, without a password, on loopback only."""
    readers: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Name to password, of those who may only read."""
    waiting_bytes: Annotated[int, Field(ge=1024)] = 1024 * MIB
    """Of all bodies on their way in. Beyond that, clients are told to try again later; no body can be larger."""
    calls: Annotated[int, Field(ge=1, le=64)] = 8
    """Statements that run at the same time."""

    @model_validator(mode="after")
    def _passwords(self) -> ServeStoreSettings:
        passwords = [*self.users.values(), *self.readers.values()]
        if set(self.users) & set(self.readers):
            raise ValueError("a name is either in users or in readers")
        if not is_loopback(self.listen) and not (passwords and all(one.get_secret_value() for one in passwords)):
            raise ValueError(
                f"listen = {self.listen!r} is not on loopback: set users (name to password), each with a password, "
                "or listen on 127.0.0.1"
            )
        return self


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
    mcp: McpSettings = McpSettings()
    query: QuerySettings = QuerySettings()
    kafka: KafkaSettings = KafkaSettings()
    clickhouse: ClickHouseSettings = ClickHouseSettings()
    serve_store: ServeStoreSettings = ServeStoreSettings()
    deliver: DeliverSettings = DeliverSettings()

    @property
    def stores_to_deliver(self) -> DeliverSettings:
        """Those of `deliver.stores`; on Kafka also the topic `context`, unless one of them is that."""
        stores = self.deliver.stores
        if not self.brokers or any(one.scheme == "kafka" for one in stores.values()):
            return self.deliver
        topic = StoreSettings(url=SecretStr("kafka:"), statuses=tuple(Status))
        return self.deliver.model_copy(update={"stores": {TOPIC_STORE: topic, **stores}})

    @property
    def brokers(self) -> Sequence[str]:
        """Of a `kafka://` bus, as host:port; none of the bus inside the process."""
        return self.bus.removeprefix("kafka://").split(",") if self.bus.startswith("kafka://") else ()

    @property
    def query_listen(self) -> str:
        """Where the collector answers queries, and has its metrics; empty if any free port will do.

        The usual one is ClickHouse's own, and a served store may be on this machine.
        """
        served = isinstance(self.store, ServedStore) and not self.query.model_fields_set
        return "" if served else self.query.listen

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
        if name.startswith(PREFIX)
        and not name.startswith((TEST_PREFIX, PLUGIN_PREFIX))
        and name.casefold() not in known
    ]
    if unknown:
        raise InvalidSettings("\n".join(f"{name}: there is no such setting" for name in unknown))


def variables() -> list[str]:
    """The names of the environment variables that are read."""
    names = []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += [f"{PREFIX}{name}__{key}".upper() for key in kind.model_fields]
        else:
            names.append(f"{PREFIX}{name}".upper())
    return names


def _complaint(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    # A whole section may hold a secret.
    secret = any(word in name for word in SECRET) or isinstance(problem["input"], dict)
    value = "" if secret else f" = {_without_password(problem['input'])!r}"
    return f"{name}{value}: {problem['msg'].removeprefix('Value error, ')}"


def _without_password(value: object) -> object:
    """A URL may hold one, up to its last @."""
    return re.sub(r"://.*@", "://…@", value, flags=re.DOTALL) if isinstance(value, str) else value
