"""The four traps of reading traces again, and what keeps the loop out of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from spanwise.collector.roles.schedule import Patience
from spanwise.collector.store import Store
from spanwise.collector.store.progress import unprocessed
from tests.roles.loop import model_call, probe, running_loop, until

REMEMBER = ("user", "Remember that I prefer metric units.")
FORGET = ("user", "Forget that I prefer metric units.")
HELLO = ("assistant", "Noted.")


async def test_history_repeats_itself_and_is_one_piece_of_evidence(store: Store, org: str) -> None:
    """Ten traces of a conversation, each with the whole conversation so far in each of three calls."""
    async with running_loop(store, org) as loop:
        for trace in range(1, 11):
            history = [REMEMBER, *[HELLO, ("user", "and now?")] * trace]
            await loop.send(*(model_call(*history, trace=trace, conversation="c1") for _ in range(3)))
        await until(loop.processed)
        assert await loop.signals("memory.explicit") == [REMEMBER[1]]
        assert await loop.updates() == ["The user prefers metric units."]


async def test_a_processor_sees_the_earlier_traces_of_the_conversation(store: Store, org: str) -> None:
    """Some agents send only the newest message."""
    async with running_loop(store, org, processors=[probe("turns")]) as loop:
        for trace, words in enumerate(["one", "two", "three"], 1):
            await loop.send(model_call(("user", words), trace=trace, conversation="c1"))
            await until(loop.processed)
        await loop.send(model_call(("user", "elsewhere"), trace=9, conversation="c2"))
        await until(loop.processed)
        assert await loop.signals("probe") == ["elsewhere", "one", "one | two", "one | two | three"]


async def test_what_was_said_in_one_trace_is_taken_back_in_the_next(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        await loop.send(model_call(REMEMBER, trace=1, conversation="c1"))
        await until(loop.processed)
        await loop.send(model_call(FORGET, trace=2, conversation="c1"))
        await until(loop.processed)
        operations = await store.query(
            "SELECT Operation, Status FROM context_updates WHERE Org = {org:String} ORDER BY Position", {"org": org}
        )
        assert list(operations) == [("add", "active"), ("retract", "retired")]


async def test_a_trace_that_never_ends_is_not_read_after_every_batch(store: Store, org: str) -> None:
    patience = Patience(pause_per_span=0.001)
    async with running_loop(store, org, processors=[probe("spans")], patience=patience) as loop:
        for _ in range(60):
            await loop.send(*(model_call(("user", "go on"), trace=1) for _ in range(20)))
        await until(loop.processed)
        read = [int(quote.split()[0]) for quote in await loop.signals("probe")]
        assert max(read) == 1200
        assert sum(read) <= 4 * 1200


async def test_a_crash_between_storing_and_processing_loses_no_lesson(store: Store, org: str) -> None:
    async with running_loop(store, org, process=False) as crashed:  # its notices die with it
        await crashed.send(model_call(REMEMBER, trace=1))
    async with running_loop(store, org) as loop:
        await until(loop.processed)
        assert await loop.updates() == ["The user prefers metric units."]
    assert not [trace for trace, _, _ in await unprocessed(store, 1000) if trace.org == org]


async def test_spans_that_came_after_the_last_reading_are_taken_up_as_well(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        await loop.send(model_call(("user", "hello"), trace=1))
        await until(loop.processed)
    async with running_loop(store, org, process=False) as crashed:
        await crashed.send(model_call(("user", "hello"), REMEMBER, trace=1))
    async with running_loop(store, org) as loop:
        await until(loop.processed)
        assert await loop.updates() == ["The user prefers metric units."]


async def test_the_user_may_become_known_last(store: Store, org: str) -> None:
    """The span that names the user is the outermost one, which ends last."""
    async with running_loop(store, org) as loop:
        root = model_call(trace=1)
        await loop.send(model_call(REMEMBER, trace=1, user="", parent_span_id=root.span_id))
        await until(loop.processed)
        await loop.send(root)
        await until(loop.processed)
        rows = await store.query(
            "SELECT AgentName, UserId, Status FROM context WHERE Org = {org:String} ORDER BY UserId", {"org": org}
        )
        assert list(rows) == [("desk", "", "retired"), ("", "ada", "active")]


async def test_a_replay_changes_nothing_and_says_how_far_it_is(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        for trace in range(1, 4):
            await loop.send(model_call(("user", f"Remember that I like number {trace}."), trace=trace))
        await until(loop.processed)
        before = await loop.updates()
        steps = [step async for step in loop.processing.replay(org, datetime.fromtimestamp(0, UTC))]
        assert (steps[-1].traces_total, steps[-1].traces_done) == (3, 3)
        assert (steps[-1].signals_new, steps[-1].updates_new) == (0, 0)
        assert await loop.updates() == before


async def test_requests_sent_twice_are_stored_once(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        spans = [model_call(REMEMBER, trace=1)]
        await asyncio.gather(*(loop.send(*spans) for _ in range(5)))
        await loop.send(*spans)
        ((stored,),) = await store.query("SELECT count() FROM otel_traces WHERE Org = {org:String}", {"org": org})
        assert stored == 1
