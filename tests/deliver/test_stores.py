"""What every downstream store promises, on real ones: exactly what the log says, whatever breaks on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from spanwise.collector.deliver import DownstreamStore, Key, Refusal
from spanwise.collector.deliver.letters import Letter
from spanwise.collector.deliver.selection import Selection
from spanwise.collector.deliver.verifying import Difference, verify
from spanwise.collector.errors import Busy
from spanwise.collector.model import RecordKind, Status
from tests.deliver.backends import Backend
from tests.deliver.conftest import READABLE
from tests.deliver.examples import History, until

SECRET = "zorblax7731"
PARTICULAR = ("postgres", "webhook", "kafka")
"""Redis and files take everything."""


async def equal(history: History, backend: Backend, selection: Selection | None = None) -> bool:
    held, truth = await backend.contents(), await history.truth(selection)
    # A topic has updates, of which each names what its record became.
    return {key: {name: truth[key][name] for name in held[key]} for key in truth if key in held} == held and (
        truth.keys() == held.keys()
    )


def in_order(seen: Sequence[tuple[Key, int]]) -> bool:
    """True if no record was told something old after something new, nor the same twice."""
    positions: dict[Key, list[int]] = defaultdict(list)
    for key, position in seen:
        positions[key].append(position)
    return all(sorted(set(told)) == told for told in positions.values())


async def nobody(refusals: Sequence[Refusal]) -> None:
    assert not refusals


async def test_it_is_filled_from_history_and_then_follows(history: History, backend: Backend) -> None:
    first = await history.say("She prefers metric units.")
    await history.say("He likes trains.", "bob")
    gone = await history.say("She lives in Rome.")
    await history.retract(gone)
    follower = history.follower(backend.name, backend.open)
    async with history.following(follower):
        await until(lambda: equal(history, backend))
        assert len(await backend.contents()) == 2
        await history.say("He lives in Paris.", "bob", agent="desk")
        await history.reword(first, "She prefers imperial units.")
        await until(lambda: equal(history, backend))
        assert len(await backend.contents()) == 3
    assert in_order(await backend.seen())


async def test_applying_again_changes_nothing(history: History, backend: Backend) -> None:
    record = await history.say("one")
    await history.reword(record, "two")
    await history.retract(await history.say("three"))
    end = await history.reader.end()
    page = await history.reader.page(end - 4, end, history.selection)
    async with backend.open() as store:
        await store.apply(page.changes, page.reached, nobody)
        told, held = await backend.seen(), await backend.contents()
        await store.apply(page.changes, page.reached, nobody)
        await store.apply(page.changes[:1], page.changes[0].position, nobody)
    async with backend.open() as store:
        assert await store.position() == end
        await store.apply(page.changes, page.reached, nobody)
    assert (await backend.seen(), await backend.contents()) == (told, held)
    assert await equal(history, backend)


async def test_the_changes_of_a_record_come_in_order(history: History, backend: Backend) -> None:
    records = [await history.say(f"number {number}", f"user-{number}") for number in range(5)]
    async with history.following(history.follower(backend.name, backend.open)):
        for turn in range(8):
            for record in records:
                await history.reword(record, f"{record[:4]} for the {turn}th time")
        await until(lambda: equal(history, backend))
    seen = await backend.seen()
    assert len({key for key, _ in seen}) == 5
    assert in_order(seen)


async def test_it_gets_what_its_filter_lets_through(history: History, backend: Backend) -> None:
    chosen = replace(
        history.selection,
        users=frozenset({"ada"}),
        kinds=frozenset({RecordKind.MEMORY}),
        statuses=frozenset({Status.ACTIVE, Status.PROPOSED}),
    )
    mine = await history.say("mine")
    await history.say("his", "bob")
    await history.say("an instruction", kind=RecordKind.INSTRUCTION)
    await history.say("to be decided", status=Status.PROPOSED)
    async with history.following(history.follower(backend.name, backend.open, chosen)):
        await until(lambda: equal(history, backend, chosen))
        assert {held["content"] for held in (await backend.contents()).values()} == {"mine", "to be decided"}
        await history.retract(mine)
        await until(lambda: equal(history, backend, chosen))
        assert {held["content"] for held in (await backend.contents()).values()} == {"to be decided"}


async def test_what_is_erased_leaves_no_byte(history: History, backend: Backend) -> None:
    record = await history.say(f"Her favourite tea is {SECRET}.")
    await history.say("She has two dogs.")
    async with history.following(history.follower(backend.name, backend.open)):
        await until(lambda: equal(history, backend))
        assert await backend.holds_bytes(SECRET.encode()), "or the search would find nothing in any case"
        await history.erase(record)
        await until(lambda: equal(history, backend))
        await until(lambda: _gone(backend))
    assert len(await backend.contents()) == 1


async def _gone(backend: Backend) -> bool:
    return not await backend.holds_bytes(SECRET.encode())


@pytest.mark.parametrize("backend", PARTICULAR, indirect=True)
async def test_what_it_can_never_take_is_a_dead_letter_and_its_neighbours_arrive(
    history: History, backend: Backend
) -> None:
    await history.say("before")
    poison = await history.say(backend.poison)
    await history.say("after")
    async with history.following(history.follower(backend.name, backend.open)):
        await until(lambda: _holds(backend, 2))
        assert {held["content"] for held in (await backend.contents()).values()} == {"before", "after"}

        async def letters() -> list[Letter]:
            return [one for one in await history.letters.unsettled() if one.store == backend.name]

        await until(letters)
        (letter,) = await letters()
        assert (letter.key, bool(letter.reason)) == (Key(history.org, poison), True)
        await history.reword(poison, "harmless")
        await until(lambda: _holds(backend, 3))


async def _holds(backend: Backend, records: int) -> bool:
    return len(await backend.contents()) == records


async def test_a_store_that_fails_delays_no_other(history: History, backend: Backend) -> None:
    @asynccontextmanager
    async def away() -> AsyncIterator[DownstreamStore]:
        raise Busy("it is away")
        yield

    failing, good = history.follower("away", away), history.follower(backend.name, backend.open)
    async with history.following(failing, good):
        await history.say("delivered all the same")
        await until(lambda: equal(history, backend))

        async def told() -> bool:
            return failing.behind > 0 == good.behind

        await until(told)
        assert (failing.progress.error, good.progress.error) == ("it is away", "")


async def test_it_catches_up_after_it_was_away(history: History, backend: Backend) -> None:
    follower = history.follower(backend.name, backend.open)
    record = await history.say("before")
    async with history.following(follower):
        await until(lambda: equal(history, backend))
        await backend.stop()
        try:
            await history.reword(record, "meanwhile")
            await history.say("more")

            async def noticed() -> bool:
                return bool(follower.progress.error) and follower.behind > 0 and follower.seconds_behind > 0

            await until(noticed)
        finally:
            await backend.start()
        await until(lambda: equal(history, backend))
        await history.say("after")
        await until(lambda: equal(history, backend))
    assert in_order(await backend.seen())


@pytest.mark.parametrize("backend", READABLE, indirect=True)
async def test_verifying_finds_and_mends_what_differs(history: History, backend: Backend) -> None:
    records = [await history.say(f"number {number}", f"user-{number % 3}") for number in range(7)]
    follower = history.follower(backend.name, backend.open)
    async with history.following(follower):
        await until(lambda: equal(history, backend))
        missing, different, extra = (Key(history.org, one) for one in (records[1], records[2], "f" * 32))
        await backend.plant(history.org, missing, different, extra)
        planted = {(missing, "missing"), (different, "different"), (extra, "extra")}
        assert await differences(history, follower, mend=False) == planted
        assert await differences(history, follower, mend=True) == planted
        assert await differences(history, follower, mend=False) == set()
        assert await equal(history, backend)
        await history.reword(records[2], "after all that")
        await until(lambda: equal(history, backend))


async def differences(history: History, follower: object, *, mend: bool) -> set[tuple[Key, str]]:
    found: list[Difference] = []
    async for compared in verify(follower, history.reader, history.org, mend=mend):  # type: ignore[arg-type]  # as it was made
        found += compared.differences
    return {(one.key, one.what) for one in found}
