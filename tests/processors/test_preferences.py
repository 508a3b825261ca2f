"""A hint at how somebody likes to be answered is chance; the same wish in other conversations is worth a suggestion."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from spanwise.collector.store import Store
from spanwise.processors import Intent, Origin, Scope, Signal, Status
from spanwise.processors.learn.preference import preferences
from spanwise.processors.user.preference import implicit_preferences
from tests.processors.conversations import ADA, context, conversation, said_by
from tests.requests import attribute
from tests.roles.loop import Loop, model_call, running_loop, until

ANSWER = (Origin.ASSISTANT, "The train leaves at nine, from the old station, and it takes about two hours.")


def hint(said: str, *, scope: Scope = ADA) -> Signal:
    [signal] = implicit_preferences(conversation("Which train?", ANSWER, said, scope=scope))
    return signal


@pytest.mark.parametrize(
    ("said", "otherwise", "content"),
    [
        ("Can you put that in a table?", "as a table please", "The user prefers answers with a table."),
        ("shorter please", "make it brief", "The user prefers short answers."),
        (
            "skip the explanations",
            "just the times please, no essay",
            "The user prefers short answers, without background.",
        ),
        ("in euros please", "can you use eur", "The user prefers euros."),
    ],
)
def test_the_same_wish_in_other_words_is_the_same_suggestion(said: str, otherwise: str, content: str) -> None:
    [first], [second] = ([*preferences([hint(words)], context())] for words in (said, otherwise))
    assert first.record_id == second.record_id
    assert (first.content, first.status, first.intent) == (content, Status.PROPOSED, Intent.IMPLICIT)
    assert first.scope == Scope(org="acme", user="ada")


def test_nothing_is_suggested_for_nobody_or_by_anybody_but_a_user() -> None:
    signal = hint("as a table please")
    assert not list(preferences([said_by(signal, Origin.AGENT)], context()))
    assert not list(preferences([replace(signal, scope=Scope(org="acme"))], context()))
    assert not list(preferences([replace(signal, details={"aspect": "units", "value": ""})], context()))


async def test_a_hint_is_proposed_once_it_has_recurred(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        statuses = [
            await _status_after(loop, org, trace, words)
            for trace, words in enumerate(["as a table please", "in a table pls"], 1)
        ]
    assert statuses == [Status.NOTED, Status.PROPOSED]


async def _status_after(loop: Loop, org: str, trace: int, words: str) -> Status:
    asked = model_call(("user", "Which train?"), trace=trace, conversation=f"c{trace}")
    said = [{"role": "assistant", "parts": [{"type": "text", "content": ANSWER[1]}]}]
    asked.attributes.append(attribute("gen_ai.output.messages", json.dumps(said)))
    history = ("user", "Which train?"), ("assistant", ANSWER[1]), ("user", words)
    later = asked.start_time_unix_nano + 10**6
    await loop.send(asked, model_call(*history, trace=trace, conversation=f"c{trace}", start=later))
    await until(loop.processed)
    [record] = (await loop.log.context_for(Scope(org=org, user="ada"))).records
    return record.status
