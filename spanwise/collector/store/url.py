"""Which store a URL names: the engine inside this process, or one that is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

PORTS = {"clickhouse": 8123, "clickhouses": 8443}
"""ClickHouse's own, of its HTTP interface: plain, and with TLS."""

EXPECTED = (
    "should be chdb:///absolute/path (three slashes) for the engine inside the process, or "
    "clickhouse://user:password@host:8123/database for a served one, clickhouses:// with TLS"
)


@dataclass(frozen=True, slots=True)
class EmbeddedStore:
    """A directory that one process opens at a time."""

    path: Path

    def __str__(self) -> str:
        return f"chdb://{self.path}"


@dataclass(frozen=True, slots=True)
class ServedStore:
    """A ClickHouse server, or `spanwise serve-store`, as any number of processes may use it."""

    host: str
    port: int
    secure: bool
    user: str
    password: str = field(repr=False)
    database: str

    def __str__(self) -> str:
        """Without the password: it is for logs and people."""
        scheme = "clickhouses" if self.secure else "clickhouse"
        return f"{scheme}://{quote(self.user)}@{self.address}/{quote(self.database)}"

    @property
    def address(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_store_url(url: str) -> EmbeddedStore | ServedStore:
    """The store that `url` names. Raises `ValueError`, which says what would be right and repeats no password."""
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise ValueError(f"{EXPECTED}; what follows '?' or '#' is not read: settings have names of their own")
    if parts.scheme == "chdb" and not parts.netloc and parts.path.strip("/"):
        return EmbeddedStore(Path(parts.path))
    if parts.scheme in PORTS and parts.hostname and parts.path.count("/") <= 1:
        return ServedStore(
            host=parts.hostname,
            port=_port(parts) or PORTS[parts.scheme],
            secure=parts.scheme == "clickhouses",
            user=unquote(parts.username or "default"),
            password=unquote(parts.password or ""),
            database=unquote(parts.path.strip("/")) or "default",
        )
    raise ValueError(EXPECTED)


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:  # its own words could repeat a piece of a password
        raise ValueError(EXPECTED) from None
