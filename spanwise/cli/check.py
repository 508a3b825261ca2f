"""`spanwise check`: is everything there that a collector needs?"""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import typer

from spanwise.cli.asking import pings
from spanwise.cli.failures import Failed
from spanwise.cli.options import Config, Json
from spanwise.cli.output import show
from spanwise.cli.querying import query
from spanwise.collector.deliver.settings import StoreSettings
from spanwise.collector.directory import Addresses, running
from spanwise.collector.errors import Busy, Rejected
from spanwise.collector.settings import Settings, load_settings
from spanwise.collector.store.migrate import migrations
from spanwise.collector.store.url import EmbeddedStore, ServedStore
from spanwise.processors.discover import LEARNERS, PROCESSORS, Plugin, discover

app = typer.Typer()

ENOUGH_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty if it is as it should be."""

    what: str
    found: str
    remedy: str = ""


@app.command()
def check(as_json: Json = False, config: Config = None) -> None:
    """Say what is wrong, and how to mend it. Looks at the settings and at everything that they name."""
    settings = load_settings(config)
    findings = list(_findings(settings))
    show([asdict(finding) for finding in findings], as_json=as_json)
    if wrong := [finding.what for finding in findings if finding.remedy]:
        raise Failed(f"to be mended: {', '.join(wrong)}")


def _findings(settings: Settings) -> Iterable[Finding]:
    yield Finding("settings", f"bus {settings.bus}, store {settings.store}, org {settings.org}")
    addresses = _running(settings)
    if isinstance(settings.store, EmbeddedStore):
        yield _directory(settings.store)
    yield _store(settings, addresses)
    if settings.brokers:
        yield from _topics(settings)
    yield _listening("receive.listen", settings.receive.listen, addresses.grpc if addresses else "")
    yield _listening("receive.http_listen", settings.receive.http_listen, addresses.http if addresses else "")
    if listen := settings.query_listen:
        yield _listening("query.listen", listen, addresses.query if addresses else "")
    for name, store in settings.deliver.stores.items():
        if store.scheme == "kafka":  # the topics were looked at
            continue
        yield _downstream(name, store)
    for plugin in (*discover(PROCESSORS), *discover(LEARNERS)):
        yield _plugin(plugin)


def _running(settings: Settings) -> Addresses | None:
    if isinstance(settings.store, EmbeddedStore):
        return running(settings.store.path)
    # A collector on a served store writes its addresses down nowhere; if it is there, it has the configured ones.
    if settings.query_listen and pings(settings.query_listen):
        return Addresses(0, settings.receive.listen, settings.query_listen, settings.receive.http_listen)
    return None


def _directory(store: EmbeddedStore) -> Finding:
    existing = next(path for path in (store.path, *store.path.parents) if path.exists())
    try:
        free = shutil.disk_usage(existing).free
    except OSError as error:
        return Finding("disk", str(error), f"choose another directory: store = 'chdb:///…' is {str(store)!r}")
    remedy = "" if free >= ENOUGH_BYTES else f"free some space, or choose another directory than {str(store)!r}"
    return Finding("disk", f"{free / 1024**3:.1f} GiB free for {store.path}", remedy)


def _store(settings: Settings, addresses: Addresses | None) -> Finding:
    store = settings.store
    if isinstance(store, EmbeddedStore) and not store.path.exists():
        return Finding("store", "no data yet; the first 'spanwise up' makes the tables")
    try:
        applied = int(query(settings, "SELECT uniqExact(Number) FROM migrations", "TabSeparated"))
    except Failed as error:
        return Finding("store", str(error).splitlines()[0], _store_remedy(settings))
    missing = len(migrations()) - applied
    where = _where(store, addresses)
    return Finding("store", f"{where}, {applied} migrations applied", "run 'spanwise migrate'" if missing > 0 else "")


def _where(store: EmbeddedStore | ServedStore, addresses: Addresses | None) -> str:
    if isinstance(store, ServedStore):
        return f"served on {store.address}"
    return "served by the running collector" if addresses else "opened"


def _store_remedy(settings: Settings) -> str:
    if isinstance(settings.store, EmbeddedStore):
        return "run 'spanwise migrate'"
    return f"see that {settings.store.address} runs and that store has the right user and password; 'spanwise migrate'"


def _topics(settings: Settings) -> Iterable[Finding]:
    # Loading Kafka's client takes a moment, and few need it.
    from spanwise.collector.bus.kafka.connection import Connection  # noqa: PLC0415
    from spanwise.collector.bus.kafka.topics import check_topics  # noqa: PLC0415

    try:
        complaints = asyncio.run(check_topics(Connection(settings.brokers, settings.kafka), settings.kafka))
    except Busy as error:
        yield Finding("bus", str(error), "see that the brokers run, and that bus and [kafka] name them as they listen")
        return
    for one in complaints:
        yield Finding(f"topic {one.topic}", one.found, one.remedy)
    if not complaints:
        yield Finding("topics", f"all there, with {settings.kafka.topic_prefix!r} before their names")


def _listening(setting: str, address: str, served: str) -> Finding:
    if served:
        return Finding(setting, f"{served}, by the running collector")
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            return Finding(setting, f"{address}: {error.strerror}", f"choose another port in {setting}")
    return Finding(setting, f"{address} is free")


def _downstream(name: str, store: StoreSettings) -> Finding:
    # Loading the stores' clients takes a moment, and few need them.
    from spanwise.collector.deliver.delivery import reachable  # noqa: PLC0415

    what, remedy = f"store {name}", f"see that it runs, and what deliver.stores.{name} says of it"
    try:
        found = asyncio.run(reachable(name, store))
    except (Busy, Rejected) as error:
        return Finding(what, str(error), remedy)
    return Finding(what, found)


def _plugin(plugin: Plugin) -> Finding:
    name = f"{plugin.entry_point.group.rpartition('.')[2].removesuffix('s')} {plugin.name}"
    try:
        plugin.entry_point.load()
    except Exception as error:  # noqa: BLE001 (a stranger's module may raise anything)
        return Finding(name, f"{type(error).__name__}: {error}", f"mend or uninstall {plugin.entry_point.value}")
    return Finding(name, plugin.entry_point.value)
