"""What a conversation was told is known from its system instructions, and teaches nothing again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.render import ID
from spanwise.collector.conversation import assemble
from spanwise.collector.model import Record, Scope
from spanwise.collector.store import Store
from spanwise.processors.models.exposure import exposures
from tests.requests import attribute
from tests.roles.loop import Loop, model_call, running_loop, until
from tests.spans import make_span

EXPOSURES = """
SELECT ConversationId, Details['record'], Details['line'], SaidBy FROM signals FINAL
WHERE Org = {org:String} AND Kind = 'context.exposure' ORDER BY ALL
"""


def instructed(span: Span, instructions: str) -> Span:
    """In the attribute of the conventions."""
    parts = [{"type": "text", "content": instructions}]
    span.attributes.append(attribute("gen_ai.system_instructions", json.dumps(parts)))
    return span


async def exposed(loop: Loop) -> Sequence[tuple[Any, ...]]:
    return [tuple(row) for row in await loop.store.query(EXPOSURES, {"org": loop.org})]


async def learned_from_ada(loop: Loop) -> tuple[Record, str]:
    """The memory that ada gave in a conversation, and the section that her next runs are given."""
    await loop.send(model_call(("user", "Remember that I prefer metric units."), trace=1, conversation="first"))
    await until(loop.processed)
    answer = await ContextDesk(loop.log).get(Scope("desk", loop.org, "ada"))
    (record,) = answer.records
    return record, answer.prompt_section


@pytest.mark.parametrize("as_message", [False, True], ids=["attribute", "message"])
async def test_each_record_that_a_conversation_was_told_is_one_signal(store: Store, org: str, as_message: bool) -> None:
    async with running_loop(store, org) as loop:
        record, section = await learned_from_ada(loop)
        for trace, said in enumerate(("Hello.", "And tomorrow?"), start=2):
            if as_message:
                call = model_call(("system", section), ("user", said), trace=trace, conversation="second")
            else:
                call = instructed(model_call(("user", said), trace=trace, conversation="second"), section)
            await loop.send(call)
        await until(loop.processed)
        assert await exposed(loop) == [("second", record.id, "- The user prefers metric units.", "system")]


async def test_what_an_agent_reads_back_is_no_evidence(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        before, section = await learned_from_ada(loop)
        line = "The user prefers metric units."
        recited = model_call(
            ("system", section),
            ("user", "What do you know about me?"),
            ("assistant", f"You asked: remember that I prefer metric units. {line}"),
            ("tool", f"recall_memory: Remember that I prefer metric units. [{before.id[:ID]}]"),
            ("user", f"- {line} [{before.id[:ID]}]"),
            trace=2,
            conversation="second",
        )
        await loop.send(recited, instructed(model_call(("user", "Hi."), trace=3, conversation="third"), section))
        await until(loop.processed)
        (after,) = await loop.log.records(Scope("desk", org, "ada"))
        assert len(await exposed(loop)) == 2
    assert (after.evidence, after.position) == (before.evidence, before.position)


async def test_ids_that_no_record_of_theirs_has_are_not_claimed(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        record, section = await learned_from_ada(loop)
        others = model_call(("user", "Hello."), trace=2, conversation="bobs", user="bob")
        unknown = model_call(("user", "Hello."), trace=3, conversation="hers")
        await loop.send(instructed(others, section), instructed(unknown, "- The build failed. [0123abcd] [deadbeef]"))
        quoted = model_call(("user", f"What does [{record.id[:ID]}] mean?"), trace=4, conversation="asked")
        await loop.send(quoted)
        await until(loop.processed)
        assert await exposed(loop) == []


def test_several_ids_stand_on_one_line_however_long_it_is() -> None:
    instructions = "x" * 200_000 + " - tea [0123abcd]; - milk [4567cdef]\n- rum [0123abcd]"
    trace = assemble("acme", "t1", [make_span(system_instructions=instructions)], [])
    first, second = exposures(trace)
    assert (first.details["id"], second.details["id"]) == ("0123abcd", "4567cdef")
    assert first.details["line"].endswith("x - tea")
    assert len(first.details["line"]) <= 500


async def test_an_erased_record_is_none(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        record, section = await learned_from_ada(loop)
        await store.query(
            "ALTER TABLE context_updates UPDATE Operation = 'erase' WHERE RecordId = {id:String} "
            "SETTINGS mutations_sync = 2",
            {"id": record.id},
        )
        await loop.send(instructed(model_call(("user", "Hello."), trace=2, conversation="second"), section))
        await until(loop.processed)
        assert await exposed(loop) == []
