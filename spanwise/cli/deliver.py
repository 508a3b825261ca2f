"""`spanwise deliver`: the downstream stores."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Annotated

import typer

from spanwise.cli.connection import doors
from spanwise.cli.failures import Failed
from spanwise.cli.options import Config, Json, Org
from spanwise.cli.output import console, say, show
from spanwise.collector.settings import Settings, load_settings
from spanwise.v1 import delivery_pb2 as wire
from spanwise.v1.delivery_pb2_grpc import DeliveryServiceStub

app = typer.Typer(no_args_is_help=True, help="Downstream stores: how they are doing, and whether they are right.")


@app.command("list")
def list_(org: Org = "", as_json: Json = False, config: Config = None) -> None:
    """Every store: its position in the log, how far it is behind, and why it stands still."""
    stores = asyncio.run(_stores(load_settings(config), org))
    show([_row(one) for one in stores], as_json=as_json, empty="no stores are configured in deliver.stores")


@app.command()
def verify(
    name: Annotated[str, typer.Argument(help="As 'list' shows it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only compare; fails if anything differs.")] = False,
    org: Annotated[str, typer.Option("--org", help="Only this organisation; all if not given.")] = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Compare a store with the log, and mend what is missing, different or too much there."""
    settings = load_settings(config)
    records, differences = asyncio.run(_verified(settings, name, _organisations(settings, org), mend=not dry_run))
    rows = [
        {"what": one.what, "org": one.organisation, "record": one.record_id, "fields": list(one.fields)}
        for one in differences
    ]
    if rows or as_json:
        show(rows, as_json=as_json)
    counts = ", ".join(f"{count:,} {what}" for what, count in Counter(one.what for one in differences).items())
    found = f"{records:,} records compared: {counts or 'nothing differs'}"
    if dry_run and differences:
        raise Failed(f"{found}; without --dry-run it is mended")
    if not as_json:
        say(f"{found}{'; mended' if differences else ''}.")


@app.command()
def refill(
    name: Annotated[str, typer.Argument(help="As 'list' shows it.")],
    org: Annotated[str, typer.Option("--org", help="Only this organisation; all if not given.")] = "",
    config: Config = None,
) -> None:
    """Tell a store that cannot be compared, such as a webhook, everything once more."""
    settings = load_settings(config)
    records = asyncio.run(_refilled(settings, name, _organisations(settings, org)))
    say(f"{records:,} records told once more; 'spanwise dead-letters list' shows those that were refused.")


def _organisations(settings: Settings, org: str) -> list[str]:
    """Where credentials are configured, each sees its own organisation."""
    return [org] if org else sorted({one.org for one in settings.receive.every_credential}) or [settings.org]


async def _stores(settings: Settings, org: str) -> list[wire.Store]:
    first = org or _organisations(settings, "")[0]
    async with doors(settings, first) as opened:
        service = DeliveryServiceStub(opened.channel)
        return list((await service.ListStores(wire.ListStoresRequest(), metadata=opened.metadata)).stores)


async def _verified(
    settings: Settings, name: str, organisations: list[str], *, mend: bool
) -> tuple[int, list[wire.StoreDifference]]:
    records, differences = 0, list[wire.StoreDifference]()
    request = wire.VerifyStoreRequest(name=name, mend=mend)
    with console(stderr=True).status("Comparing") as status:
        for org in organisations:
            async with doors(settings, org) as opened:
                stream = DeliveryServiceStub(opened.channel).VerifyStore(request, metadata=opened.metadata)
                async for found in stream:
                    records += found.records
                    differences += found.differences
                    status.update(f"Comparing: {records:,} records, {len(differences):,} differences")
    return records, differences


async def _refilled(settings: Settings, name: str, organisations: list[str]) -> int:
    records = 0
    request = wire.RefillStoreRequest(name=name)
    with console(stderr=True).status("Telling") as status:
        for org in organisations:
            async with doors(settings, org) as opened:
                async for told in DeliveryServiceStub(opened.channel).RefillStore(request, metadata=opened.metadata):
                    records += told.records
                    status.update(f"Telling: {records:,} records")
    return records


def _row(store: wire.Store) -> dict[str, object]:
    return {
        "store": store.name,
        "kind": store.kind,
        "position": store.position,
        "behind": store.behind,
        "seconds": round(store.seconds_behind, 1),
        "error": store.error,
    }
