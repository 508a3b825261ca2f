"""`spanwise dead-letters`: what could not be stored, why, and once more from the start."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spanwise.cli.failures import Failed
from spanwise.cli.options import Config, Json
from spanwise.cli.output import say, show
from spanwise.cli.undelivered import redelivered, undelivered, undelivered_row
from spanwise.collector.settings import Settings, load_settings

if TYPE_CHECKING:
    from spanwise.collector.bus.kafka.connection import Connection
    from spanwise.collector.bus.kafka.dead_letters import DeadLetter

app = typer.Typer(no_args_is_help=True, help="Records that could not be handled: look at them, and replay them.")

Ids = Annotated[list[str] | None, typer.Argument(help="Such as spanwise.spans/0/17.", show_default=False)]


@app.command("list")
def list_(as_json: Json = False, config: Config = None) -> None:
    """Every dead letter: where it was, why it was given up, and how large it is.

    Those of downstream stores are named by the store and the update's position; their content is in the log alone.
    """
    settings = load_settings(config)
    rows = [_row(letter) for letter in asyncio.run(_read(settings)).values()] if _has_topic(settings) else []
    rows += [undelivered_row(one) for one in undelivered(settings)]
    show(rows, as_json=as_json, empty="no dead letters")


@app.command("show")
def show_(
    letter_id: Annotated[str, typer.Argument(metavar="ID", help="As 'list' shows it.")],
    as_bytes: Annotated[bool, typer.Option("--bytes", help="Its exact bytes, and nothing else.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """One dead letter, with all that is known of it."""
    settings = load_settings(config)
    if refused := [one for one in undelivered(settings) if one.id == letter_id]:
        show([{**undelivered_row(one), "update": one.update_id} for one in refused], as_json=as_json)
        return
    (letter,) = _chosen(asyncio.run(_read(settings)), [letter_id])
    if as_bytes:
        sys.stdout.buffer.write(letter.record.value)
        return
    headers = {name: value.decode("utf-8", "backslashreplace") for name, value in letter.record.headers.items()}
    show([{**_row(letter), "key": letter.record.key.hex(), "headers": headers}], as_json=as_json)


@app.command()
def replay(
    ids: Ids = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    config: Config = None,
) -> None:
    """Put dead letters back on the topics that they come from, once what was wrong is mended."""
    if bool(ids) is everything:
        raise typer.BadParameter("name the dead letters, or give --all", param_hint="ID")
    settings = load_settings(config)
    refused = [one.id for one in undelivered(settings) if everything or one.id in (ids or ())]
    others = [one for one in ids or () if one not in refused]
    if others or (everything and settings.brokers):
        letters = asyncio.run(_read(settings))
        chosen = list(letters.values()) if everything else _chosen(letters, others)
        asyncio.run(_replay(settings, chosen))
        say(f"{len(chosen):,} records are on their topics again.")
    if refused:
        delivered = redelivered(settings, refused)
        say(f"{len(delivered):,} of {len(refused):,} updates are delivered now.")
        if len(delivered) < len(refused):
            raise Failed("the others were refused again; see 'spanwise dead-letters list'")


def _row(letter: DeadLetter) -> dict[str, Any]:
    size = len(letter.record.value)
    return {
        "id": letter.id,
        "part": "some spans" if letter.part else "all",
        "bytes": size,
        "group": letter.group,
        "reason": letter.reason,
    }


def _has_topic(settings: Settings) -> bool:
    """True as well where there are no dead letters of either kind, so that this is said."""
    return bool(settings.brokers) or not settings.deliver.stores


def _chosen(letters: Mapping[str, DeadLetter], ids: Sequence[str]) -> Sequence[DeadLetter]:
    if missing := [one for one in ids if one not in letters]:
        raise Failed(f"there is no dead letter {', '.join(missing)}; see 'spanwise dead-letters list'")
    return [letters[one] for one in ids]


async def _read(settings: Settings) -> Mapping[str, DeadLetter]:
    # Loading Kafka's client takes a moment, and few commands need it.
    from spanwise.collector.bus.kafka.dead_letter_topic import read_dead_letters  # noqa: PLC0415

    return await read_dead_letters(_connection(settings), settings.kafka)


async def _replay(settings: Settings, letters: Sequence[DeadLetter]) -> None:
    from spanwise.collector.bus.kafka.dead_letter_topic import replay as put_back  # noqa: PLC0415

    await put_back(_connection(settings), settings.kafka, letters)


def _connection(settings: Settings) -> Connection:
    from spanwise.collector.bus.kafka.connection import Connection  # noqa: PLC0415

    if not settings.brokers:
        raise Failed(f"bus = {settings.bus!r} has no such dead letters: what cannot be stored is told to its sender")
    return Connection(settings.brokers, settings.kafka)
